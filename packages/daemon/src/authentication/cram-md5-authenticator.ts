/**
 * The side that lets in, one process `crammd5-authenticator-session(N)` for each client that asks (kernel specification
 * 4.6): names the mechanism, sends a challenge, judges the answer.
 *
 * Never: more than a bounded number of sessions, or one that lasts longer than its time.
 */
import { hostname } from 'node:os';
import type { Clock, Links, Log, Random, TimerHandle, Timers } from '@mesolite/ports';
import {
  AuthenticationCompletedMessage,
  AuthenticationErrorMessage,
  AuthenticationFailedMessage,
  AuthenticationMechanismsMessage,
  AuthenticationStartMessage,
  AuthenticationStepMessage,
  type MessageType,
  WireError,
  wireName,
} from '@mesolite/wire';
import { CRAM_MD5, challengeText, checkAnswer } from './cram-md5.ts';
import type { Secrets } from './credentials.ts';

/** With the principal when it proved to be that one; without when it failed to. */
export type Verdict = { readonly principal: string } | { readonly refusal: string };

export interface AuthenticatorOptions {
  readonly links: Links;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** `--authentication_v0_timeout`, in milliseconds. */
  readonly timeoutMs: number;
}

/** Sessions at once; who asks beyond that is refused. */
const MAX_SESSIONS = 10_000;

interface Session {
  readonly id: string;
  /** Whom it talks to. */
  readonly peer: string;
  readonly deadline: TimerHandle;
  readonly judged: (verdict: Verdict) => void;
  state: 'starting' | 'stepping';
  challenge: Uint8Array;
}

export class CramMd5Authenticator {
  readonly #options: AuthenticatorOptions;
  /** By the client that is authenticated. */
  readonly #sessions = new Map<string, Session>();
  #next = 1;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /**
   * Authenticates `client`, for which the process `peer` speaks. An attempt of the same client that is under way ends
   * without a verdict: it has begun anew. `judged` is called once otherwise.
   */
  authenticate(client: string, peer: string, judged: (verdict: Verdict) => void): void {
    const { links, timers, timeoutMs, log } = this.#options;
    this.#end(client);
    if (this.#sessions.size >= MAX_SESSIONS) {
      log.warning(`Not authenticating ${client}: ${MAX_SESSIONS} others are being authenticated`);
      judged({ refusal: 'too many others are being authenticated' });
      return;
    }
    const id = `crammd5-authenticator-session(${this.#next++})`;
    const deadline = timers.after(timeoutMs, () => this.#judge(client, id, { refusal: 'it took too long' }));
    this.#sessions.set(client, { id, peer, deadline, judged, state: 'starting', challenge: new Uint8Array(0) });
    links.spawn(id, {
      message: (from, name, body) => {
        if (from === peer) this.#receive(client, id, name, body);
      },
      exited: () => this.#judge(client, id, { refusal: 'the client went away' }),
    });
    links.link(id, peer);
    this.#send(client, AuthenticationMechanismsMessage, { mechanisms: [CRAM_MD5] });
  }

  close(): void {
    for (const client of [...this.#sessions.keys()]) this.#end(client);
  }

  #receive(client: string, id: string, name: string, body: Uint8Array): void {
    const session = this.#sessions.get(client);
    if (session?.id !== id) return;
    let problem: string | undefined;
    try {
      if (name === wireName(AuthenticationStartMessage))
        problem = this.#start(client, session, AuthenticationStartMessage.decode(body).mechanism);
      else if (name === wireName(AuthenticationStepMessage))
        problem = this.#step(client, session, AuthenticationStepMessage.decode(body).data);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      problem = `Malformed ${name}`;
    }
    if (problem === undefined) return;
    this.#send(client, AuthenticationErrorMessage, { error: problem });
    this.#judge(client, session.id, { refusal: problem });
  }

  /** Answers what was wrong with the message. */
  #start(client: string, session: Session, mechanism: string): string | undefined {
    if (session.state !== 'starting') return "Unexpected authentication 'start' received";
    if (mechanism !== CRAM_MD5) return `There is no mechanism '${mechanism}'`;
    const { random, clock } = this.#options;
    const number = Math.floor(random.next() * 2 ** 32);
    const seconds = Math.floor(clock.wallMs() / 1000);
    session.challenge = Buffer.from(challengeText({ number, seconds, host: hostname() }));
    session.state = 'stepping';
    this.#send(client, AuthenticationStepMessage, { data: session.challenge });
    return undefined;
  }

  #step(client: string, session: Session, answer: Uint8Array): string | undefined {
    if (session.state !== 'stepping') return "Unexpected authentication 'step' received";
    const principal = checkAnswer(session.challenge, answer, this.#options.secrets);
    if (principal === undefined) {
      this.#send(client, AuthenticationFailedMessage, {});
      this.#judge(client, session.id, { refusal: 'its principal is unknown, or its secret is wrong' });
    } else {
      this.#send(client, AuthenticationCompletedMessage, {});
      this.#judge(client, session.id, { principal });
    }
    return undefined;
  }

  #judge(client: string, id: string, verdict: Verdict): void {
    const session = this.#sessions.get(client);
    if (session?.id !== id) return;
    this.#end(client);
    session.judged(verdict);
  }

  #end(client: string): void {
    const session = this.#sessions.get(client);
    if (session === undefined) return;
    this.#sessions.delete(client);
    session.deadline.cancel();
    this.#options.links.terminate(session.id);
  }

  #send<T extends object>(client: string, type: MessageType<T>, message: T): void {
    const session = this.#sessions.get(client);
    if (session !== undefined) this.#options.links.send(session.id, session.peer, wireName(type), type.encode(message));
  }
}
