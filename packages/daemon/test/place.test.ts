/** Where a daemon listens and what it says of itself. */
import { describe, expect, it } from 'vitest';
import { loadFlags, resolvePlace } from '../src/index.ts';

async function place(...argv: string[]) {
  const files = { read: () => undefined, list: () => [] };
  const loaded = loadFlags('master', { argv: ['--registry=in_memory', ...argv], env: {}, files });
  if (!loaded.ok) throw new Error(loaded.error.text);
  return resolvePlace(loaded.value.flags);
}

describe('resolvePlace', () => {
  it('takes what the flags say', async () => {
    expect(await place('--ip=127.0.0.1', '--no-hostname_lookup', '--port=0')).toEqual({
      ok: true,
      value: {
        bindIp: '127.0.0.1',
        port: 0,
        advertiseIp: '127.0.0.1',
        advertisePort: undefined,
        hostname: '127.0.0.1',
      },
    });
    const given = await place('--ip=0.0.0.0', '--advertise_ip=10.1.2.3', '--advertise_port=80', '--hostname=h');
    expect(given).toEqual({
      ok: true,
      value: { bindIp: '0.0.0.0', port: 5050, advertiseIp: '10.1.2.3', advertisePort: 80, hostname: 'h' },
    });
  });

  it('never tells others to go to all addresses', async () => {
    const result = await place('--hostname=h');
    expect(result.ok && result.value.bindIp).toBe('0.0.0.0');
    expect(result.ok && result.value.advertiseIp).toMatch(/^(?!0\.0\.0\.0)\d+\.\d+\.\d+\.\d+$/);
  });

  it('asks a command', async () => {
    const found = await place('--ip_discovery_command=echo " 127.0.0.2 "', '--no-hostname_lookup');
    expect(found.ok && found.value.bindIp).toBe('127.0.0.2');
    expect(await place('--ip_discovery_command=echo nonsense')).toEqual({
      ok: false,
      error: "--ip_discovery_command: 'echo nonsense' printed 'nonsense' instead of an IPv4 address",
    });
    expect(await place('--ip_discovery_command=exit 3')).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^--ip_discovery_command: 'exit 3' failed: /),
    });
  });
});
