/** The scheduler API over real sockets: transport rules of the protocol, and a launch in both encodings. */
import { describe, expect, it } from 'vitest';
import { frameworkInfo, task } from './core-harness.ts';
import { type Codec, eventually, startTestMaster, TestAgent, TestScheduler } from './running-master.ts';

const CODECS: readonly Codec[] = ['application/json', 'application/x-protobuf'];

describe.each(CODECS)('a framework that speaks %s', (codec) => {
  it('launches a task and sees its end', async () => {
    const master = await startTestMaster();
    const agent = await TestAgent.register(master);
    const scheduler = await TestScheduler.subscribe(master.port, frameworkInfo(), codec);
    expect(scheduler.events[0]).toMatchObject({
      type: 'SUBSCRIBED',
      subscribed: { heartbeat_interval_seconds: 15, master_info: { pid: master.pid } },
    });
    await eventually('an offer', () => scheduler.offers().length > 0);
    expect(scheduler.events[1]).toEqual({ type: 'HEARTBEAT' });
    const [offer] = scheduler.offers();
    const answer = await scheduler.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: [offer!.id],
        operations: [{ type: 'LAUNCH', launch: { task_infos: [task('t1', agent.id)] } }],
      },
    });
    expect(answer).toMatchObject({ status: 202, text: '' });
    await eventually('the end of the task', () => scheduler.states('t1').includes('TASK_FINISHED'));
    expect(scheduler.states('t1')).toEqual(['TASK_RUNNING', 'TASK_FINISHED']);
    expect((await scheduler.call({ type: 'TEARDOWN' })).status).toBe(202);
    await eventually('the end of the stream', () => scheduler.ended);
    await eventually('the shutdown at the agent', () => agent.shutdowns.includes(scheduler.frameworkId));
  });
});
