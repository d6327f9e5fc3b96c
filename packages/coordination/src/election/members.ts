/**
 * Members of a group, as nodes below its path: `label_NNNNNNNNNN`, numbered by ZooKeeper in the order in which they joined
 * (kernel specification 4.7). Whatever else lies there is nobody.
 */

export interface Member {
  /** Name of the node below the group's path. */
  readonly name: string;
  /** What comes before the number; nothing in the oldest form. */
  readonly label: string | undefined;
  readonly sequence: number;
}

/** In the order in which they joined. */
export function membersOf(names: readonly string[]): Member[] {
  const members: Member[] = [];
  for (const name of names) {
    const match = /^(?:(.+)_)?(\d{10,})$/.exec(name);
    if (match !== null) members.push({ name, label: match[1], sequence: Number(match[2]) });
  }
  return members.sort((a, b) => a.sequence - b.sequence);
}

/** How masters label themselves: their MasterInfo in JSON, or, long ago, in binary. */
export const JSON_LABEL = 'json.info';
export const BINARY_LABEL = 'info';

/** Milliseconds between attempts at something that ZooKeeper did not answer, or not as it should. */
export const RETRY_MS = 2000;
