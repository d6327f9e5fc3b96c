/**
 * Where a daemon listens and how others are told to reach it, from its flags. Asks the machine (its name, its interfaces,
 * its name service) only where no flag decides.
 *
 * Departs from Mesos: a failing reverse lookup costs the host name (the address stands in), not the start.
 */
import { execFile } from 'node:child_process';
import { lookup, lookupService } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { networkInterfaces, hostname as systemHostname } from 'node:os';
import { promisify } from 'node:util';
import { err, ok, type Result } from '@mesolite/base';
import type { Flags } from './flags/flags.ts';

export interface Place {
  /** Address to listen on; `0.0.0.0` for all. */
  readonly bindIp: string;
  /** 0: any free port. */
  readonly port: number;
  readonly advertiseIp: string;
  /** Unset: the port listened on. */
  readonly advertisePort: number | undefined;
  readonly hostname: string;
}

const ANY = '0.0.0.0';
const COMMAND_TIMEOUT_MS = 60_000;
const LOOKUP_TIMEOUT_MS = 5_000;

/** The error is for the operator: which command failed, and how. */
export async function resolvePlace(flags: Flags): Promise<Result<Place>> {
  const command = flags.text('ip_discovery_command');
  let bindIp = flags.text('ip')?.trim() ?? ANY;
  if (command !== undefined) {
    const found = await discoveredIp(command);
    if (!found.ok) return found;
    bindIp = found.value;
  }
  const advertiseIp = flags.text('advertise_ip')?.trim() ?? (bindIp === ANY ? await ownIp() : bindIp);
  return ok({
    bindIp,
    port: flags.integer('port'),
    advertiseIp,
    advertisePort: flags.given('advertise_port') ? flags.integer('advertise_port') : undefined,
    hostname: flags.text('hostname') ?? (flags.bool('hostname_lookup') ? await nameOf(advertiseIp) : advertiseIp),
  });
}

/** The address a shell command prints. */
async function discoveredIp(command: string): Promise<Result<string>> {
  try {
    const run = promisify(execFile);
    const { stdout } = await run('/bin/sh', ['-c', command], { timeout: COMMAND_TIMEOUT_MS });
    const ip = stdout.trim();
    if (isIPv4(ip)) return ok(ip);
    return err(`--ip_discovery_command: '${command}' printed '${ip.slice(0, 100)}' instead of an IPv4 address`);
  } catch (error) {
    return err(`--ip_discovery_command: '${command}' failed: ${(error as Error).message.trim()}`);
  }
}

/** What the machine's name stands for, as in the original; where that is loopback or nothing, its first outward address. */
async function ownIp(): Promise<string> {
  const named = await within(
    lookup(systemHostname(), { family: 4 }).then(({ address }) => address),
    undefined,
  );
  if (named !== undefined && !named.startsWith('127.')) return named;
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address, family, internal } of addresses ?? []) if (family === 'IPv4' && !internal) return address;
  }
  return named ?? '127.0.0.1';
}

function nameOf(ip: string): Promise<string> {
  return within(
    lookupService(ip, 0).then(({ hostname }) => hostname),
    ip,
  );
}

/** `fallback` when the name service fails or is silent for too long. */
async function within<A, F>(answer: Promise<A>, fallback: F): Promise<A | F> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<F>((resolve) => {
    timer = setTimeout(() => resolve(fallback), LOOKUP_TIMEOUT_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } catch {
    return fallback;
  } finally {
    clearTimeout(timer);
  }
}
