/** Maintenance as a scheduler hears of it, and as an operator plans it. */
import {
  type InverseOffer,
  MasterCall,
  MasterEvent,
  MasterResponse,
  SchedulerCall,
  SchedulerEvent,
} from '@mesolite/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MasterClient, SchedulerClient, type SchedulerHandlers } from '../src/index.ts';
import { evenRandom, ManualTime, ScriptedServer, until } from './scripted-server.ts';

const MACHINE = { hostname: 'h', ip: '10.0.0.1' };
const UNAVAILABILITY = { start: { nanoseconds: 5n }, duration: { nanoseconds: 7n } };
const SCHEDULE = { windows: [{ machine_ids: [MACHINE], unavailability: UNAVAILABILITY }] };

function inverseOffer(id: string): InverseOffer {
  return {
    id: { value: id },
    framework_id: { value: 'F' },
    agent_id: { value: 'A' },
    unavailability: UNAVAILABILITY,
  };
}

describe.each(['protobuf', 'json'] as const)('in %s', (codec) => {
  async function subscribed(handlers: SchedulerHandlers) {
    const master = await new ScriptedServer(SchedulerCall, SchedulerEvent).listen();
    onTestFinished(() => master.close());
    const time = new ManualTime();
    const scheduler = new SchedulerClient({
      master: master.origin,
      framework: { user: 'u', name: 'f' },
      codec,
      clock: time,
      timers: time,
      random: evenRandom(),
    }).start(handlers);
    onTestFinished(async () => void (await scheduler.close()));
    await until(() => master.streams.length === 1, 'a stream');
    master.send({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'F' }, heartbeat_interval_seconds: 15 } });
    await until(() => scheduler.connected, 'SUBSCRIBED');
    return { master, scheduler };
  }

  it('a scheduler is asked to leave an agent, answers, and hears when the question is void', async () => {
    const asked: InverseOffer[] = [];
    const voided: string[] = [];
    const { master, scheduler } = await subscribed({
      inverseOffers: (offers) => void asked.push(...offers),
      rescindInverseOffer: (id) => void voided.push(id),
    });
    const offers = [inverseOffer('I1'), inverseOffer('I2')];
    master.send({ type: 'INVERSE_OFFERS', inverse_offers: { inverse_offers: offers } });
    await until(() => asked.length === 2, 'the inverse offers');
    expect(asked).toEqual(offers);
    expect((await scheduler.acceptInverseOffers([asked[0]!], { refuse_seconds: 60 })).ok).toBe(true);
    expect((await scheduler.declineInverseOffers(['I2'])).ok).toBe(true);
    expect(master.calls('ACCEPT_INVERSE_OFFERS')).toMatchObject([
      { accept_inverse_offers: { inverse_offer_ids: [{ value: 'I1' }], filters: { refuse_seconds: 60 } } },
    ]);
    expect(master.calls('DECLINE_INVERSE_OFFERS')).toMatchObject([
      { decline_inverse_offers: { inverse_offer_ids: [{ value: 'I2' }] } },
    ]);
    master.send({ type: 'RESCIND_INVERSE_OFFER', rescind_inverse_offer: { inverse_offer_id: { value: 'I3' } } });
    await until(() => voided.length > 0, 'the rescinded one');
    expect(voided).toEqual(['I3']);
  });

  it('an operator plans, starts and ends it, and reads how it goes', async () => {
    const master = await new ScriptedServer(MasterCall, MasterEvent).listen();
    onTestFinished(() => master.close());
    const status = { draining_machines: [{ id: MACHINE }] };
    const answers: Record<string, MasterResponse> = {
      GET_MAINTENANCE_SCHEDULE: {
        type: 'GET_MAINTENANCE_SCHEDULE',
        get_maintenance_schedule: { schedule: SCHEDULE },
      },
      GET_MAINTENANCE_STATUS: { type: 'GET_MAINTENANCE_STATUS', get_maintenance_status: { status } },
    };
    master.answer = ({ call, headers }, response) => {
      const answer = answers[call.type ?? ''];
      const body = answer && (codec === 'json' ? MasterResponse.toJson(answer) : MasterResponse.encode(answer));
      response.writeHead(200, { 'content-type': headers.accept }).end(body);
      return true;
    };
    const client = new MasterClient(master.origin, { codec });
    onTestFinished(() => client.close());
    const done = { ok: true, value: undefined };
    expect(await client.updateMaintenanceSchedule(SCHEDULE)).toEqual(done);
    expect(await client.startMaintenance([MACHINE])).toEqual(done);
    expect(await client.stopMaintenance([MACHINE])).toEqual(done);
    expect(await client.getMaintenanceSchedule()).toEqual({ ok: true, value: SCHEDULE });
    expect(await client.getMaintenanceStatus()).toEqual({ ok: true, value: status });
    expect(master.calls('UPDATE_MAINTENANCE_SCHEDULE')).toMatchObject([
      { update_maintenance_schedule: { schedule: SCHEDULE } },
    ]);
    expect(master.calls('START_MAINTENANCE')).toMatchObject([{ start_maintenance: { machines: [MACHINE] } }]);
    expect(master.calls('STOP_MAINTENANCE')).toMatchObject([{ stop_maintenance: { machines: [MACHINE] } }]);
  });
});
