/**
 * Constraints on placement as users write them, `[field, operator]` or `[field, operator, value]`, checked and compiled.
 * Knows nothing of instances. Error texts are those that clients of Marathon see, where it has one.
 */
import { err, ok, type Result } from '@mesolite/base';
import { compilePattern, type Pattern } from './pattern.ts';

export const OPERATORS = ['UNIQUE', 'CLUSTER', 'GROUP_BY', 'LIKE', 'UNLIKE', 'MAX_PER', 'IS'] as const;
export type Operator = (typeof OPERATORS)[number];

export type Constraint = { readonly field: string } & (
  | { readonly operator: 'UNIQUE' }
  /** Without a value: whatever the first instance has. */
  | { readonly operator: 'CLUSTER'; readonly value?: string }
  /** Groups there should be at least before one is used again; 0 when not said. */
  | { readonly operator: 'GROUP_BY'; readonly groups: number }
  | { readonly operator: 'LIKE' | 'UNLIKE'; readonly value: string; readonly pattern: Pattern }
  | { readonly operator: 'MAX_PER'; readonly limit: number }
  | { readonly operator: 'IS'; readonly value: string }
);

/** The constraint that such fields denote; the operator in any case. */
export function parseConstraint(fields: readonly string[]): Result<Constraint> {
  if (fields.length < 2 || fields.length > 3) return err('Each constraint must have either 2 or 3 fields');
  const [field = '', given = '', value] = fields;
  if (field === '') return err('Missing field and operator');
  const operator = OPERATORS.find((known) => known === given.toUpperCase());
  switch (operator) {
    case 'UNIQUE':
      return value === undefined ? ok({ field, operator }) : err('Value specified but not used');
    case 'CLUSTER':
      return ok(value === undefined || value === '' ? { field, operator } : { field, operator, value });
    case 'GROUP_BY': {
      const groups = value === undefined ? 0 : wholeNumber(value);
      return groups === undefined ? err('Value was specified but is not a number') : ok({ field, operator, groups });
    }
    case 'MAX_PER': {
      const limit = value === undefined ? undefined : wholeNumber(value);
      return limit === undefined ? err('Value was not specified or is not a number') : ok({ field, operator, limit });
    }
    case 'LIKE':
    case 'UNLIKE':
      return patternConstraint(field, operator, value);
    case 'IS':
      if (value === undefined || !/^[A-Za-z0-9_/.-]+$/.test(value))
        return err('IS must have a value of letters, digits, _, /, . and -');
      return ok({ field, operator, value });
    default:
      return err(
        `Constraint operator must be one of the following ${OPERATORS.slice(0, -1).join(', ')} or ${OPERATORS.at(-1)}`,
      );
  }
}

/** As written; the operator in capitals. */
export function formatConstraint(constraint: Constraint): string {
  const { field, operator } = constraint;
  switch (operator) {
    case 'GROUP_BY':
      return constraint.groups === 0 ? `${field}:GROUP_BY` : `${field}:GROUP_BY:${constraint.groups}`;
    case 'MAX_PER':
      return `${field}:MAX_PER:${constraint.limit}`;
    case 'UNIQUE':
      return `${field}:UNIQUE`;
    default:
      return constraint.value === undefined ? `${field}:${operator}` : `${field}:${operator}:${constraint.value}`;
  }
}

function patternConstraint(field: string, operator: 'LIKE' | 'UNLIKE', value: string | undefined): Result<Constraint> {
  if (value === undefined || value === '') return err('A regular expression value must be provided');
  const pattern = compilePattern(value);
  if (!pattern.ok) return err(`'${value}' is not a valid regular expression: ${pattern.error}`);
  return ok({ field, operator, value, pattern: pattern.value });
}

/** Of 32 bits, as in the original. */
function wholeNumber(text: string): number | undefined {
  if (!/^[+-]?\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= -(2 ** 31) && value < 2 ** 31 ? value : undefined;
}
