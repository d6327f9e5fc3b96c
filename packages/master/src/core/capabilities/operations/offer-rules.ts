/** What the offers named in an ACCEPT must have in common. First rule that fails wins. */
import type { OfferId } from '@mesolite/base';
import type { MasterContext } from '../../context.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';

export function offersError(
  context: MasterContext,
  framework: FrameworkRecord,
  ids: readonly string[],
): string | undefined {
  if (ids.length === 0) return 'No offers specified';
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) return `Duplicate offer ${id} in offer list`;
    seen.add(id);
  }
  const offers = [];
  for (const id of ids) {
    const offer = context.state.offers.get(id as OfferId);
    if (offer === undefined) return `Offer ${id} is no longer valid`;
    offers.push(offer);
  }
  for (const offer of offers)
    if (offer.frameworkId !== framework.id)
      return `Offer ${offer.id} has invalid framework ${offer.frameworkId} while framework ${framework.id} is expected`;
  const [first] = offers;
  for (const offer of offers)
    if (offer.role !== first?.role)
      return (
        `Aggregated offers must be allocated to the same role. Offer ${offer.id} uses role '${offer.role} but ` +
        `another is using role '${first?.role}`
      );
  for (const offer of offers)
    if (offer.agentId !== first?.agentId)
      return (
        `Aggregated offers must belong to one single agent. Offer ${offer.id} uses agent ${offer.agentId} and ` +
        `agent ${first?.agentId}`
      );
  return undefined;
}
