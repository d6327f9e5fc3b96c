/** The files API over real sockets and a real disk: shapes as recorded from the original, and nothing outside the border. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { modeText } from '../src/files/file-info-json.ts';
import { FilesApi, MAX_READ_BYTES } from '../src/index.ts';
import { ask, serve } from './sockets.ts';

const SECRET = 'do not show this';

/** A sandbox with a few files, beside a secret; attached as `/sandbox`, with the API on a port. */
async function sandbox(): Promise<{ port: number; files: FilesApi; inside: string; outside: string }> {
  const root = await mkdtemp(join(tmpdir(), 'files-api-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const inside = join(root, 'sandbox');
  const outside = join(root, 'elsewhere');
  await mkdir(join(inside, 'deep'), { recursive: true });
  await mkdir(outside);
  await writeFile(join(outside, 'secret'), SECRET);
  await writeFile(join(root, 'sandbox-sibling'), SECRET);
  await writeFile(join(inside, 'stdout'), 'hello from task\n');
  await writeFile(join(inside, 'deep', 'report.json'), '{}');
  const files = new FilesApi();
  files.attach(inside, '/sandbox');
  const port = await serve((server) => files.mount(server));
  return { port, files, inside, outside };
}

const at = (kind: string, path: string, more = ''): string => `/files/${kind}?path=${encodeURIComponent(path)}${more}`;

describe('/files/browse', () => {
  it('lists a directory as the original does', async () => {
    const { port, inside } = await sandbox();
    await utimes(join(inside, 'stdout'), 1795223949, 1795223949.75);
    await chmod(join(inside, 'stdout'), 0o640);
    const answer = await ask(port, at('browse', '/sandbox'));
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    const entries = JSON.parse(answer.text) as Record<string, unknown>[];
    expect(entries.map((entry) => entry['path'])).toEqual(['/sandbox/deep', '/sandbox/stdout']);
    expect(answer.text).toMatch(
      /\{"gid":"[^"]+","mode":"-rw-r-----","mtime":1795223949\.0,"nlink":1,"path":"\/sandbox\/stdout","size":16,"uid":"[^"]+"\}\]$/,
    );
    expect(entries[0]).toMatchObject({ mode: expect.stringMatching(/^d/) });
  });

  it('lists more entries than it looks at together, in order', async () => {
    const { port, inside } = await sandbox();
    const names = Array.from({ length: 100 }, (_, i) => `f${String(i).padStart(3, '0')}`);
    await Promise.all(names.map((name) => writeFile(join(inside, 'deep', name), name)));
    const entries = JSON.parse((await ask(port, at('browse', '/sandbox/deep/'))).text) as { path: string }[];
    expect(entries.map(({ path }) => path)).toEqual([...names, 'report.json'].map((name) => `/sandbox/deep/${name}`));
  });

  it('answers for what is no directory, or nowhere', async () => {
    const { port } = await sandbox();
    expect(await ask(port, at('browse', '/sandbox/stdout'))).toMatchObject({ status: 200, text: '[]' });
    const missing = { status: 404, text: '', headers: { 'content-type': 'text/plain; charset=utf-8' } };
    expect(await ask(port, at('browse', '/nope'))).toMatchObject(missing);
    expect(await ask(port, at('browse', '/sandbox/nope'))).toMatchObject(missing);
    expect(await ask(port, '/files/browse')).toMatchObject({ status: 400, text: "Expecting 'path=value' in query.\n" });
  });

  it('shows modes as ls does', () => {
    expect(modeText(0o100644)).toBe('-rw-r--r--');
    expect(modeText(0o40755)).toBe('drwxr-xr-x');
    expect(modeText(0o120777)).toBe('lrwxrwxrwx');
    expect(modeText(0o20600)).toBe('crw-------');
  });
});

describe('/files/read', () => {
  it('reads pages, and tells the size', async () => {
    const { port } = await sandbox();
    const read = async (more: string): Promise<string> => (await ask(port, at('read', '/sandbox/stdout', more))).text;
    expect(await read('&offset=0&length=200')).toBe('{"data":"hello from task\\n","offset":0}');
    expect(await read('&offset=6&length=4')).toBe('{"data":"from","offset":6}');
    expect(await read('&offset=6')).toBe('{"data":"from task\\n","offset":6}');
    expect(await read('&offset=6&length=-1')).toBe('{"data":"from task\\n","offset":6}');
    expect(await read('&offset=-1')).toBe('{"data":"","offset":16}');
    expect(await read('')).toBe('{"data":"","offset":16}');
    expect(await read('&offset=500')).toBe('{"data":"","offset":500}');
    expect(await read('&offset=0&length=0')).toBe('{"data":"","offset":0}');
  });

  it('reads at most 64 KiB at once', async () => {
    const { port, inside } = await sandbox();
    await writeFile(join(inside, 'long'), Buffer.alloc(200_000, 'a'));
    const { data } = JSON.parse((await ask(port, at('read', '/sandbox/long', '&offset=0&length=150000'))).text);
    expect(data.length).toBe(MAX_READ_BYTES);
  });

  it('keeps the bytes of a character that a page cuts', async () => {
    const { port, inside } = await sandbox();
    const bytes = Buffer.from('aé\u0001"\\');
    await writeFile(join(inside, 'utf8'), bytes);
    const first = await ask(port, at('read', '/sandbox/utf8', '&offset=0&length=2'));
    const second = await ask(port, at('read', '/sandbox/utf8', '&offset=2'));
    expect(first.body).toEqual(Buffer.from([...Buffer.from('{"data":"a'), bytes[1]!, ...Buffer.from('","offset":0}')]));
    expect(second.body).toEqual(
      Buffer.from([...Buffer.from('{"data":"'), bytes[2]!, ...Buffer.from('\\u0001\\"\\\\","offset":2}')]),
    );
  });

  it.each([
    ['&offset=x', "Failed to parse offset: Failed to convert 'x' to number.\n"],
    ['&offset=-2', 'Negative offset provided: -2.\n'],
    ['&offset=0&length=-5', 'Negative length provided: -5.\n'],
    ['&offset=0&length=1e3', "Failed to parse length: Failed to convert '1e3' to number.\n"],
    ['&offset=99999999999999999999', "Failed to parse offset: Failed to convert '99999999999999999999' to number.\n"],
  ])('refuses %s', async (more, text) => {
    const { port } = await sandbox();
    expect(await ask(port, at('read', '/sandbox/stdout', more))).toMatchObject({ status: 400, text });
  });

  it('reads no pipe, and does not wait for one', async () => {
    const { port, inside } = await sandbox();
    execFileSync('mkfifo', [join(inside, 'pipe')]);
    expect((await ask(port, at('read', '/sandbox/pipe', '&offset=0'))).status).toBe(404);
    expect((await ask(port, at('download', '/sandbox/pipe'))).status).toBe(404);
  });

  it('reads no directory', async () => {
    const { port } = await sandbox();
    const answer = await ask(port, at('read', '/sandbox', '&offset=0'));
    expect(answer).toMatchObject({ status: 400, text: 'Cannot read a directory.\n' });
  });
});

describe('/files/download', () => {
  it('sends the file as an attachment of its type', async () => {
    const { port } = await sandbox();
    expect(await ask(port, at('download', '/sandbox/stdout'))).toMatchObject({
      status: 200,
      text: 'hello from task\n',
      headers: {
        'content-length': '16',
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment; filename=stdout',
      },
    });
    const json = await ask(port, at('download', '/sandbox/deep/report.json'));
    expect(json.headers['content-type']).toBe('application/json');
    const head = await ask(port, at('download', '/sandbox/stdout'), { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '', headers: { 'content-length': '16' } });
  });

  it('quotes a name that would break out of the header', async () => {
    const { port, inside } = await sandbox();
    await writeFile(join(inside, 'a"b\r\nX: y'), 'z');
    const answer = await ask(port, at('download', '/sandbox/a"b\r\nX: y'));
    expect(answer.status).toBe(200);
    expect(answer.headers['x']).toBeUndefined();
    expect(answer.headers['content-disposition']).toBe(
      'attachment; filename="a_b__X_ y"; filename*=UTF-8\'\'a%22b%0D%0AX%3A%20y',
    );
  });

  it('answers an empty file, a large one, a directory', async () => {
    const { port, inside } = await sandbox();
    await writeFile(join(inside, 'empty'), '');
    await writeFile(join(inside, 'large'), '');
    await truncate(join(inside, 'large'), 5_000_000);
    expect(await ask(port, at('download', '/sandbox/empty'))).toMatchObject({ status: 200, text: '' });
    expect((await ask(port, at('download', '/sandbox/large'))).body.length).toBe(5_000_000);
    const directory = await ask(port, at('download', '/sandbox/deep'));
    expect(directory).toMatchObject({ status: 400, text: 'Cannot download a directory.\n' });
  });
});

describe('the border', () => {
  const kinds = ['browse', 'read', 'download', 'debug'];

  it('holds against paths that climb', async () => {
    const { port } = await sandbox();
    const climbs = [
      '/sandbox/../elsewhere/secret',
      '/sandbox/deep/../../elsewhere/secret',
      '/sandbox-sibling',
      '..',
      '/',
    ];
    for (const path of [
      ...climbs,
      '../../../../etc/passwd',
      '/etc/passwd',
      '/sandbox/\0',
      'sandbox/..//elsewhere/secret',
    ]) {
      for (const kind of kinds) {
        const answer = await ask(port, at(kind, path, '&offset=0'));
        expect(answer.text).not.toContain(SECRET);
        expect(answer.text).not.toContain('root:');
        if (kind !== 'debug') expect(answer.status).toBe(404);
      }
    }
  });

  it('holds against links that lead out, and follows those that stay', async () => {
    const { port, inside, outside } = await sandbox();
    await symlink(join(outside, 'secret'), join(inside, 'out'));
    await symlink('../elsewhere', join(inside, 'outdir'));
    await symlink('deep/report.json', join(inside, 'in'));
    await symlink('loop', join(inside, 'loop'));
    for (const path of ['/sandbox/out', '/sandbox/outdir/secret', '/sandbox/outdir', '/sandbox/loop']) {
      for (const kind of ['browse', 'read', 'download']) {
        const answer = await ask(port, at(kind, path, '&offset=0'));
        expect(answer.text).not.toContain(SECRET);
        expect(answer.text).not.toContain('secret');
        expect([400, 404]).toContain(answer.status);
      }
    }
    expect((await ask(port, at('read', '/sandbox/in', '&offset=0'))).text).toBe('{"data":"{}","offset":0}');
    const listed = JSON.parse((await ask(port, at('browse', '/sandbox'))).text) as { path: string; mode: string }[];
    expect(listed.find(({ path }) => path === '/sandbox/out')?.mode).toMatch(/^l/);
    expect(listed.find(({ path }) => path === '/sandbox/in')?.mode).toMatch(/^-/);
  });

  it('holds against a directory that turns into a link', async () => {
    const { port, inside, outside } = await sandbox();
    await rename(join(inside, 'deep'), join(inside, 'gone'));
    await symlink(outside, join(inside, 'deep'));
    expect((await ask(port, at('read', '/sandbox/deep/secret', '&offset=0'))).status).toBe(404);
  });

  it('never shows the secret, whatever the path', async () => {
    const { port, inside, outside } = await sandbox();
    await symlink(outside, join(inside, 'link'));
    const part = fc.constantFrom(
      'sandbox',
      '..',
      '.',
      '',
      'deep',
      'link',
      'elsewhere',
      'secret',
      'stdout',
      '%2e%2e',
      '\0',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 8 }),
        fc.constantFrom('browse', 'read', 'download'),
        async (parts, kind) => {
          const answer = await ask(port, at(kind, parts.join('/'), '&offset=0'));
          expect(answer.status).toBeLessThan(500);
          expect(answer.text).not.toContain(SECRET);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('shows what is attached, and no longer what is detached', async () => {
    const { port, files, inside } = await sandbox();
    files.attach(join(inside, 'stdout'), '/master/log');
    expect((await ask(port, at('read', '/master/log', '&offset=0&length=5'))).text).toBe('{"data":"hello","offset":0}');
    expect(JSON.parse((await ask(port, '/files/debug')).text)).toEqual({
      '/master/log': join(inside, 'stdout'),
      '/sandbox': inside,
    });
    files.detach('/sandbox');
    expect((await ask(port, at('browse', '/sandbox'))).status).toBe(404);
  });
});

describe('without a server', () => {
  let files: FilesApi;
  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'files-api-'));
    await writeFile(join(directory, 'a'), 'abc');
    files = new FilesApi();
    files.attach(directory, '/d');
    return () => rm(directory, { recursive: true, force: true });
  });

  it('answers the v1 calls', async () => {
    expect(await files.read('/d/a', 1, 1)).toEqual({ ok: true, value: { size: 3, data: Buffer.from('b') } });
    expect(await files.read('/d/a', 9, 1)).toEqual({ ok: true, value: { size: 3, data: Buffer.alloc(0) } });
    const listed = await files.list('/d');
    expect(listed.ok && listed.value).toMatchObject([{ path: '/d/a', size: 3, nlink: 1 }]);
    expect(await files.list('/e')).toMatchObject({ ok: false, error: { status: 404 } });
  });
});
