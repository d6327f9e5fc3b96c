/** Which master leads, as agents, schedulers and other masters need to know it, out of what lies in ZooKeeper. */
import { MasterInfo } from '@mesolite/wire';
import { BINARY_LABEL, JSON_LABEL, type Member } from './members.ts';

export interface LeadingMaster {
  /** Unset where only an address is known. */
  readonly id: string | undefined;
  /** Libprocess pid, `master@ip:port`. */
  readonly pid: string;
  readonly hostname: string;
  /** IPv4 and port, for HTTP too. */
  readonly ip: string;
  readonly port: number;
  /** All it says of itself, where it does. */
  readonly info: MasterInfo | undefined;
}

/** Throws an Error with the reason when the data cannot be understood. Labels and forms of all versions are. */
export function leadingMaster(member: Pick<Member, 'label'>, data: Uint8Array): LeadingMaster {
  const text = Buffer.from(data).toString();
  switch (member.label) {
    case JSON_LABEL:
      return fromInfo(MasterInfo.fromJson(text));
    case BINARY_LABEL:
      return fromInfo(MasterInfo.decode(data));
    case undefined:
      return fromPid(text.trim());
    default:
      throw new Error(`nobody knows what the label '${member.label}' means`);
  }
}

function fromInfo(info: MasterInfo): LeadingMaster {
  const octets = Array.from({ length: 4 }, (_, i) => (info.ip >>> (8 * i)) & 0xff);
  const ip = info.address?.ip ?? octets.join('.');
  const port = info.address?.port ?? info.port;
  return {
    id: info.id,
    pid: info.pid ?? `master@${ip}:${port}`,
    hostname: info.address?.hostname ?? info.hostname ?? ip,
    ip,
    port,
    info,
  };
}

function fromPid(pid: string): LeadingMaster {
  const match = /^[^@\s]+@(\d+\.\d+\.\d+\.\d+):(\d+)$/.exec(pid);
  if (match === null) throw new Error(`'${pid}' is no pid`);
  return { id: undefined, pid, hostname: match[1]!, ip: match[1]!, port: Number(match[2]), info: undefined };
}
