/**
 * What must outlive a leader: bytes by key, held by one writer at a time. Taking hold fences whoever held it before: of two
 * masters that both believe they lead, only the later one can write.
 *
 * Keys are paths such as `agents/admitted/<id>`; nothing in them means anything here. They are well-formed Unicode: a write
 * with another is an AssertionError, and changes nothing.
 */
import type { Result } from '@mesolite/base';

/** By key; undefined removes it. */
export type StoreChanges = ReadonlyMap<string, Uint8Array | undefined>;

export type StoreErrorKind =
  /** Somebody else has taken hold since: this holder will never write again. */
  | 'fenced'
  /** Not reachable in time, or the disk refuses. Whether the changes are there is not known. */
  | 'unavailable'
  /** What is there is not what was written, or not ours. Nothing was changed. */
  | 'corrupt'
  /** More in one write than the backend takes. Nothing was changed. */
  | 'too-large';

export interface StoreError {
  readonly kind: StoreErrorKind;
  /** For an operator: which file or node it is about, and what can be done. */
  readonly text: string;
}

export interface Store {
  /** Takes hold and answers everything there is. Called once, before anything else. */
  open(): Promise<Result<ReadonlyMap<string, Uint8Array>, StoreError>>;
  /** All of the changes or none, durable once this resolves. One at a time: the caller waits for each. */
  write(changes: StoreChanges): Promise<Result<void, StoreError>>;
  /** Lets go. What was written stays. */
  close(): Promise<void>;
}
