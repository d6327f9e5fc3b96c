/** What of a JSON text is refused though a lenient reader would take it, and in which words. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameworkID, JsonSyntaxError, parseJson, QuotaConfig, WeightInfo, WireError } from '../src/index.ts';

describe('escapes of half a character', () => {
  it.each<[text: string, near: string]>([
    ['{"value":"x\\ud800"}', '"}'],
    ['{"value":"x\\uDBFFy"}', 'y"}'],
    ['{"value":"x\\ud800\\n"}', 'n"}'],
    ['{"value":"x\\ud800\\u0041z"}', 'z"}'],
    ['{"value":"\\ud800\\ud801z"}', 'z"}'],
    ['{"value":"\\udc00z"}', 'z"}'],
    ['{"value":"\\ud83d\\ude00\\ude00z"}', 'z"}'],
    ['{"value":"\\\\\\ud800z"}', 'z"}'],
    ['{"va\\ud800lue":"x"}', 'lue":"x"}'],
    ['{"other":\n"\\udfff"}', '"}'],
  ])('are a syntax error in %j', (text, near) => {
    expect(() => FrameworkID.fromJson(text)).toThrow(JsonSyntaxError);
    const line = text.split('\n').length;
    expect(() => parseJson(text)).toThrow(`syntax error at line ${line} near: ${near}`);
  });

  it.each([
    ['{"value":"\\ud83d\\ude00"}', '😀'],
    ['{"value":"\\uD83D\\uDE00\\ud83d\\ude00"}', '😀😀'],
    ['{"value":"\\\\ud800"}', '\\ud800'],
    ['{"value":"\\\\\\\\ud800\\\\udc00"}', '\\\\ud800\\udc00'],
    ['{"value":"\\u0000\\ue000\\ud7ff"}', '\0\ue000\ud7ff'],
    ['{"value":"😀ü"}', '😀ü'],
  ])('are none in %j', (text, value) => {
    expect(FrameworkID.fromJson(text)).toEqual({ value });
  });

  it('are found wherever they are, and nothing else is', () => {
    const pieces = ['\\ud800', '\\udbff', '\\udc00', '\\udfff', '\\u0041', '\\\\', '\\n', 'u', 'd800', '😀', 'a'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (list) => {
        const text = `"${list.join('')}"`;
        const wellFormed = (JSON.parse(text) as string).isWellFormed();
        if (wellFormed) expect(parseJson(text)).toBe(JSON.parse(text));
        else expect(() => parseJson(text)).toThrow(JsonSyntaxError);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are refused in text that did not come in bytes, too', () => {
    expect(() => parseJson('"a\ud800b"')).toThrow(JsonSyntaxError);
    expect(() => WeightInfo.fromJsonValue({ role: 'a\ud800', weight: 1 })).toThrow(WireError);
    expect(() => WeightInfo.fromJsonValue({ role: 'a\ud800', weight: 1 })).toThrow(
      "String of field 'role' is not well-formed Unicode",
    );
    const config = { role: 'r', limits: { 'cpus\udc00': { value: 1 } } };
    expect(() => QuotaConfig.fromJsonValue(config)).toThrow("Key of field 'limits' is not well-formed Unicode");
  });
});

describe('bytes that are no UTF-8', () => {
  it.each([
    ['short', 'x@'],
    ['long', `${'x'.repeat(100)}@`],
  ])('in a %s string become U+FFFD, so that every string that was read is Unicode', (_, value) => {
    const bytes = Buffer.from(FrameworkID.encode({ value }).toString('latin1').replace('@', '\xff'), 'latin1');
    const read = FrameworkID.decode(bytes).value;
    expect([read.at(-1), read.isWellFormed()]).toEqual(['\ufffd', true]);
  });
});
