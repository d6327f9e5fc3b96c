/** Files fetched into sandboxes: from disk, from a server on loopback, from archives; and everything that must fail. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ContainerId } from '@mesolite/base';
import { MetricsRegistry } from '@mesolite/daemon';
import type { CommandInfoURI } from '@mesolite/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ContainerSpec, createPosixContainerizer } from '../src/index.ts';
import { until, workplace } from './workplace.ts';
import { zipOf } from './zip-archive.ts';

const place = workplace();
const files = join(place.root, 'files');
const containerizer = createPosixContainerizer({ frameworksHome: files, fetcherStallTimeoutMs: 300 });
let server: Server;
let base: string;
const held: ServerResponse[] = [];

beforeAll(async () => {
  mkdirSync(join(files, 'tree/sub'), { recursive: true });
  writeFileSync(join(files, 'tree/a.txt'), 'alpha\n');
  writeFileSync(join(files, 'tree/sub/b.txt'), 'beta\n');
  writeFileSync(join(files, 'tool.sh'), '#!/bin/sh\necho fetched tool\n', { mode: 0o644 });
  writeFileSync(join(files, 'plain.gz'), gzipSync('unpacked\n'));
  const tar = (...args: string[]) => execFileSync('tar', args, { cwd: files });
  tar('-cf', 'tree.tar', 'tree');
  for (const ending of ['tar.gz', 'tgz']) tar('-czf', `tree.${ending}`, 'tree');
  for (const ending of ['tar.bz2', 'tbz2']) tar('-cjf', `tree.${ending}`, 'tree');
  for (const ending of ['tar.xz', 'txz']) tar('-cJf', `tree.${ending}`, 'tree');
  tar('-cPf', 'escape.tar', '--transform', 's,^tree/a.txt,../../escaped.txt,', 'tree/a.txt');
  symlinkSync('/etc', join(files, 'link'));
  writeFileSync(join(files, 'tree.zip'), zipOf({ 'tree/a.txt': 'alpha\n', 'tree/sub/b.txt': 'beta\n' }));
  writeFileSync(join(files, 'escape.zip'), zipOf({ '../escaped.txt': 'out' }));
  server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

function serve({ url = '' }: IncomingMessage, response: ServerResponse): void {
  switch (url) {
    case '/tool.sh':
      return void response.end(readFileSync(join(files, 'tool.sh')));
    case '/file?version=2':
      return void response.end('second');
    case '/large':
      return void response.end(Buffer.alloc(20_000_000, 'x'));
    case '/moved':
      return void response.writeHead(302, { location: '/tool.sh' }).end();
    case '/loop':
      return void response.writeHead(302, { location: '/loop' }).end();
    case '/elsewhere':
      return void response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    case '/short':
      response.writeHead(200, { 'content-length': '100' });
      response.write('too little');
      return void response.socket?.destroy();
    case '/stall':
      response.writeHead(200);
      response.write('beginning');
      return void held.push(response);
    case '/silent':
      return void held.push(response);
    default:
      return void response.writeHead(404).end('no');
  }
}

afterAll(async () => {
  await containerizer.close();
  server.closeAllConnections();
  server.close();
  place.remove();
});

let count = 0;

/** Answers what the command printed, or the reason why it did not run. */
async function fetch(
  uris: readonly CommandInfoURI[],
  command = 'true',
  more: Partial<ContainerSpec> = {},
): Promise<{ readonly id: string; readonly output: string; readonly failure: string | undefined }> {
  const id = `fetch-${count++}`;
  const launched = await containerizer.launch(place.spec(id, { value: command, uris: [...uris] }, more));
  if (!launched.ok) return { id, output: '', failure: launched.error.message };
  await containerizer.wait(id as ContainerId);
  return { id, output: place.read(id, 'stdout'), failure: undefined };
}

function failed(id: string): string {
  return `Failed to fetch all URIs for container '${id}': exited with status 1`;
}

describe('files of this machine', () => {
  it('come by path, by file URI, and relative to the home of frameworks', async () => {
    const value = join(files, 'tree/a.txt');
    for (const uri of [value, `file://${value}`, `file://localhost${value}`, 'tree/a.txt', `  ${value}`])
      expect(await fetch([{ value: uri }], 'cat a.txt')).toMatchObject({ output: 'alpha\n' });
  });

  it('go where output_file says', async () => {
    const uris = [{ value: 'tree/a.txt', output_file: 'deep/er/c.txt' }];
    expect(await fetch(uris, 'cat deep/er/c.txt')).toMatchObject({ output: 'alpha\n' });
  });

  it('are made executable, and not unpacked then', async () => {
    const uris = [
      { value: 'tool.sh', executable: true },
      { value: 'tree.tar', executable: true },
    ];
    const { id, output } = await fetch(uris, './tool.sh; ls');
    expect(output).toBe('fetched tool\nstderr\nstdout\ntool.sh\ntree.tar\n');
    expect(statSync(join(place.spec(id, '').sandbox, 'tool.sh')).mode & 0o777).toBe(0o755);
  });

  it('may ask for the cache', async () => {
    expect(await fetch([{ value: 'tree/a.txt', cache: true }], 'cat a.txt')).toMatchObject({ output: 'alpha\n' });
  });

  it.each(['/no/such/file', '/etc', 'no/such/file'])('fail when they cannot be copied: %s', async (value) => {
    const { id, failure } = await fetch([{ value }]);
    expect(failure).toBe(failed(id));
    expect(place.read(id, 'stderr')).toContain(`Failed to fetch '${value}': Failed to copy`);
  });

  it('need a home when they are relative', async () => {
    const homeless = createPosixContainerizer();
    const spec = place.spec('homeless', { value: 'true', uris: [{ value: 'tree/a.txt' }] });
    expect(await homeless.launch(spec)).toMatchObject({ ok: false, error: { message: failed('homeless') } });
    expect(place.read('homeless', 'stderr')).toContain('Mesos framework home was not specified');
  });
});

describe('archives', () => {
  it.each([
    'tar',
    'tar.gz',
    'tgz',
    'tar.bz2',
    'tbz2',
    'tar.xz',
    'txz',
    'zip',
  ])('of kind %s are unpacked', async (ending) => {
    const { output } = await fetch([{ value: `tree.${ending}` }], `cat tree/a.txt tree/sub/b.txt; ls tree.${ending}`);
    expect(output).toBe(`alpha\nbeta\ntree.${ending}\n`);
  });

  it('of a single file lose their ending', async () => {
    expect(await fetch([{ value: 'plain.gz' }], 'cat plain')).toMatchObject({ output: 'unpacked\n' });
  });

  it('stay as they are without extract', async () => {
    expect(await fetch([{ value: 'tree.tar', extract: false }], 'ls')).toMatchObject({
      output: 'stderr\nstdout\ntree.tar\n',
    });
  });

  it.each(['escape.tar', 'escape.zip'])('that want out are refused: %s', async (value) => {
    const { id, failure } = await fetch([{ value }]);
    expect(failure).toBe(failed(id));
    expect(place.read(id, 'stderr')).toContain("Path contains '..'");
    const { sandbox } = place.spec(id, '');
    for (const up of ['..', '../..', '.']) expect(existsSync(join(sandbox, up, 'escaped.txt'))).toBe(false);
  });

  it('that are none fail', async () => {
    writeFileSync(join(files, 'broken.tgz'), 'not an archive');
    const { id, failure } = await fetch([{ value: 'broken.tgz' }]);
    expect(failure).toBe(failed(id));
    expect(place.read(id, 'stderr')).toContain('Failed to extract archive');
  });

  it('cannot turn the log into a link', async () => {
    mkdirSync(join(files, 'trap'), { recursive: true });
    const target = join(place.root, 'victim');
    writeFileSync(target, '');
    symlinkSync(target, join(files, 'trap/stderr'));
    symlinkSync(target, join(files, 'trap/stdout'));
    execFileSync('tar', ['-cf', '../trap.tar', 'stderr', 'stdout'], { cwd: join(files, 'trap') });
    await fetch([{ value: 'trap.tar' }, { value: 'tree/a.txt' }], 'echo out; echo err >&2');
    expect(readFileSync(target, 'utf8')).toBe('');
  });
});

describe('downloads', () => {
  it('arrive, with the query in the name, through redirects, large ones too', async () => {
    expect(await fetch([{ value: `${base}/tool.sh`, executable: true }], './tool.sh')).toMatchObject({
      output: 'fetched tool\n',
    });
    expect(await fetch([{ value: `${base}/file?version=2` }], "cat 'file?version=2'")).toMatchObject({
      output: 'second',
    });
    expect(await fetch([{ value: `${base}/moved` }], 'sh moved')).toMatchObject({ output: 'fetched tool\n' });
    expect(await fetch([{ value: `${base}/large` }], 'wc -c < large')).toMatchObject({ output: '20000000\n' });
  });

  it.each([
    ['/absent', 'Error downloading resource, received HTTP return code 404'],
    ['/loop', 'Error downloading resource: Number of redirects hit maximum amount'],
    ['/elsewhere', 'Error downloading resource: Unsupported protocol'],
    ['/short', 'Error downloading resource: '],
    ['/stall', 'Error downloading resource: Timeout was reached'],
    ['/silent', 'Error downloading resource: Timeout was reached'],
  ])('fail with a reason in stderr: %s', async (path, reason) => {
    const { id, failure } = await fetch([{ value: `${base}${path}` }]);
    expect(failure).toBe(failed(id));
    expect(place.read(id, 'stderr')).toContain(`Failed to fetch '${base}${path}': ${reason}`);
  });

  it('fail when nobody listens', async () => {
    const { id } = await fetch([{ value: 'http://127.0.0.1:1/x' }]);
    expect(place.read(id, 'stderr')).toContain("Error downloading resource: Couldn't connect to server");
  });

  it('are given up when the container is destroyed', async () => {
    const patient = createPosixContainerizer();
    const spec = place.spec('impatient', { value: 'true', uris: [{ value: `${base}/silent` }] });
    const before = held.length;
    const launching = patient.launch(spec);
    await until(() => held.length > before, 'the request');
    expect(patient.containers()).toMatchObject([{ state: 'fetching' }]);
    await patient.destroy(spec.containerId);
    expect(await launching).toMatchObject({ ok: false, error: { message: 'Container destroyed during fetching' } });
  });

  it('are given up by a container that is destroyed while it waits for its turn', async () => {
    const narrow = createPosixContainerizer({ concurrentFetches: 1 });
    const uris = [{ value: `${base}/silent` }];
    const before = held.length;
    const first = narrow.launch(place.spec('first', { value: 'true', uris }));
    await until(() => held.length > before, 'the request');
    const second = narrow.launch(place.spec('second', { value: 'true', uris }));
    await until(() => narrow.containers()[1]?.state === 'fetching', 'the second to wait');
    await narrow.destroy('second' as ContainerId);
    expect(await second).toMatchObject({ ok: false, error: { message: 'Container destroyed during fetching' } });
    await narrow.destroy('first' as ContainerId);
    expect((await first).ok).toBe(false);
    expect(held).toHaveLength(before + 1);
  });

  it('wait their turn when many are wanted', async () => {
    const narrow = createPosixContainerizer({ concurrentFetches: 2 });
    const launches = Array.from({ length: 8 }, (_, index) =>
      narrow.launch(place.spec(`narrow-${index}`, { value: 'true', uris: [{ value: `${base}/tool.sh` }] })),
    );
    for (const launched of await Promise.all(launches)) expect(launched.ok).toBe(true);
    for (let index = 0; index < 8; index++) await narrow.wait(`narrow-${index}` as ContainerId);
  });
});

describe('what is told', () => {
  it('stands in stderr in the lines of glog', async () => {
    const { id } = await fetch([{ value: 'tree/a.txt' }]);
    const line = /^[IWE]\d{4} \d{2}:\d{2}:\d{2}\.\d{6} +\d+ fetcher\] /;
    const lines = place.read(id, 'stderr').trimEnd().split('\n');
    for (const one of lines) expect(one).toMatch(line);
    expect(lines.at(-1)).toContain('Successfully fetched all URIs into');
  });

  it('is said before anything is tried when a URI breaks the rules', async () => {
    const uris = [{ value: 'tree/a.txt' }, { value: 'x', output_file: '../x' }];
    expect((await fetch(uris)).failure).toBe('Could not fetch: URI output file must be within the sandbox directory');
    expect((await fetch([{ value: "it's" }])).failure).toBe('Could not fetch: Illegal characters in URI');
    const { id } = await fetch([{ value: 'hdfs://a/b' }]);
    expect(place.read(id, 'stderr')).toContain("Scheme 'hdfs' is not supported");
  });
});

const root = process.geteuid?.() === 0;
if (!root) console.log('Skipped: fetching as other users needs root');

describe('users', () => {
  it.skipIf(!root)('fetch with their own rights and own what they fetched', async () => {
    const shared = `${base}/tool.sh`;
    const { id, output } = await fetch([{ value: shared }], 'stat -c %U tool.sh', { user: 'nobody' });
    expect(output).toBe('nobody\n');
    expect(id).toBeDefined();
    const secret = await fetch([{ value: 'file:///etc/shadow' }], 'true', { user: 'nobody' });
    expect(secret.failure).toBe(failed(secret.id));
    expect(place.read(secret.id, 'stderr')).toContain('Permission denied');
  });
});

describe('metrics', () => {
  it('count launches whose files came and those whose did not', async () => {
    const metrics = new MetricsRegistry();
    const counting = createPosixContainerizer({ metrics });
    await counting.launch(place.spec('counted', 'true'));
    await counting.wait('counted' as ContainerId);
    await counting.launch(place.spec('uncounted', { value: 'true', uris: [{ value: '/no/such/file' }] }));
    await counting.launch(place.spec('stranger', 'true', { user: 'no-such-user' }));
    expect(metrics.snapshot()).toMatchObject({
      'containerizer/fetcher/task_fetches_succeeded': 1,
      'containerizer/fetcher/task_fetches_failed': 2,
      'containerizer/mesos/container_destroy_errors': 0,
    });
  });
});
