/**
 * CRAM-MD5 (RFC 2195): a challenge that is never used twice, answered with a keyed digest of it, so that the secret itself is
 * not sent. It proves who begins a conversation and protects nothing that follows.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secrets } from './credentials.ts';

export const CRAM_MD5 = 'CRAM-MD5';

export interface ChallengeParts {
  readonly number: number;
  readonly seconds: number;
  readonly host: string;
}

export function challengeText({ number, seconds, host }: ChallengeParts): string {
  return `<${number}.${seconds}@${host}>`;
}

/** What a client sends back. */
export function answerChallenge(challenge: Uint8Array, principal: string, secret: string): Buffer {
  return Buffer.from(`${principal} ${digest(challenge, secret)}`);
}

/** The principal who gave the answer; nothing when it is wrong, or nobody of that name is known. */
export function checkAnswer(challenge: Uint8Array, answer: Uint8Array, secrets: Secrets): string | undefined {
  const text = Buffer.from(answer).toString();
  // Principals may have spaces in them; the digest has none.
  const space = text.lastIndexOf(' ');
  if (space < 0) return undefined;
  const principal = text.slice(0, space);
  const secret = secrets.get(principal);
  // As much work for an unknown principal, whose name is thus not told by how long it takes.
  const expected = Buffer.from(digest(challenge, secret ?? ''));
  const given = Buffer.from(text.slice(space + 1));
  const isRight = expected.length === given.length && timingSafeEqual(expected, given);
  return isRight && secret !== undefined ? principal : undefined;
}

function digest(challenge: Uint8Array, secret: string): string {
  return createHmac('md5', secret).update(challenge).digest('hex');
}
