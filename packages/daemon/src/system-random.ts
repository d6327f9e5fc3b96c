/** Real entropy. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Random } from '@mesolite/ports';

export const systemRandom: Random = {
  next: () => randomInt(2 ** 47) / 2 ** 47,
  bytes: (length) => new Uint8Array(randomBytes(length)),
};
