/** An operator takes agents out of service and back. */
import { MasterCall, MasterEvent } from '@mesolite/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MasterClient } from '../src/index.ts';
import { ScriptedServer } from './scripted-server.ts';

describe.each(['protobuf', 'json'] as const)('in %s', (codec) => {
  it('an agent is drained, deactivated, taken back, or gone', async () => {
    const master = await new ScriptedServer(MasterCall, MasterEvent).listen();
    onTestFinished(() => master.close());
    master.answer = (_request, response) => {
      response.writeHead(200).end();
      return true;
    };
    const client = new MasterClient(master.origin, { codec });
    onTestFinished(() => client.close());
    const done = { ok: true, value: undefined };
    expect(await client.drainAgent('A')).toEqual(done);
    expect(await client.drainAgent('A', { maxGraceSeconds: 1.5, markGone: true })).toEqual(done);
    expect(await client.deactivateAgent('A')).toEqual(done);
    expect(await client.reactivateAgent('A')).toEqual(done);
    expect(await client.markAgentGone('A')).toEqual(done);
    const agent_id = { value: 'A' };
    const [plain, timed] = master.calls('DRAIN_AGENT').map(({ drain_agent }) => drain_agent);
    expect(plain).toMatchObject({ agent_id });
    expect(plain?.max_grace_period).toBeUndefined();
    expect(timed).toMatchObject({ agent_id, max_grace_period: { seconds: 1, nanos: 500_000_000 }, mark_gone: true });
    expect(master.calls('DEACTIVATE_AGENT')).toMatchObject([{ deactivate_agent: { agent_id } }]);
    expect(master.calls('REACTIVATE_AGENT')).toMatchObject([{ reactivate_agent: { agent_id } }]);
    expect(master.calls('MARK_AGENT_GONE')).toMatchObject([{ mark_agent_gone: { agent_id } }]);
  });
});
