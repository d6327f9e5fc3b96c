/** What may be fetched and where it lands. */
import { describe, expect, it } from 'vitest';
import { archiveKind, baseName, outputName, sourceOf, uriError } from '../src/fetcher/uri-rules.ts';

describe('names of fetched files', () => {
  it.each([
    ['http://host/a/b.tgz', 'b.tgz'],
    ['http://host/a?version=1', 'a?version=1'],
    ['hdfs://host/x/y', 'y'],
    ['/a/b c', 'b c'],
    ['a/b', 'b'],
    ['  /lead', 'lead'],
  ])('%s → %s', (uri, name) => expect(baseName(uri)).toEqual({ ok: true, value: name }));

  it.each([
    ["/it's", 'Illegal characters in URI'],
    ['/a\\b', 'Illegal characters in URI'],
    ['/a\0b', 'Illegal characters in URI'],
    ['/a\nb', 'Illegal characters in URI'],
    ['', 'URI is empty'],
    ['http://host', 'Malformed URI (missing path): http://host'],
    ['http://host/', 'Malformed URI (missing path): http://host/'],
    ['http://host/a/', 'Malformed URI (missing file name): http://host/a/'],
    ['/a/..', 'Malformed URI (missing file name): /a/..'],
  ])('%j is refused: %s', (uri, reason) => expect(uriError({ uris: [{ value: uri }] })).toBe(reason));

  it.each([
    ['', 'URI output file path is empty'],
    ['/etc/x', 'URI output file must be within the sandbox directory'],
    ['a/../../x', 'URI output file must be within the sandbox directory'],
    ['..', 'URI output file must be within the sandbox directory'],
    ['a/', 'URI output file must name a file'],
    ['.', 'URI output file must name a file'],
  ])('output file %j is refused: %s', (output, reason) =>
    expect(uriError({ uris: [{ value: '/x', output_file: output }] })).toBe(reason));

  it('come from the output file where there is one', () => {
    expect(outputName({ value: '/x', output_file: 'a/./b' })).toEqual({ ok: true, value: 'a/b' });
    expect(uriError({ uris: [{ value: '/x', output_file: 'a..b/c' }] })).toBeUndefined();
  });
});

describe('sources', () => {
  it.each([
    ['/x', '/x'],
    ['file:///x', '/x'],
    ['file://localhost/x', '/x'],
    ['x/y', '/home-of-frameworks/x/y'],
  ])('%s is the file %s', (uri, path) =>
    expect(sourceOf(uri, '/home-of-frameworks')).toEqual({ ok: true, value: { kind: 'file', path } }));

  it('refuses what it cannot reach', () => {
    expect(sourceOf('x', undefined)).toMatchObject({
      error: expect.stringContaining('framework home was not specified'),
    });
    expect(sourceOf('file://x', '/h')).toMatchObject({ error: 'File URI only supports absolute paths' });
    expect(sourceOf('hdfs://a/b', '/h')).toMatchObject({ error: expect.stringContaining("Scheme 'hdfs'") });
    expect(sourceOf('http://[::/b', '/h')).toMatchObject({ ok: false });
  });

  it('knows archives by their names', () => {
    for (const name of ['a.tar', 'a.tgz', 'a.tar.gz', 'a.tbz2', 'a.tar.bz2', 'a.txz', 'a.tar.xz'])
      expect(archiveKind(name)).toBe('tar');
    expect(archiveKind('a.zip')).toBe('zip');
    expect(archiveKind('a.gz')).toBe('gzip');
    expect(archiveKind('a.txt')).toBeUndefined();
  });
});
