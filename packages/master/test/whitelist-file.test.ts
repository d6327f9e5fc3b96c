import { silentLog } from '@mesolite/ports';
import { describe, expect, it } from 'vitest';
import { type Hostnames, hostnamesIn, WhitelistFile } from '../src/host/whitelist-file.ts';

/** A file whose content tests set, and a timer they let fire. */
async function watched(path: string | undefined, first: string | undefined | Error) {
  let content = first;
  let due: (() => void) | undefined;
  let delayMs = 0;
  const told: Hostnames[] = [];
  const file = new WhitelistFile({
    path,
    disk: {
      read: async () => {
        if (content instanceof Error) throw content;
        return content === undefined ? undefined : Buffer.from(content);
      },
    },
    timers: {
      after: (afterMs, fire) => {
        delayMs = afterMs;
        due = fire;
        return {
          cancel: () => {
            due = undefined;
          },
        };
      },
    },
    log: silentLog,
    changed: (hostnames) => void told.push(hostnames),
  });
  await file.start();
  return {
    file,
    told,
    get isWatched() {
      return due !== undefined;
    },
    get delayMs() {
      return delayMs;
    },
    /** The next reading, with what the file holds by then. */
    async reads(text: string | undefined | Error) {
      content = text;
      const fire = due;
      due = undefined;
      fire?.();
      await expect.poll(() => due !== undefined).toBe(true);
    },
  };
}

describe('the file of the whitelist', () => {
  it('has one hostname a line', () => {
    expect(hostnamesIn('b\na\r\n\n  c \na\n')).toEqual(['a', 'b', 'c']);
    expect(hostnamesIn('')).toEqual([]);
    expect(hostnamesIn('a\n*\n')).toBeUndefined();
  });

  it('is read every five seconds, and told when it says something new', async () => {
    const whitelist = await watched('/etc/whitelist', 'a\nb\n');
    expect(whitelist.told).toEqual([['a', 'b']]);
    expect(whitelist.delayMs).toBe(5000);
    await whitelist.reads('b\na');
    expect(whitelist.told).toHaveLength(1);
    await whitelist.reads('b\n');
    await whitelist.reads('');
    await whitelist.reads('*');
    expect(whitelist.told.slice(1)).toEqual([['b'], [], undefined]);
  });

  it('that is missing allows nobody', async () => {
    const whitelist = await watched('/etc/whitelist', undefined);
    expect(whitelist.told).toEqual([[]]);
    await whitelist.reads('a');
    await whitelist.reads(undefined);
    expect(whitelist.told).toEqual([[], ['a'], []]);
  });

  it('that cannot be read changes nothing, and allows nobody at first', async () => {
    const whitelist = await watched('/etc/whitelist', new Error('permission denied'));
    expect(whitelist.told).toEqual([[]]);
    await whitelist.reads('a');
    await whitelist.reads(new Error('permission denied'));
    expect(whitelist.told).toEqual([[], ['a']]);
    await whitelist.reads('b'.repeat(17 * 1024 * 1024));
    expect(whitelist.told).toHaveLength(2);
  });

  it('is not there when all are allowed', async () => {
    for (const path of [undefined, '*']) {
      const whitelist = await watched(path, 'a');
      expect(whitelist.told).toEqual([]);
      expect(whitelist.isWatched).toBe(false);
    }
  });

  it('is left alone once closed', async () => {
    const whitelist = await watched('/etc/whitelist', 'a');
    whitelist.file.close();
    expect(whitelist.isWatched).toBe(false);
  });
});
