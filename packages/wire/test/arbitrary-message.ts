/** Random messages of a type, from its table of fields: absent and present fields, extreme numbers, nested, maps. */
import fc from 'fast-check';
import type { AnyMessageType } from './message-types.ts';

type Field = AnyMessageType['fields'][number];

const INT32 = fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 127, 128, 2 ** 31 - 1, -(2 ** 31)));
const UINT32 = fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 31));
const INT64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n),
);
const UINT64 = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constantFrom(0n, 2n ** 64n - 1n, 2n ** 63n));
const SAFE = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER));
const DOUBLE = fc.oneof(
  fc.double({ noNaN: true }),
  fc.constantFrom(0, 0.1, 1e21, -1e-7, Number.MAX_VALUE, Number.MIN_VALUE, Infinity, -Infinity),
);

const SCALARS: Record<string, fc.Arbitrary<unknown>> = {
  double: DOUBLE,
  float: fc.float({ noNaN: true }),
  int32: INT32,
  sint32: INT32,
  sfixed32: INT32,
  uint32: UINT32,
  fixed32: UINT32,
  int64: INT64,
  sint64: INT64,
  sfixed64: INT64,
  uint64: UINT64,
  fixed64: UINT64,
  'int64:number': SAFE,
  'uint64:number': fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER)),
  bool: fc.boolean(),
  string: fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme', maxLength: 70 }),
    fc.constantFrom('', '*', 'ä"\\\n\u2028'),
  ),
  bytes: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
};

function arbitraryValue(field: Field, depth: number): fc.Arbitrary<unknown> {
  if (field.message !== undefined) return arbitraryMessage(field.message as unknown as AnyMessageType, depth - 1);
  if (field.enumeration !== undefined) return fc.constantFrom(...Object.keys(field.enumeration.numbers));
  return SCALARS[field.scalar!]!;
}

function arbitraryField(field: Field, depth: number): fc.Arbitrary<unknown> {
  const value = arbitraryValue(field, depth);
  switch (field.label) {
    case '!':
      return value;
    case '?':
      return fc.option(value, { nil: undefined, freq: 1 });
    case '*':
      return fc.array(value, { minLength: 1, maxLength: 3 });
    case 'map':
      return fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('', 'cpus', '__proto__')), value, {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      });
  }
}

/** Messages nest up to `depth` below this one, deeper only where fields are required. */
export function arbitraryMessage(type: AnyMessageType, depth: number): fc.Arbitrary<Record<string, unknown>> {
  return fc.nat({ max: 2 ** 31 - 1 }).chain((mask) => {
    const chosen = type.fields.filter((field, i) => {
      if (field.label === '!') return true;
      if (field.message !== undefined && depth <= 0) return false;
      return ((mask >>> (i % 31)) & 1) === 1;
    });
    return fc
      .record(Object.fromEntries(chosen.map((field) => [field.name, arbitraryField(field, depth)])))
      .map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)));
  });
}
