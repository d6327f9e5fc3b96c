import type { MasterClient } from '@mesolite/sdk';

/** Names of the resources that are reserved dynamically, on all agents, each as often as it is. */
export async function reservedNames(master: MasterClient): Promise<string[]> {
  const answer = await master.getAgents();
  if (!answer.ok) throw answer.error;
  return (answer.value.agents ?? []).flatMap(({ total_resources: total }) =>
    (total ?? []).filter(({ reservations }) => (reservations ?? []).length > 0).map(({ name }) => name),
  );
}
