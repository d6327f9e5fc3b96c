/** Downloads by https: the machine's authorities are trusted, strangers are not. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ContainerId } from '@mesolite/base';
import { afterAll, describe, expect, it } from 'vitest';
import { createPosixContainerizer } from '../src/index.ts';
import { workplace } from './workplace.ts';

const place = workplace();
afterAll(() => place.remove());

function certificate(name: string): { readonly key: Buffer; readonly cert: Buffer; readonly path: string } {
  const [key, path] = [join(place.root, `${name}.key`), join(place.root, `${name}.crt`)];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  execFileSync(
    'openssl',
    [...args, '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', path],
    {
      stdio: 'ignore',
    },
  );
  return { key: readFileSync(key), cert: readFileSync(path), path };
}

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('Skipped: certificates for https need openssl');
    return false;
  }
}

describe.skipIf(!hasOpenssl())('https', () => {
  it('is trusted where the machine trusts it', async () => {
    const known = certificate('known');
    process.env['SSL_CERT_FILE'] = known.path;
    const containerizer = createPosixContainerizer();
    const results: string[] = [];
    for (const [name, { key, cert }] of Object.entries({ known, stranger: certificate('stranger') })) {
      const server = createServer({ key, cert }, (_, response) => void response.end('over tls'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const uri = `https://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
      const launched = await containerizer.launch(place.spec(name, { value: 'cat file', uris: [{ value: uri }] }));
      await containerizer.wait(name as ContainerId);
      results.push(launched.ok ? place.read(name, 'stdout') : place.read(name, 'stderr'));
      server.close();
    }
    expect(results[0]).toBe('over tls');
    expect(results[1]).toContain('Error downloading resource: self-signed certificate');
    await containerizer.close();
  });
});
