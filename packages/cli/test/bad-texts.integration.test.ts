/**
 * Texts that no bytes stand for, and bytes that stand for no text, as names of what is kept: refused whichever door they
 * come by. As keys they would be two in memory and one on disk.
 */
import { MasterCall, SchedulerCall } from '@mesolite/wire';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { LONE_SURROGATES, ROLE, scalar, volume } from './bad-input.ts';
import { PicturedCluster } from './pictured-cluster.ts';

const PROTOBUF = 'application/x-protobuf';
/** Stands in messages where bytes of no text are to be. */
const PLACE = '@@';

let cluster: PicturedCluster;

beforeAll(async () => {
  cluster = await PicturedCluster.start();
});

afterAll(() => cluster?.stop());

/** With each place taken by a byte that never occurs in UTF-8, and one that begins what does not follow. */
function spoiled(bytes: string | Uint8Array): Buffer {
  const text = Buffer.from(bytes as string).toString('latin1');
  return Buffer.from(text.replaceAll(PLACE, '\xff\xc3'), 'latin1');
}

describe.each(LONE_SURROGATES)('%s', (_, escaped) => {
  const text: string = JSON.parse(`"${escaped}"`);

  it('is in no weight and in no quota', async () => {
    const syntax = /^Failed to parse (update weights|set quota) request JSON .*syntax error at line 1 near: /;
    await cluster.refused(
      [
        await cluster.send('PUT', '/weights', `[{"role":"${escaped}","weight":2}]`),
        await cluster.send('POST', '/quota', `{"role":"${escaped}","guarantee":[],"force":true}`),
      ],
      400,
      syntax,
    );
    const call = (members: string) => cluster.send('POST', '/api/v1', `{${members}}`);
    const config = `"role":"new","limits":{"${escaped}":{"value":1}}`;
    await cluster.refused(
      [
        await call(`"type":"UPDATE_WEIGHTS","update_weights":{"weight_infos":[{"role":"${escaped}","weight":2}]}`),
        await call(`"type":"UPDATE_QUOTA","update_quota":{"quota_configs":[{"role":"${escaped}"}]}`),
        await call(`"type":"UPDATE_QUOTA","update_quota":{"quota_configs":[{${config}}]}`),
      ],
      400,
      /^Failed to parse body into JSON: syntax error at line 1 near: /,
    );
  });

  it('is in no reservation and in no volume', async () => {
    const reservation = { ...scalar('cpus', 1), reservations: [{ type: 'DYNAMIC' as const, role: text }] };
    await cluster.refused(
      [
        await cluster.form('/reserve', { resources: [reservation] }),
        await cluster.form('/create-volumes', { volumes: [volume(text, 10)] }),
      ],
      400,
      /syntax error at line 1 near: /,
    );
  });

  it('is the id of no framework', async () => {
    const id = `{"value":"${escaped}"}`;
    const info = `{"user":"root","name":"n","roles":["${ROLE}"],"capabilities":[{"type":"MULTI_ROLE"}],"id":${id}}`;
    const body = `{"type":"SUBSCRIBE","framework_id":${id},"subscribe":{"framework_info":${info}}}`;
    const says = /^Failed to parse body into JSON: syntax error at line 1 near: /;
    await cluster.refused([await cluster.send('POST', '/api/v1/scheduler', body)], 400, says);
  });
});

describe('bytes of no text', () => {
  const weights = [{ role: PLACE, weight: 2 }];

  it('are in no weight and in no quota', async () => {
    const operator = (call: MasterCall) => cluster.send('POST', '/api/v1', spoiled(MasterCall.encode(call)), PROTOBUF);
    await cluster.refused(
      [
        await cluster.send('PUT', '/weights', spoiled(JSON.stringify(weights))),
        await operator({ type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: weights } }),
        await operator({ type: 'UPDATE_QUOTA', update_quota: { quota_configs: [{ role: PLACE }] } }),
      ],
      400,
      /Role component '\ufffd+' is invalid because it is not valid UTF-8/,
    );
  });

  it('are in no volume', async () => {
    const agent_id = cluster.agentId;
    const call: MasterCall = { type: 'CREATE_VOLUMES', create_volumes: { agent_id, volumes: [volume(PLACE, 10)] } };
    const answer = await cluster.send('POST', '/api/v1', spoiled(MasterCall.encode(call)), PROTOBUF);
    await cluster.refused([answer], 400, /Invalid persistence ID .*'\ufffd+' contains invalid characters/);
  });

  it('are the id of no framework', async () => {
    const id = { value: PLACE };
    const framework_info = {
      user: 'root',
      name: 'n',
      roles: [ROLE],
      capabilities: [{ type: 'MULTI_ROLE' as const }],
      id,
    };
    const call: SchedulerCall = { type: 'SUBSCRIBE', framework_id: id, subscribe: { framework_info } };
    const answer = await cluster.send('POST', '/api/v1/scheduler', spoiled(SchedulerCall.encode(call)), PROTOBUF);
    await cluster.refused([answer], 200, /'\ufffd+' contains invalid characters/);
  });
});
