/** The rule for ids that clients choose. */
import { describe, expect, it } from 'vitest';
import { idError, MAX_ID_BYTES } from '../src/index.ts';

describe('an id', () => {
  it.each(['a', 'a.b', '...', 'ä', '😀', ' ', 'x'.repeat(MAX_ID_BYTES)])('%j is one', (id) => {
    expect(idError(id)).toBeUndefined();
  });

  it.each([
    ['', 'ID must not be empty'],
    ['.', "'.' is disallowed"],
    ['..', "'..' is disallowed"],
    ['x'.repeat(256), 'ID must not be greater than 255 characters'],
    ['ä'.repeat(128), 'ID must not be greater than 255 characters'],
    ['a/b', "'a/b' contains invalid characters"],
    ['a\\b', "'a\\b' contains invalid characters"],
    ['a\0b', "'a\0b' contains invalid characters"],
    ['a\x7f', "'a\x7f' contains invalid characters"],
    // Of two strings of bytes that are no UTF-8, both would be this one.
    ['a\ufffd', "'a\ufffd' contains invalid characters"],
    ['a\ud800', "'a\ufffd' contains invalid characters"],
  ])('%j is none', (id, error) => {
    expect(idError(id)).toBe(error);
  });
});
