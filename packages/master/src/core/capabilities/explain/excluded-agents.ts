/**
 * Which agents the offer constraints of frameworks exclude, and which roles they suppressed: whatever else stands between
 * them. A pure read, in steps; what comes or goes in between may be in the answer or not.
 *
 * Departs from Mesos: one framework may be asked for, and an answer has a limit.
 */
import { err, ok, type Result } from '@mesolite/base';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import type { ExplainSource } from './explain.ts';
import type { QueryRefusal } from './find-framework.ts';

/** Excluded agents in one answer, in sum over frameworks and roles. */
export const MAX_EXCLUSIONS = 500_000;

/** Agents looked at in one step. */
const AGENTS_PER_STEP = 100;

type FrameworkRow = Readonly<Record<string, unknown>>;

/** `only`: the id of one framework; nothing is told of others. */
export function* excludedAgentsSteps(
  source: Pick<ExplainSource, 'state' | 'explain'>,
  only: string | null,
): Generator<undefined, Result<Readonly<Record<string, unknown>>, QueryRefusal>> {
  const frameworks = new Map<string, FrameworkRow>();
  const room = { exclusions: MAX_EXCLUSIONS, inStep: AGENTS_PER_STEP };
  for (const framework of source.state.frameworks.registered.values()) {
    if (only !== null && framework.id !== only) continue;
    const excluded = new Map<string, readonly string[]>();
    for (const role of [...framework.roles].sort())
      excluded.set(role, yield* excludedIn(source, framework, role, room));
    if (room.exclusions < 0)
      return err({
        status: 400,
        text: `More than ${MAX_EXCLUSIONS} agents are excluded: ask for one framework by the query parameter 'framework_id'`,
      });
    frameworks.set(framework.id, {
      'suppressed_roles': [...framework.suppressedRoles].sort(),
      'excluded_by_attribute_constraints': Object.fromEntries(excluded),
    });
  }
  return ok({ 'frameworks': Object.fromEntries(frameworks) });
}

function* excludedIn(
  { state, explain }: Pick<ExplainSource, 'state' | 'explain'>,
  { id, offerConstraints }: FrameworkRecord,
  role: string,
  room: { exclusions: number; inStep: number },
): Generator<undefined, readonly string[]> {
  const excluded: string[] = [];
  if (offerConstraints?.role_constraints?.[role] === undefined) return excluded;
  let explanation = explain(role, id);
  for (const agentId of state.agents.registered.keys()) {
    if (room.exclusions < 0) break;
    if (--room.inStep <= 0) {
      room.inStep = AGENTS_PER_STEP;
      yield;
      // It may be gone by now.
      explanation = explain(role, id);
    }
    if (explanation?.excludes(agentId) !== true) continue;
    excluded.push(agentId);
    room.exclusions--;
  }
  return excluded;
}
