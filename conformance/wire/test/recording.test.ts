/** The order in which recorded messages must have happened, beyond what the recording's clock tells. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capturesDirectory, readFlows } from '../../captured-traffic.mjs';
import { translated } from '../../replay/message-values.mjs';
import { bodyFault, encodeMessage, envelopeOf, readMessage } from '../messages.mjs';
import { inCausalOrder, readMessages } from '../recording.mjs';

const CLIENT = 'crammd5-authenticatee(1)@127.0.0.1:5051';
const SERVER = 'crammd5-authenticator-session(1)@127.0.0.1:5050';
const TO_CLIENT = { id: 'crammd5-authenticatee(1)', port: 5051 };
const TO_SERVER = { id: 'crammd5-authenticator-session(1)', port: 5050 };
const UUID = '9a949481-27fa-4e9e-a263-a4bdc13cadb7';

function message(t: number, flow: string, from: string, to: object, name: string, value: object = {}): object {
  return { t, flow, kind: 'message', from, to, name: `mesos.internal.${name}`, value };
}

function names(moments: readonly { name: string }[]): string[] {
  return moments.map(({ name }) => name.replace('mesos.internal.', ''));
}

describe('causal order', () => {
  it('puts a challenge that was recorded in one piece with the mechanisms after the start', () => {
    const moments = [
      message(1, 'a', CLIENT, { id: 'master', port: 5050 }, 'AuthenticateMessage'),
      message(2, 'b', SERVER, TO_CLIENT, 'AuthenticationMechanismsMessage'),
      message(2, 'b', SERVER, TO_CLIENT, 'AuthenticationStepMessage'),
      message(2.001, 'a', CLIENT, TO_SERVER, 'AuthenticationStartMessage'),
      message(2.002, 'a', CLIENT, TO_SERVER, 'AuthenticationStepMessage'),
    ];
    expect(names(inCausalOrder(moments))).toEqual([
      'AuthenticateMessage',
      'AuthenticationMechanismsMessage',
      'AuthenticationStartMessage',
      'AuthenticationStepMessage',
      'AuthenticationStepMessage',
    ]);
  });

  it('puts what mentions an id after what brought it, and what follows on its connection after that', () => {
    const moments = [
      message(1, 'a', CLIENT, TO_SERVER, 'First', { other: true }),
      message(1, 'a', CLIENT, TO_SERVER, 'Mentions', { id: UUID }),
      message(1, 'a', CLIENT, TO_SERVER, 'Follows'),
      message(0.9999, 'b', SERVER, TO_CLIENT, 'Brings', { id: UUID }),
      message(1, 'b', SERVER, TO_CLIENT, 'Last'),
    ];
    const order = names(inCausalOrder(moments));
    expect(order.indexOf('Brings')).toBeLessThan(order.indexOf('Mentions'));
    expect(order.indexOf('Mentions')).toBeLessThan(order.indexOf('Follows'));
    expect(order.filter((name) => name === 'Brings' || name === 'Last')).toEqual(['Brings', 'Last']);
  });
});

describe('a message that is sent again', () => {
  it('keeps what the schema does not know, and leaves unset what was not set', () => {
    // Field 1 is what PingSlaveMessage has; field 100 nobody knows.
    const body = Buffer.from([0x08, 0x01, 0xa0, 0x06, 0x07]);
    const name = 'mesos.internal.PingSlaveMessage';
    expect(bodyFault(name, body)).toBe('holds fields that the schema does not know');
    const again = translated(readMessage(name, body), (text: string) => text);
    expect(encodeMessage(name, again)).toEqual(body);
  });

  it('has its texts, bytes and ports translated', () => {
    const swap = (text: string): string => text.replace(':5051', ':6000').replace('a', 'b').replace('AAAA', 'BBBB');
    expect(translated({ x: 'a', y: [new Uint8Array(3)], port: 5051, n: 5051 }, swap)).toEqual({
      x: 'b',
      y: [Buffer.from('BBBB', 'base64')],
      port: 6000,
      n: 5051,
    });
  });
});

const captures = capturesDirectory();
if (captures === undefined) console.log('skipped: no captures here (set MESOLITE_CAPTURES)');

describe.skipIf(captures === undefined)('recorded messages', () => {
  const folders = ['flows', 'cram-md5-auth-flows'].flatMap((flows) =>
    captures === undefined
      ? []
      : readdirSync(captures)
          .map((name) => join(captures, name, flows))
          .filter(existsSync),
  );

  it.each(folders)('hold nothing unknown and are sent again byte by byte: %s', (folder) => {
    let count = 0;
    for (const { requests } of readFlows(folder)) {
      for (const request of requests) {
        const envelope = envelopeOf(request);
        if (envelope === undefined) continue;
        count += 1;
        expect(bodyFault(envelope.name, request.body)).toBeUndefined();
        const again = translated(readMessage(envelope.name, request.body), (text: string) => text);
        expect(encodeMessage(envelope.name, again).equals(request.body)).toBe(true);
      }
    }
    const order = readMessages(folder);
    expect(order.length).toBe(count);
    expect(count).toBeGreaterThan(5);
  });
});
