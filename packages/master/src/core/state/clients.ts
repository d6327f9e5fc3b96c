/**
 * Who has proved who it is, by pid: drivers and agents before they register. A proof lasts until its client disconnects.
 *
 * Never: more than a bounded number of proofs; the oldest go first, and those clients have to prove themselves again.
 */
import { BoundedMap } from '@mesolite/base';
import { MAX_AUTHENTICATED_CLIENTS, MAX_CLIENTS_AUTHENTICATING } from '../options.ts';

export class Clients {
  readonly #principals = new BoundedMap<string, string>(MAX_AUTHENTICATED_CLIENTS);
  /** Being authenticated, with what it asked for meanwhile: the last registration, since each says all. */
  readonly #authenticating = new Map<string, (() => void) | undefined>();

  principal(pid: string): string | undefined {
    return this.#principals.get(pid);
  }

  isAuthenticating(pid: string): boolean {
    return this.#authenticating.has(pid);
  }

  /** An attempt begins, in place of an earlier one. False: too many are under way. */
  begin(pid: string): boolean {
    this.#principals.delete(pid);
    if (!this.#authenticating.has(pid) && this.#authenticating.size >= MAX_CLIENTS_AUTHENTICATING) return false;
    this.#authenticating.set(pid, undefined);
    return true;
  }

  /** To be done when it is known who the client is. It must be authenticating. */
  hold(pid: string, registration: () => void): void {
    this.#authenticating.set(pid, registration);
  }

  /** The attempt is over; without a principal it failed. Answers what was held. */
  end(pid: string, principal: string | undefined): (() => void) | undefined {
    const held = this.#authenticating.get(pid);
    if (this.#authenticating.delete(pid) && principal !== undefined) this.#principals.set(pid, principal);
    return held;
  }

  forget(pid: string): void {
    this.#principals.delete(pid);
  }
}
