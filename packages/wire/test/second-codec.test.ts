/**
 * The codec against protobufjs, an independent implementation that reads the same schemas: random messages of every
 * type mean the same to both and become the same bytes; round trips through bytes and JSON keep everything.
 */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { UNKNOWN } from '../src/index.ts';
import { arbitraryMessage } from './arbitrary-message.ts';
import { type AnyMessageType, allMessageTypes } from './message-types.ts';

const schema = join(fileURLToPath(new URL('.', import.meta.url)), '../schema');
const root = new protobuf.Root();
root.resolvePath = (_origin, target) => join(schema, basename(target));
root.loadSync(
  readdirSync(schema).filter((file) => file.endsWith('.proto')),
  { keepCase: true },
);
root.resolveAll();

const types = allMessageTypes();
const RUNS = 12;

/** A message as protobufjs prints it: 64-bit integers and bytes as text. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Numbers of `jstype = JS_NUMBER` fields are text to protobufjs too. */
function textOfLongs(type: AnyMessageType, message: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const field of type.fields) {
    const value = message[field.name];
    if (value === undefined) continue;
    const one = (item: unknown): unknown => {
      if (field.message !== undefined)
        return textOfLongs(field.message as unknown as AnyMessageType, item as Record<string, unknown>);
      return field.scalar?.endsWith(':number') ? String(item) : plain(item);
    };
    if (field.label === '*') result[field.name] = (value as unknown[]).map(one);
    else if (field.label === 'map')
      result[field.name] = Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, one(item)]));
    else result[field.name] = one(value);
  }
  return result;
}

const AS_TEXT = { longs: String, enums: String, bytes: String } as const;

describe('against protobufjs', () => {
  test('every type: our bytes mean the same to it, and its bytes to us', () => {
    for (const type of types) {
      const theirs = root.lookupType(type.fullName);
      fc.assert(
        fc.property(arbitraryMessage(type, 3), (message) => {
          const bytes = type.encode(message);
          const seen = theirs.decode(bytes);
          expect(theirs.toObject(seen, AS_TEXT), type.fullName).toEqual(textOfLongs(type, message));
          expect(Buffer.from(theirs.encode(seen).finish()).toString('hex'), type.fullName).toBe(bytes.toString('hex'));
          expect(type.decode(theirs.encode(seen).finish()), type.fullName).toEqual(message);
        }),
        { numRuns: RUNS },
      );
    }
  }, 60_000);
});

describe('round trips', () => {
  test('bytes keep every message, JSON too', () => {
    for (const type of types) {
      fc.assert(
        fc.property(arbitraryMessage(type, 3), (message) => {
          expect(type.decode(type.encode(message))).toEqual(message);
          const text = type.toJson(message);
          JSON.parse(text);
          expect(type.toJson(type.fromJson(text)), type.fullName).toBe(text);
        }),
        { numRuns: RUNS },
      );
    }
  }, 60_000);

  test('unknown fields come back, at any depth and through object spread', () => {
    const unknown = (number: number, text: string): Buffer => {
      const writer = protobuf.Writer.create();
      writer.uint32(((number << 3) | 2) >>> 0).string(text);
      writer.uint32(((number + 1) << 3) >>> 0).uint64(7);
      writer.uint32((((number + 2) << 3) | 1) >>> 0).double(0.5);
      writer.uint32((((number + 3) << 3) | 5) >>> 0).fixed32(9);
      return Buffer.from(writer.finish());
    };
    for (const type of types) {
      fc.assert(
        fc.property(
          arbitraryMessage(type, 2),
          fc.integer({ min: 1000, max: 18_000 }),
          fc.string(),
          (message, number, text) => {
            const extra = unknown(number, text);
            const bytes = Buffer.concat([type.encode(message), extra]);
            const decoded = type.decode(bytes);
            expect(type.encode({ ...decoded }).toString('hex'), type.fullName).toBe(bytes.toString('hex'));
            expect(decoded[UNKNOWN]).toEqual(extra);
          },
        ),
        { numRuns: 4 },
      );
    }
  }, 60_000);
});
