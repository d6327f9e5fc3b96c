/**
 * The side that proves who it is, as a process `crammd5-authenticatee(N)` (kernel specification 4.6): asks the master to
 * authenticate a client, answers its challenge, and hears how it ended.
 */
import type { Links } from '@mesolite/ports';
import {
  AuthenticateMessage,
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
import { answerChallenge, CRAM_MD5 } from './cram-md5.ts';
import type { OwnCredential } from './credentials.ts';

/** `accepted` and `refused` are final. An error is not: one may try again. */
export type AuthenticationOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'error'; readonly text: string };

export interface AuthenticateeOptions {
  readonly links: Links;
  /** Of the process, unused before. */
  readonly id: string;
  /** Who is to be authenticated: the pid of a scheduler or an agent. */
  readonly client: string;
  readonly master: string;
  readonly credential: OwnCredential;
  /** Called once, unless cancelled before. */
  readonly done: (outcome: AuthenticationOutcome) => void;
}

export class CramMd5Authenticatee {
  readonly #options: AuthenticateeOptions;
  #state: 'starting' | 'stepping' | 'ended' = 'starting';

  /** Begins at once. */
  constructor(options: AuthenticateeOptions) {
    this.#options = options;
    const { links, id, client, master } = options;
    links.spawn(id, {
      message: (from, name, body) => this.#receive(from, name, body),
      exited: () => {},
    });
    links.send(id, master, wireName(AuthenticateMessage), AuthenticateMessage.encode({ pid: client }));
  }

  cancel(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#options.links.terminate(this.#options.id);
  }

  #receive(from: string, name: string, body: Uint8Array): void {
    if (this.#state === 'ended') return;
    let problem: string | undefined;
    try {
      problem = this.#take(from, name, body);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      problem = `Malformed ${name}: ${error.message}`;
    }
    if (problem !== undefined) this.#end({ kind: 'error', text: problem });
  }

  /** Answers what was wrong with the message. */
  #take(from: string, name: string, body: Uint8Array): string | undefined {
    switch (name) {
      case wireName(AuthenticationMechanismsMessage):
        return this.#start(from, AuthenticationMechanismsMessage.decode(body).mechanisms ?? []);
      case wireName(AuthenticationStepMessage):
        return this.#step(from, AuthenticationStepMessage.decode(body).data);
      case wireName(AuthenticationCompletedMessage):
        if (this.#state !== 'stepping') return unexpected('completed');
        this.#end({ kind: 'accepted' });
        return undefined;
      case wireName(AuthenticationFailedMessage):
        this.#end({ kind: 'refused' });
        return undefined;
      case wireName(AuthenticationErrorMessage):
        return `Authentication error: ${AuthenticationErrorMessage.decode(body).error ?? ''}`;
    }
    return undefined;
  }

  #start(from: string, mechanisms: readonly string[]): string | undefined {
    if (this.#state !== 'starting') return unexpected('mechanisms');
    if (!mechanisms.includes(CRAM_MD5)) return `The master offers no ${CRAM_MD5}, but ${mechanisms.join(', ')}`;
    this.#state = 'stepping';
    // A client's first word in this mechanism is empty.
    this.#send(from, AuthenticationStartMessage, { mechanism: CRAM_MD5, data: new Uint8Array(0) });
    return undefined;
  }

  #step(from: string, challenge: Uint8Array): string | undefined {
    if (this.#state !== 'stepping') return unexpected('step');
    const { principal, secret } = this.#options.credential;
    this.#send(from, AuthenticationStepMessage, { data: answerChallenge(challenge, principal, secret) });
    return undefined;
  }

  #end(outcome: AuthenticationOutcome): void {
    this.cancel();
    this.#options.done(outcome);
  }

  #send<T extends object>(to: string, type: MessageType<T>, message: T): void {
    const { links, id } = this.#options;
    links.send(id, to, wireName(type), type.encode(message));
  }
}

function unexpected(what: string): string {
  return `Unexpected authentication '${what}' received`;
}
