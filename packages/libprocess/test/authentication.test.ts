/** CRAM-MD5 between two processes over real sockets: who gets in, who does not, and in which words. */
import {
  type AuthenticationOutcome,
  CramMd5Authenticatee,
  CramMd5Authenticator,
  systemClock,
  systemRandom,
  systemTimers,
  type Verdict,
} from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { AuthenticateMessage, AuthenticationStartMessage, AuthenticationStepMessage, wireName } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { type Node, startNode } from './loopback.ts';
import { eventually, RecordingProcess } from './recording-process.ts';

const SCHEDULER = 'scheduler-1@127.0.0.1:1';

interface Parties {
  readonly client: Node;
  readonly master: string;
  readonly verdicts: Verdict[];
}

/** A master that authenticates whoever asks. */
async function parties(timeoutMs = 5000): Promise<Parties> {
  const [client, server] = await Promise.all([startNode(), startNode()]);
  const verdicts: Verdict[] = [];
  const authenticator = new CramMd5Authenticator({
    links: server.libprocess,
    secrets: new Map([['fw', 'sesame']]),
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    log: silentLog,
    timeoutMs,
  });
  server.libprocess.spawn('master', {
    message: (from, name, body) => {
      if (name !== wireName(AuthenticateMessage)) return;
      authenticator.authenticate(AuthenticateMessage.decode(body).pid, from, (verdict) => verdicts.push(verdict));
    },
    exited: () => {},
  });
  return { client, master: `master@${server.libprocess.address}`, verdicts };
}

function ask({ client, master }: Parties, credential: { principal: string; secret: string }): AuthenticationOutcome[] {
  const outcomes: AuthenticationOutcome[] = [];
  new CramMd5Authenticatee({
    links: client.libprocess,
    id: `crammd5-authenticatee(${outcomes.length + 1})`,
    client: SCHEDULER,
    master,
    credential,
    done: (outcome) => outcomes.push(outcome),
  });
  return outcomes;
}

describe('authentication', () => {
  it('lets in who knows the secret', async () => {
    const all = await parties();
    const outcomes = ask(all, { principal: 'fw', secret: 'sesame' });
    await eventually('an outcome', () => outcomes.length > 0 && all.verdicts.length > 0);
    expect(outcomes).toEqual([{ kind: 'accepted' }]);
    expect(all.verdicts).toEqual([{ principal: 'fw' }]);
  });

  it.each([
    { principal: 'fw', secret: 'wrong' },
    { principal: 'nobody', secret: 'sesame' },
  ])('refuses $principal with $secret for good', async (credential) => {
    const all = await parties();
    const outcomes = ask(all, credential);
    await eventually('an outcome', () => outcomes.length > 0 && all.verdicts.length > 0);
    expect(outcomes).toEqual([{ kind: 'refused' }]);
    expect(all.verdicts).toEqual([{ refusal: 'its principal is unknown, or its secret is wrong' }]);
  });

  it('speaks in the words of the original', async () => {
    const all = await parties();
    const peer = new RecordingProcess();
    all.client.libprocess.spawn('crammd5-authenticatee(7)', peer);
    const send = (to: string, name: string, body: Uint8Array): void =>
      all.client.libprocess.send('crammd5-authenticatee(7)', to, name, body);
    send(all.master, 'mesos.internal.AuthenticateMessage', AuthenticateMessage.encode({ pid: SCHEDULER }));
    await eventually('mechanisms', () => peer.messages.length === 1);
    expect(peer.messages[0]).toMatchObject({
      name: 'mesos.internal.AuthenticationMechanismsMessage',
      body: Buffer.from('\n\x08CRAM-MD5', 'latin1'),
    });
    const session = peer.messages[0]!.from;
    expect(session).toMatch(/^crammd5-authenticator-session\(1\)@/);
    const start = AuthenticationStartMessage.encode({ mechanism: 'CRAM-MD5', data: new Uint8Array(0) });
    expect(start).toEqual(Buffer.from('\n\x08CRAM-MD5\x12\0', 'latin1'));
    send(session, 'mesos.internal.AuthenticationStartMessage', start);
    await eventually('a challenge', () => peer.messages.length === 2);
    expect(peer.messages[1]!.name).toBe('mesos.internal.AuthenticationStepMessage');
    expect(Buffer.from(AuthenticationStepMessage.decode(peer.messages[1]!.body).data).toString()).toMatch(
      /^<\d+\.\d+@.+>$/,
    );
    // Twice is once too often.
    send(session, 'mesos.internal.AuthenticationStartMessage', start);
    await eventually('an error', () => peer.messages.length === 3);
    expect(peer.messages[2]!.name).toBe('mesos.internal.AuthenticationErrorMessage');
    expect(all.verdicts).toEqual([{ refusal: "Unexpected authentication 'start' received" }]);
  });

  it('ends with who says nothing more, and hears nobody else in his place', async () => {
    const all = await parties(300);
    const peer = new RecordingProcess();
    all.client.libprocess.spawn('crammd5-authenticatee(1)', peer);
    const ask = AuthenticateMessage.encode({ pid: SCHEDULER });
    all.client.libprocess.send('crammd5-authenticatee(1)', all.master, wireName(AuthenticateMessage), ask);
    await eventually('mechanisms', () => peer.messages.length === 1);
    const stranger = new RecordingProcess();
    all.client.libprocess.spawn('stranger', stranger);
    const start = AuthenticationStartMessage.encode({ mechanism: 'CRAM-MD5' });
    all.client.libprocess.send('stranger', peer.messages[0]!.from, wireName(AuthenticationStartMessage), start);
    await eventually('a verdict', () => all.verdicts.length > 0);
    expect(all.verdicts).toEqual([{ refusal: 'it took too long' }]);
    expect(stranger.messages).toEqual([]);
    expect(peer.messages).toHaveLength(1);
  });

  it('begins anew for a client that asks again', async () => {
    const all = await parties();
    const first = new RecordingProcess();
    all.client.libprocess.spawn('crammd5-authenticatee(1)', first);
    const ask1 = AuthenticateMessage.encode({ pid: SCHEDULER });
    all.client.libprocess.send('crammd5-authenticatee(1)', all.master, wireName(AuthenticateMessage), ask1);
    await eventually('mechanisms', () => first.messages.length === 1);
    all.client.libprocess.terminate('crammd5-authenticatee(1)');
    const outcomes = ask(all, { principal: 'fw', secret: 'sesame' });
    await eventually('an outcome', () => outcomes.length > 0 && all.verdicts.length > 0);
    expect(outcomes).toEqual([{ kind: 'accepted' }]);
    expect(all.verdicts).toEqual([{ principal: 'fw' }]);
  });
});
