/** Attempts to prove to the master who the agent is, one at a time: each is a process of its own, as masters expect. */
import { CramMd5Authenticatee, type OwnCredential } from '@mesolite/daemon';
import type { Links } from '@mesolite/ports';
import type { AgentInput } from '../core/index.ts';

export interface MasterAuthenticationOptions {
  readonly links: Links;
  /** Of the agent. */
  readonly pid: string;
  readonly credential: OwnCredential;
  readonly submit: (input: AgentInput) => void;
}

export class MasterAuthentication {
  readonly #options: MasterAuthenticationOptions;
  #current: CramMd5Authenticatee | undefined;

  constructor(options: MasterAuthenticationOptions) {
    this.#options = options;
  }

  /** Begins attempt number `attempt`; its end is an input. */
  begin(attempt: number, master: string): void {
    const { links, pid, credential, submit } = this.#options;
    this.cancel();
    this.#current = new CramMd5Authenticatee({
      links,
      id: `crammd5-authenticatee(${attempt})`,
      client: pid,
      master,
      credential,
      done: (outcome) => submit({ kind: 'authentication-ended', attempt, outcome }),
    });
  }

  cancel(): void {
    this.#current?.cancel();
    this.#current = undefined;
  }
}
