/**
 * Ids as types of their own, so that an agent's id never stands where a task's is wanted; and the rule for ids that
 * clients choose.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type FrameworkId = Branded<'FrameworkId'>;
export type AgentId = Branded<'AgentId'>;
export type OfferId = Branded<'OfferId'>;
/** Unique within one framework only: tasks are keyed by framework, then task id. */
export type TaskId = Branded<'TaskId'>;
/** Unique within one framework on one agent. */
export type ExecutorId = Branded<'ExecutorId'>;
export type ContainerId = Branded<'ContainerId'>;
export type Role = Branded<'Role'>;

/** Longest file name on the file systems an id becomes a path component of, in bytes. */
export const MAX_ID_BYTES = 255;

/**
 * The rule for ids that become path components (task, executor, framework, agent ids).
 * Answers the reason why `id` is refused, in the words clients of the original see, or nothing.
 *
 * Departs from Mesos: bytes that are no UTF-8 are refused. They are read as U+FFFD, so two different ids would be one.
 */
export function idError(id: string): string | undefined {
  if (id.length === 0) return 'ID must not be empty';
  if (Buffer.byteLength(id) > MAX_ID_BYTES) return `ID must not be greater than ${MAX_ID_BYTES} characters`;
  if (id === '.') return "'.' is disallowed";
  if (id === '..') return "'..' is disallowed";
  for (let i = 0; i < id.length; i++) {
    const c = id.charCodeAt(i);
    if (c < 0x20 || c === 0x7f || c === 0x2f || c === 0x5c || c === 0xfffd)
      return `'${id}' contains invalid characters`;
  }
  return id.isWellFormed() ? undefined : `'${id.toWellFormed()}' contains invalid characters`;
}
