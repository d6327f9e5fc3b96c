/** What one instance wants, from the options of `mesolite fit`. Bad ones are named as the other options are. */
import { toMillis } from '@mesolite/base';
import { roleError } from '@mesolite/resources';
import { type Constraint, type Demand, parseConstraint } from '@mesolite/scheduling';
import type { FitOptions } from '../commands/fit.ts';
import { CommandError, USAGE } from '../exit-codes.ts';

/** Throws CommandError. */
export function demandOf(options: FitOptions): Demand {
  return {
    cpuMillis: toMillis(options.cpus),
    memMillis: toMillis(options.mem),
    diskMillis: toMillis(options.disk),
    gpuMillis: toMillis(options.gpus),
    ports: new Array<number>(options.ports).fill(0),
    roles: rolesOf(options.role),
    constraints: (options.constraint ?? []).map(constraint),
  };
}

/** Whose reservations a role may use: its own and those of the roles above it; and `*`, for what nobody has reserved. */
function rolesOf(role: string): string[] {
  if (role === '*') return ['*'];
  const problem = roleError(role);
  if (problem !== undefined) throw invalid('--role <role>', role, problem);
  const parts = role.split('/');
  return ['*', ...parts.map((_, depth) => parts.slice(0, depth + 1).join('/'))];
}

function constraint(text: string): Constraint {
  // What follows the operator is the value, colons and all.
  const [field = '', operator, ...value] = text.split(':');
  const fields = operator === undefined ? [field] : [field, operator];
  const parsed = parseConstraint(value.length === 0 ? fields : [...fields, value.join(':')]);
  if (!parsed.ok) throw invalid('--constraint <field:operator[:value]>', text, parsed.error);
  return parsed.value;
}

function invalid(option: string, text: string, why: string): CommandError {
  return new CommandError(`option '${option}' argument '${text}' is invalid. ${why.replace(/\.$/, '')}.`, USAGE);
}
