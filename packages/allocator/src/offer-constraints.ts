/**
 * Offer constraints of a framework: which agents it may be offered in a role at all, by attributes, hostname, region and
 * zone. One group of a role must hold in full. Patterns run in time linear in the text, whatever they are.
 *
 * Departs from Mesos: the memory limit for a pattern is applied to its length and program size, since this engine does
 * not count memory.
 */
import { err, ok, outgrows, type Result } from '@mesolite/base';
import type {
  Attribute,
  SchedulerAttributeConstraint,
  SchedulerAttributeConstraintPredicate,
  SchedulerAttributeConstraintSelector,
  SchedulerOfferConstraints,
} from '@mesolite/wire';
import { RE2JS } from 're2js';

export interface PatternLimits {
  readonly maxMemoryBytes: number;
  readonly maxProgramSize: number;
}

/** What constraints ask of an agent. */
export interface ConstrainedAgent {
  readonly hostname: string;
  readonly attributes: readonly Attribute[];
  readonly region?: string | undefined;
  readonly zone?: string | undefined;
}

type Subject = Attribute | string | undefined;
type Test = (agent: ConstrainedAgent) => boolean;

/** What the original's engine grants a program of its memory, and reckons for each instruction, about. */
const PROGRAM_PART = 2 / 3;
const INSTRUCTION_BYTES = 32;

/** Constraints of all roles of a framework together; more are refused. */
export const MAX_CONSTRAINTS = 1000;

export class OfferConstraints {
  readonly #roles: ReadonlyMap<string, readonly (readonly Test[])[]>;
  readonly #sizes: ReadonlyMap<string, number>;

  private constructor(roles: ReadonlyMap<string, readonly (readonly Test[])[]>) {
    this.#roles = roles;
    this.#sizes = new Map([...roles].map(([role, groups]) => [role, groups.flat().length]));
  }

  /** Compiles constraints; the error is what clients are told. */
  static create(constraints: SchedulerOfferConstraints, limits: PatternLimits): Result<OfferConstraints, string> {
    const roles = new Map<string, Test[][]>();
    let count = 0;
    for (const [role, { groups }] of Object.entries(constraints.role_constraints ?? {})) {
      if (groups === undefined || groups.length === 0)
        return err(`'OfferConstraints::role_constraints' has an empty 'RoleConstraints::groups' for role ${role}`);
      const tests: Test[][] = [];
      for (const { attribute_constraints: members } of groups) {
        if (members === undefined || members.length === 0)
          return err(
            `'OfferConstraints::RoleConstraints::groups' for role ${role} contains an empty RoleConstraints::Group`,
          );
        const group: Test[] = [];
        for (const member of members) {
          if (++count > MAX_CONSTRAINTS)
            return err(`'OfferConstraints' has more than ${MAX_CONSTRAINTS} 'AttributeConstraint's in all`);
          const test = testOf(member, limits);
          if (!test.ok) return err(`A role ${role} has an invalid 'AttributeConstraint': ${test.error}`);
          group.push(test.value);
        }
        tests.push(group);
      }
      roles.set(role, tests);
    }
    return ok(new OfferConstraints(roles));
  }

  /** Roles that have constraints. */
  get roles(): string[] {
    return [...this.#roles.keys()];
  }

  /** How many constraints there are for `role`. */
  size(role: string): number {
    return this.#sizes.get(role) ?? 0;
  }

  /** Whether the agent must not be offered in `role`. */
  excludes(role: string, agent: ConstrainedAgent): boolean {
    const groups = this.#roles.get(role);
    return groups !== undefined && !groups.some((group) => group.every((test) => test(agent)));
  }
}

function testOf({ selector, predicate }: SchedulerAttributeConstraint, limits: PatternLimits): Result<Test, string> {
  const select = selectorOf(selector);
  if (!select.ok) return select;
  const holds = predicateOf(predicate, limits);
  if (!holds.ok) return holds;
  return ok((agent) => holds.value(select.value(agent)));
}

function selectorOf(
  selector: SchedulerAttributeConstraintSelector,
): Result<(agent: ConstrainedAgent) => Subject, string> {
  const { attribute_name: name, pseudoattribute_type: pseudo } = selector;
  if (name !== undefined) return ok((agent) => agent.attributes.find((attribute) => attribute.name === name));
  switch (pseudo) {
    case 'HOSTNAME':
      return ok((agent) => agent.hostname);
    case 'REGION':
      return ok((agent) => agent.region);
    case 'ZONE':
      return ok((agent) => agent.zone);
    case undefined:
      return err(
        "Exactly one of 'AttributeConstraint::Selector::name' or" +
          " 'AttributeConstraint::Selector::pseudoattribute_type' must be set",
      );
    default:
      return err('Unknown pseudoattribute type');
  }
}

function predicateOf(
  predicate: SchedulerAttributeConstraintPredicate,
  limits: PatternLimits,
): Result<(subject: Subject) => boolean, string> {
  if (predicate.exists !== undefined) return ok((subject) => subject !== undefined);
  if (predicate.not_exists !== undefined) return ok((subject) => subject === undefined);
  if (predicate.text_equals !== undefined) {
    const { value } = predicate.text_equals;
    return ok(onText((text) => text === value, false));
  }
  if (predicate.text_not_equals !== undefined) {
    const { value } = predicate.text_not_equals;
    return ok(onText((text) => text !== value, true));
  }
  const wanted = predicate.text_matches ?? predicate.text_not_matches;
  if (wanted === undefined) return err('Unknown predicate type');
  const pattern = patternOf(wanted.regex, limits);
  if (!pattern.ok) return pattern;
  const positive = predicate.text_matches !== undefined;
  return ok(onText((text) => pattern.value.matches(text) === positive, !positive));
}

/** Attributes that are no texts pass whatever is asked of texts. */
function onText(holds: (text: string) => boolean, whenMissing: boolean): (subject: Subject) => boolean {
  return (subject) => {
    if (subject === undefined) return whenMissing;
    if (typeof subject === 'string') return holds(subject);
    return subject.type !== 'TEXT' || holds(subject.text?.value ?? '');
  };
}

function patternOf(regex: string, { maxMemoryBytes, maxProgramSize }: PatternLimits): Result<RE2JS, string> {
  const failed = (reason: string): Result<never, string> =>
    err(`Failed to construct regex from pattern '${regex}': ${reason}`);
  // The engine writes repetitions out before it can be asked for a size: what is surely too large must not get there.
  const affordable = (maxMemoryBytes * PROGRAM_PART) / INSTRUCTION_BYTES;
  if (regex.length > maxMemoryBytes || outgrows(regex, affordable)) return failed('pattern too large - compile failed');
  if (outgrows(regex, maxProgramSize))
    return err(`Regex '${regex}' is too complex: program size is larger than maximum of ${maxProgramSize} allowed`);
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(regex);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
  const size = pattern.programSize();
  if (size > affordable) return failed('pattern too large - compile failed');
  if (size > maxProgramSize)
    return err(
      `Regex '${regex}' is too complex: program size of ${size} is larger than maximum of ${maxProgramSize} allowed`,
    );
  return ok(pattern);
}
