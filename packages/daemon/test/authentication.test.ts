/** Credentials from files, and the mechanism by the example of its RFC. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '@mesolite/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerChallenge, challengeText, checkAnswer } from '../src/authentication/cram-md5.ts';
import { loadCredential, loadSecrets } from '../src/authentication/credentials.ts';

describe('CRAM-MD5', () => {
  const challenge = Buffer.from(challengeText({ number: 1896, seconds: 697170952, host: 'postoffice.reston.mci.net' }));
  const secrets = new Map([
    ['tim', 'tanstaaftanstaaf'],
    ['a b', 'other'],
    ['', 'empty'],
  ]);

  it('answers as RFC 2195 has it', () => {
    expect(challenge.toString()).toBe('<1896.697170952@postoffice.reston.mci.net>');
    expect(answerChallenge(challenge, 'tim', 'tanstaaftanstaaf').toString()).toBe(
      'tim b913a602c7eda7a495b4e6e7334d3890',
    );
  });

  it('knows who gave the right answer, whatever the name', () => {
    for (const [principal, secret] of secrets)
      expect(checkAnswer(challenge, answerChallenge(challenge, principal, secret), secrets)).toBe(principal);
  });

  it.each([
    ['a wrong secret', answerChallenge(challenge, 'tim', 'tanstaaf')],
    ['an unknown principal', answerChallenge(challenge, 'tom', 'tanstaaftanstaaf')],
    ['an unknown principal with an empty secret', answerChallenge(challenge, 'tom', '')],
    ['the answer to another challenge', answerChallenge(Buffer.from('<1.2@x>'), 'tim', 'tanstaaftanstaaf')],
    ['a digest that is cut off', Buffer.from('tim b913a602')],
    ['no digest', Buffer.from('tim')],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s', (_what, answer) => {
    expect(checkAnswer(challenge, answer, secrets)).toBeUndefined();
  });
});

describe('credentials', () => {
  let directory: string;
  const warnings: string[] = [];
  const log: Log = { info: () => {}, error: () => {}, warning: (text) => warnings.push(text) };
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mesolite-credentials-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function file(content: string, mode = 0o600): Promise<string> {
    const path = join(directory, `${Math.random()}`);
    await writeFile(path, content);
    await chmod(path, mode);
    return path;
  }

  it('are read from JSON, with and without file://', async () => {
    const path = await file('{"credentials": [{"principal": "a", "secret": "1"}, {"principal": "b", "secret": "2"}]}');
    const expected = {
      ok: true,
      value: new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
    };
    expect(await loadSecrets(path, log)).toEqual(expected);
    expect(await loadSecrets(`file://${path}`, log)).toEqual(expected);
    const own = await file('{"principal": "a", "secret": "1"}');
    expect(await loadCredential(own, log)).toEqual({ ok: true, value: { principal: 'a', secret: '1' } });
  });

  it('may be lines of a principal and a secret', async () => {
    const path = await file('tim  sesame\n\nben open\n');
    expect(await loadSecrets(path, log)).toEqual({
      ok: true,
      value: new Map([
        ['tim', 'sesame'],
        ['ben', 'open'],
      ]),
    });
    expect(await loadCredential(await file('tim sesame'), log)).toEqual({
      ok: true,
      value: { principal: 'tim', secret: 'sesame' },
    });
    const two = await loadCredential(path, log);
    expect(!two.ok && two.error).toContain('there must be one credential');
  });

  it('that others can read are warned of', async () => {
    const path = await file('{"credentials": []}', 0o644);
    warnings.length = 0;
    await loadSecrets(path, log);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(path);
  });

  it.each([
    ['', 'is empty'],
    ['tim', 'neither JSON'],
    ['tim sesame street', 'neither JSON'],
    ['["tim", "sesame"]', 'no JSON of principals'],
    ['tim sesame\ntim x', 'two credentials'],
    ['{"credentials": [{"secret": "sesame"}]}', 'no JSON of principals'],
    ['{"credentials": [{"principal": "tim"}]}', "of 'tim' has no secret"],
    [
      '{"credentials": [{"principal": "tim", "secret": "sesame"}, {"principal": "tim", "secret": "x"}]}',
      'two credentials',
    ],
  ])('are refused as %j without quoting a secret', async (content, why) => {
    const path = await file(content);
    const loaded = await loadSecrets(path, log);
    expect(!loaded.ok && loaded.error).toContain(why);
    expect(!loaded.ok && loaded.error).toContain(path);
    expect(!loaded.ok && loaded.error).not.toContain('sesame');
  });

  it('that are not there are refused', async () => {
    const loaded = await loadCredential(join(directory, 'nowhere'), log);
    expect(!loaded.ok && loaded.error).toContain('nowhere');
  });
});
