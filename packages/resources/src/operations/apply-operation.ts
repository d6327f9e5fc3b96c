/** What resources become by an operation on them. Amounts never change, only what they are set aside for. */
import { err, type Result } from '@mesolite/base';
import type { OfferOperation } from '@mesolite/wire';
import { ResourceQuantities } from '../resource-quantities.ts';
import type { Resources } from '../resources.ts';
import { conversionsOf, convert } from './conversions.ts';

/**
 * `held` after `operation`, which must have passed `upgradeOperation` and the rules of its kind. The error says what is
 * missing, in the words clients of the original see.
 * Departs from Mesos: an operation that would change amounts is refused; the original's process ends there.
 */
export function applyOperation(held: Resources, operation: OfferOperation): Result<Resources> {
  const conversions = conversionsOf(operation);
  if (!conversions.ok) return err(`Cannot get conversions: ${conversions.error}`);
  const result = convert(held, conversions.value);
  if (!result.ok) return result;
  const [before, after] = [ResourceQuantities.of(held), ResourceQuantities.of(result.value)];
  return before.equals(after) ? result : err(`Operation would change amounts from ${before} to ${after}`);
}
