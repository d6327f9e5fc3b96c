/**
 * PIDs: the address of a process, `id@ip:port`. Owns their text form and nothing else.
 * The host part may also be a name, which is resolved to IPv4 when it is dialled.
 */
import { err, ok, type Result } from '@mesolite/base';

export interface Pid {
  /** Such as `master` or `slave(1)`: never a slash, so that it is one component of a path. May be empty. */
  readonly id: string;
  /** IPv4 address, or a host name. */
  readonly ip: string;
  readonly port: number;
}

/** Printable ASCII without space and slash: what reaches a request line or a header unescaped must not break out of it. */
const ID = /^[!-.0-~]*$/;
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253})$/;
const PORT = /^[0-9]{1,5}$/;
const LONGEST_PID = 1024;

/** Parses `id@ip:port`; the error names the part that is wrong. */
export function parsePid(text: string): Result<Pid> {
  if (text.length > LONGEST_PID) return err(`PID is longer than ${LONGEST_PID} characters`);
  const at = text.lastIndexOf('@');
  if (at < 0) return err(`PID ${JSON.stringify(text)} must have the form id@ip:port`);
  const id = text.slice(0, at);
  if (!ID.test(id)) return err(`id of PID ${JSON.stringify(text)} must be printable ASCII without spaces and slashes`);
  const address = text.slice(at + 1);
  const colon = address.lastIndexOf(':');
  if (colon < 0) return err(`PID ${JSON.stringify(text)} must end in ip:port`);
  const ip = address.slice(0, colon);
  if (!HOST.test(ip)) return err(`host of PID ${JSON.stringify(text)} must be an IPv4 address or a host name`);
  const digits = address.slice(colon + 1);
  const port = Number(digits);
  if (!PORT.test(digits) || port < 1 || port > 65_535) {
    return err(`port of PID ${JSON.stringify(text)} must be a number from 1 to 65535`);
  }
  return ok({ id, ip, port });
}

export function formatPid(pid: Pid): string {
  return `${pid.id}@${pid.ip}:${pid.port}`;
}
