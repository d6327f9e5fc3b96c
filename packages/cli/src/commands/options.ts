/** How option values are read, in one way for all commands. Bad values name the option and say what is wanted. */
import { parseDuration } from '@mesolite/base';
import { parseZkPlace } from '@mesolite/coordination';
import { parseOrigin } from '@mesolite/sdk';
import { type Command, InvalidArgumentError, Option } from 'commander';

const DEFAULT_MASTER = '127.0.0.1:5050';

/** `--master`, `--principal` and `--secret`, which every client command takes. */
export interface MasterOptions {
  readonly master: string;
  readonly principal?: string;
  readonly secret?: string;
}

export function withMaster(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--master <host:port>',
        'any master, or several separated by commas; or zk://host:port,…/path, file:///path',
      )
        .env('MESOS_MASTER')
        .default(DEFAULT_MASTER)
        .argParser(master),
    )
    .option('--principal <name>', 'who we are, where the master asks (HTTP Basic)')
    .option('--secret <secret>', 'the secret that goes with it');
}

export function master(text: string): string {
  if (text.startsWith('zk://')) {
    const url = parseZkPlace(text);
    if (!url.ok) throw new InvalidArgumentError(`${url.error}.`);
    return text;
  }
  if (text.startsWith('file://')) return text;
  for (const part of text.split(',')) {
    const origin = parseOrigin(part, 5050);
    if (!origin.ok) throw new InvalidArgumentError(`${origin.error}.`);
  }
  return text;
}

/** Flags as the original writes them: `--name`, `--name=true`, `--name=false`. */
export function boolean(text: string): boolean {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new InvalidArgumentError('Expecting true or false.');
}

export function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Expecting a whole number from 1 to 9999.');
  return Number(text);
}

export function lines(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expecting a whole number.');
  return Number(text);
}

/** Rows of a table, as many as a master tells at once. */
export function listed(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) > 1000)
    throw new InvalidArgumentError('Expecting a whole number from 0 to 1000.');
  return Number(text);
}

/** 0 asks for a free one. */
export function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('Expecting a port from 0 to 65535.');
  return Number(text);
}

/** In milliseconds. */
export function durationMs(text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new InvalidArgumentError(`${parsed.error}.`);
  if (parsed.value < 0) throw new InvalidArgumentError('Expecting no negative duration.');
  return parsed.value;
}

/** Comma-separated, given once or several times. */
export function list(text: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), ...text.split(',').filter((item) => item !== '')];
}
