/** The files a core's host writes: small, atomic, read back at recovery. Paths are absolute. */
export interface Disk {
  /** Undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Replaces `path` atomically (temporary file and rename), creating missing directories. */
  writeAtomic(path: string, data: Uint8Array): Promise<void>;
  append(path: string, data: Uint8Array): Promise<void>;
  list(path: string): Promise<string[]>;
  remove(path: string): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  /** Makes `path` a symbolic link to `target`, replacing an older one atomically. */
  symlink(target: string, path: string): Promise<void>;
}
