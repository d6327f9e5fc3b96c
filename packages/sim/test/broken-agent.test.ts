/** Agents that never send an update again: in a network that breaks, the simulation has to find it. */
import { StatusUpdateMessage, wireName } from '@mesolite/wire';
import { expect, it, vi } from 'vitest';

vi.mock('@mesolite/agent/core', async (importOriginal) => {
  const original = await importOriginal<typeof import('@mesolite/agent/core')>();
  class Forgetful extends original.AgentCore {
    readonly #sent = new Set<string>();

    override drain(): ReturnType<InstanceType<typeof original.AgentCore>['drain']> {
      return super.drain().filter((effect) => {
        if (effect.kind !== 'send' || effect.name !== wireName(StatusUpdateMessage)) return true;
        const uuid = Buffer.from(StatusUpdateMessage.decode(effect.body).update.uuid ?? []).toString('hex');
        const isFirst = !this.#sent.has(uuid);
        this.#sent.add(uuid);
        return isFirst;
      });
    }
  }
  return { ...original, AgentCore: Forgetful };
});

it('finds that an update is never heard', { timeout: 120_000 }, async () => {
  const { scenarioNamed, simulate } = await import('../src/index.ts');
  const scenario = { ...scenarioNamed('network')!, restMs: 300_000 };
  for (let seed = 1; seed <= 8; seed++) {
    const { violation } = simulate(scenario, seed);
    if (violation === undefined) continue;
    expect(violation).toContain('without faults');
    return;
  }
  expect.fail('eight seeds found nothing');
});
