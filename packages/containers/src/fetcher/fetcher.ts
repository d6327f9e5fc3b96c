/**
 * Brings the files of a command into its sandbox: URIs one after the other, containers side by side up to a bound.
 * Everything that touches the file system is done by short programs running as the container's user. What it does is
 * told in the sandbox's `stderr`, in the original's words and line format.
 *
 * Departs from Mesos: no cache yet (a URI that asks for it is fetched like any other), no ftp and no Hadoop client, an
 * archive with a `..` in one of its names is refused before anything of it is written.
 */
import { writeSync } from 'node:fs';
import { posix } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';
import { createLog } from '@mesolite/daemon';
import type { CommandInfo, CommandInfoURI } from '@mesolite/wire';
import type { Identity } from '../posix/identity.ts';
import { download } from './download.ts';
import { runTool, startTool, type ToolOptions } from './tool.ts';
import { archiveKind, outputName, sourceOf, uriError } from './uri-rules.ts';

export interface FetcherOptions {
  readonly frameworksHome: string | undefined;
  readonly stallTimeoutMs: number;
  /** Containers fetching at the same time; others wait. */
  readonly concurrency: number;
}

export interface FetchRequest {
  readonly containerId: string;
  readonly command: CommandInfo;
  readonly sandbox: string;
  /** Descriptor of the sandbox's `stderr`. Never its path: an archive may put a link there. */
  readonly stderr: number;
  /** Undefined: the agent's own. */
  readonly identity: Identity | undefined;
  /** Gives up: what runs is ended. */
  readonly abort: AbortSignal;
}

export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #waiting: (() => void)[] = [];
  #active = 0;

  constructor(options: FetcherOptions) {
    this.#options = options;
  }

  /** The error is for the framework to read; details stand in the sandbox's `stderr`. */
  async fetch(request: FetchRequest): Promise<Result<undefined>> {
    const { command, containerId } = request;
    if ((command.uris ?? []).length === 0) return ok(undefined);
    const rule = uriError(command);
    if (rule !== undefined) return err(`Could not fetch: ${rule}`);
    if (this.#active < this.#options.concurrency) this.#active += 1;
    else if (!(await this.#turn(request.abort))) return err(`Gave up fetching for container '${containerId}'`);
    try {
      const done = await this.#all(request);
      return done
        ? ok(undefined)
        : err(`Failed to fetch all URIs for container '${containerId}': exited with status 1`);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#active -= 1;
      else next();
    }
  }

  /** Resolves with true when another container has done fetching, with false when it is given up before. */
  #turn(abort: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const begin = (): void => {
        abort.removeEventListener('abort', giveUp);
        resolve(true);
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        resolve(false);
      };
      if (abort.aborted) {
        resolve(false);
        return;
      }
      this.#waiting.push(begin);
      abort.addEventListener('abort', giveUp, { once: true });
    });
  }

  async #all(request: FetchRequest): Promise<boolean> {
    const { command, sandbox } = request;
    const log = createLog({ program: 'fetcher', level: 'INFO', write: (line) => writeLine(request.stderr, line) });
    for (const uri of command.uris ?? []) {
      if (request.abort.aborted) return false;
      log.info(`Fetching URI '${uri.value}'`);
      log.info(`Fetching '${uri.value}' directly into the sandbox directory`);
      const fetched = await this.#one(uri, request, log.info);
      if (!fetched.ok) {
        log.error(`Failed to fetch '${uri.value}': ${fetched.error}`);
        return false;
      }
      log.info(`Fetched '${uri.value}' to '${fetched.value}'`);
    }
    log.info(`Successfully fetched all URIs into '${sandbox}'`);
    return true;
  }

  async #one(uri: CommandInfoURI, request: FetchRequest, info: (text: string) => void): Promise<Result<string>> {
    const name = outputName(uri);
    if (!name.ok) return name;
    const source = sourceOf(uri.value, this.#options.frameworksHome);
    if (!source.ok) return source;
    const tool: ToolOptions = { cwd: request.sandbox, identity: request.identity, abort: request.abort };
    const path = posix.join(request.sandbox, name.value);
    // Programs get names relative to the sandbox they start in: their user may not get through what lies above it.
    const local = `./${name.value}`;
    const directory = posix.dirname(name.value);
    if (directory !== '.') {
      const made = await runTool(['mkdir', '-p', '--', `./${directory}`], tool);
      if (!made.ok) return err(`Unable to create subdirectory ${directory} in sandbox: ${made.error}`);
    }
    if (source.value.kind === 'http') {
      info(`Downloading resource from '${uri.value}' to '${path}'`);
      const written = await this.#download(source.value.url, local, tool);
      if (!written.ok) return written;
    } else {
      const copied = await runTool(['cp', '-f', '--', source.value.path, local], tool);
      if (!copied.ok) return err(`Failed to copy '${source.value.path}' to '${path}': ${copied.error}`);
    }
    if (uri.executable ?? false) {
      const marked = await runTool(['chmod', '755', '--', local], tool);
      return marked.ok ? ok(path) : err(`Failed to chmod executable '${path}': ${marked.error}`);
    }
    if (!(uri.extract ?? true)) return ok(path);
    const kind = archiveKind(path);
    if (kind === undefined) {
      info(
        `Copying instead of extracting resource from URI with 'extract' flag, because it does not seem to be an archive: ${uri.value}`,
      );
      return ok(path);
    }
    const extracted = await extract(kind, local, tool);
    if (!extracted.ok) return err(`Failed to extract archive '${path}' to '${request.sandbox}': ${extracted.error}`);
    info(`Extracted '${path}' into '${request.sandbox}'`);
    return ok(path);
  }

  async #download(url: URL, path: string, tool: ToolOptions): Promise<Result<undefined>> {
    const writer = startTool(['sh', '-c', 'exec cat > "$1"', 'fetcher', path], { ...tool, stdin: true });
    const { stdin } = writer.child;
    if (stdin === null) return writer.result;
    // When the writer ends early the pipe breaks; the writer's own words say why.
    stdin.on('error', () => {});
    const received = await download({
      url,
      into: stdin,
      stallTimeoutMs: this.#options.stallTimeoutMs,
      abort: tool.abort,
    });
    stdin.destroy();
    const written = await writer.result;
    return written.ok ? received : err(`Failed to write '${path}': ${written.error}`);
  }
}

function writeLine(descriptor: number, line: string): void {
  try {
    writeSync(descriptor, line);
  } catch {
    // A full disk must not fail a fetch that succeeds.
  }
}

async function extract(kind: 'tar' | 'zip' | 'gzip', path: string, tool: ToolOptions): Promise<Result<undefined>> {
  if (kind === 'gzip') {
    const target = `./${posix.basename(path, '.gz')}`;
    return runTool(['sh', '-c', 'exec gzip -d -c < "$1" > "$2"', 'fetcher', path, target], tool);
  }
  const list = kind === 'tar' ? ['tar', '-t', '-f', path] : ['unzip', '-Z1', path];
  const listed = await runTool(list, {
    ...tool,
    onLine: (name) => (name.split('/').includes('..') ? `Path contains '..': ${name}` : undefined),
  });
  if (!listed.ok) return listed;
  return kind === 'tar'
    ? runTool(['tar', '-x', '--no-same-owner', '--no-same-permissions', '-f', path], tool)
    : runTool(['unzip', '-o', '-q', path], tool);
}
