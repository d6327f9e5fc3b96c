/** What a replay finds when ours does otherwise than was recorded: here ours is a master made of one stand-in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Identities } from '../../replay/identities.mjs';
import { plain } from '../../replay/message-values.mjs';
import { encodeMessage, envelopeOf, processOf, readMessage } from '../messages.mjs';
import { scriptFor } from '../script.mjs';
import { StandIn } from '../stand-in.mjs';
import { WireConversation } from '../wire-conversation.mjs';

const AGENT_ID = '9a949481-27fa-4e9e-a263-a4bdc13cadb7-S0';
const OUR_AGENT_ID = '11111111-2222-4333-8444-555555555555-S7';
const REGISTER = 'RegisterSlaveMessage';
const REGISTERED = 'SlaveRegisteredMessage';
const UPDATE_FRAMEWORK = 'UpdateFrameworkMessage';
const UPDATE_AGENT = 'UpdateSlaveMessage';

function headOf(from: string, to: { id: string; port: number }, name: string): string {
  return `POST /${to.id}/mesos.internal.${name} HTTP/1.1\r\nUser-Agent: libprocess/${from}\r\nLibprocess-From: ${from}\r\nConnection: Keep-Alive\r\nHost: 127.0.0.1:${to.port}\r\nTransfer-Encoding: chunked`;
}

let clock = 0;

function recorded(from: string, to: { id: string; port: number }, name: string, message: object): object {
  clock += 1;
  return {
    t: clock,
    flow: from,
    kind: 'message',
    from,
    to,
    name: `mesos.internal.${name}`,
    message,
    value: plain(message),
    head: headOf(from, to, name),
    framing: 'one chunk',
  };
}

const AGENT = 'slave(1)@127.0.0.1:5051';
const MASTER = 'master@127.0.0.1:5050';
const TO_AGENT = { id: 'slave(1)', port: 5051 };
const TO_MASTER = { id: 'master', port: 5050 };

/** An agent registers, is answered, hears of a framework, and names its resources. */
const MOMENTS = [
  recorded(AGENT, TO_MASTER, REGISTER, { agent: { hostname: 'h', port: 5051 } }),
  recorded(MASTER, TO_AGENT, REGISTERED, { agent_id: { value: AGENT_ID } }),
  recorded(MASTER, TO_AGENT, UPDATE_FRAMEWORK, { framework_id: { value: 'F' }, pid: '@0.0.0.0:0' }),
  recorded(AGENT, TO_MASTER, UPDATE_AGENT, { agent_id: { value: AGENT_ID } }),
];

type Answer = readonly [name: string, message: object];
const REGISTERED_ANSWER: Answer = [REGISTERED, { agent_id: { value: OUR_AGENT_ID } }];
const FRAMEWORK_ANSWER: Answer = [UPDATE_FRAMEWORK, { framework_id: { value: 'F' }, pid: '@0.0.0.0:0' }];

const directory = mkdtempSync(join(tmpdir(), 'mesolite-wire-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Held {
  readonly compared: number;
  readonly differences: readonly { path: string; recorded: unknown; ours: unknown }[];
  /** What our master was told of the agent. */
  readonly heard: readonly Record<string, unknown>[];
}

/** Holds the conversation with a master that answers a registration like this. */
async function holdWith(answers: readonly Answer[]): Promise<Held> {
  const heard: Record<string, unknown>[] = [];
  const ours: StandIn = new StandIn((request) => {
    const envelope = envelopeOf(request);
    if (envelope === undefined) return;
    heard.push(plain(readMessage(envelope.name, request.body)));
    if (!envelope.name.endsWith(REGISTER)) return;
    const { id, port } = processOf(envelope.from);
    for (const [name, message] of answers) {
      const head = headOf(`master@127.0.0.1:${ours.port}`, { id, port }, name);
      ours.send(port, head, encodeMessage(`mesos.internal.${name}`, message));
    }
  });
  await ours.listen();
  const daemon = { port: ours.port, die: () => Promise.resolve(), return: () => Promise.resolve() };
  const conversation = new WireConversation({
    ours: 'master',
    daemon,
    identities: new Identities(),
    directory,
    patienceMs: 500,
  });
  try {
    const steps = scriptFor('master', MOMENTS);
    await conversation.open(steps);
    await conversation.hold(steps);
    const { compared, differences } = conversation;
    return { compared, differences, heard };
  } finally {
    await conversation.close();
    await ours.close();
  }
}

describe('a conversation', () => {
  it('goes as recorded, with our ids in what the stand-in says later', async () => {
    const { compared, differences, heard } = await holdWith([REGISTERED_ANSWER, FRAMEWORK_ANSWER]);
    expect(differences).toEqual([]);
    expect(compared).toBe(2);
    expect(heard.at(-1)).toEqual({ agent_id: { value: OUR_AGENT_ID } });
  });

  it('finds messages in another order', async () => {
    const { differences } = await holdWith([FRAMEWORK_ANSWER, REGISTERED_ANSWER]);
    expect(differences.map(({ path }) => path)).toEqual([`${REGISTERED}: order`]);
  });

  it('finds a field that has another value, and one that is set though it was not', async () => {
    const spoiled: Answer = [UPDATE_FRAMEWORK, { framework_id: { value: 'G' }, pid: '@0.0.0.0:0' }];
    const more: Answer = [REGISTERED, { ...REGISTERED_ANSWER[1], connection: { total_ping_timeout_seconds: 75 } }];
    const { differences } = await holdWith([more, spoiled]);
    expect(differences.map(({ path }) => path)).toEqual([
      `${REGISTERED}.message.connection`,
      `${UPDATE_FRAMEWORK}.message.framework_id.value`,
    ]);
  });

  it('finds what did not come, and what came once too often', async () => {
    const missing = await holdWith([REGISTERED_ANSWER]);
    expect(missing.differences.map(({ ours }) => ours)).toEqual(['nothing came']);
    const surplus = await holdWith([REGISTERED_ANSWER, FRAMEWORK_ANSWER, FRAMEWORK_ANSWER]);
    expect(surplus.differences.map(({ recorded: wanted }) => wanted)).toEqual(['nothing']);
  });
});
