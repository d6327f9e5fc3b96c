/** A framework by its id, or by its name where only one has it. The error comes with the status to answer with. */
import { err, type FrameworkId, ok, type Result } from '@mesolite/base';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import type { MasterState } from '../../state/state.ts';

/** Ids told of when a name is not enough. */
const LISTED = 5;

export interface QueryRefusal {
  readonly status: 400 | 404;
  readonly text: string;
}

export function findFramework({ frameworks }: MasterState, name: string): Result<FrameworkRecord, QueryRefusal> {
  const byId = frameworks.registered.get(name as FrameworkId);
  if (byId !== undefined) return ok(byId);
  const named = [...frameworks.registered.values()].filter(({ info }) => info.name === name);
  if (named[0] !== undefined && named.length === 1) return ok(named[0]);
  if (named.length > 1) {
    const ids = named.slice(0, LISTED).map(({ id }) => id);
    const text =
      `Invalid 'framework' query parameter '${name}': ${named.length} frameworks are called so, give the id of one: ` +
      `${ids.join(', ')}${named.length > LISTED ? ', …' : ''}`;
    return err({ status: 400, text });
  }
  const ended = [...frameworks.completed.values()].some(({ id, info }) => id === name || info.name === name);
  const why = ended ? `Framework '${name}' has ended` : `No framework is known by the id or name '${name}'`;
  return err({ status: 404, text: why });
}
