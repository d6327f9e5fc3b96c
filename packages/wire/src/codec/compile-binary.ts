/**
 * Compiles a message's table of fields into straight-line encode and decode functions.
 *
 * Compiled at first use with `new Function` from schema constants only, never from input: about five times faster
 * than walking the table for each message (docs/adr/0002-codec.md).
 */
import { BinaryReader, MAX_DEPTH } from './binary-reader.ts';
import { BinaryWriter } from './binary-writer.ts';
import { type BinaryCodec, type Field, type MessageType, type Scalar, UNKNOWN } from './message-type.ts';
import { MissingFieldsError, WireError } from './wire-error.ts';

type Encode = (message: object, writer: BinaryWriter) => void;
type Decode = (reader: BinaryReader, end: number) => object;

interface Compiled {
  readonly encode: Encode;
  readonly decode: Decode;
}

const compiled = new WeakMap<MessageType<object>, Compiled>();

/** Thrown by generated code; {@link compileBinary} finds out which fields are missing and says so. */
const MISSING = new WireError('Missing required fields');

/** What the generated code may call. */
interface Runtime {
  readonly UNKNOWN: typeof UNKNOWN;
  readonly MAX_DEPTH: number;
  readonly MISSING: WireError;
  readonly codecOf: (type: MessageType<object>) => Compiled;
  readonly badEnum: (field: string, value: unknown) => never;
  /** Adds a range of the input to those that hold unknown fields: pairs of start and end, adjacent ones joined. */
  readonly addUnknown: (ranges: number[] | undefined, start: number, end: number) => number[];
  /** A copy of these ranges of the input, so that what is unknown never keeps a receive buffer alive. */
  readonly copyRanges: (reader: BinaryReader, ranges: readonly number[]) => Buffer;
  readonly tooDeep: (reader: BinaryReader) => never;
  readonly merge: (into: Record<string | symbol, unknown>, from: Record<string | symbol, unknown>) => object;
  readonly setKey: (map: Record<string, unknown>, key: string, value: unknown) => void;
}

const runtime: Runtime = {
  UNKNOWN,
  MAX_DEPTH,
  MISSING,
  codecOf,
  badEnum: (field, value) => {
    throw new WireError(`${field}: no such enum value: ${String(value)}`);
  },
  addUnknown: (ranges, start, end) => {
    if (ranges === undefined) return [start, end];
    if (ranges.at(-1) === start) ranges[ranges.length - 1] = end;
    else ranges.push(start, end);
    return ranges;
  },
  copyRanges: (reader, ranges) => {
    if (ranges.length === 2) return Buffer.from(reader.buffer.subarray(ranges[0], ranges[1]));
    const parts: Buffer[] = [];
    for (let i = 0; i < ranges.length; i += 2) parts.push(reader.buffer.subarray(ranges[i], ranges[i + 1]));
    return Buffer.concat(parts);
  },
  tooDeep: (reader) => reader.fail(`nesting deeper than ${MAX_DEPTH}`),
  merge,
  setKey: (map, key, value) => {
    Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
  },
};

/** A singular message met twice: later values win, lists are joined, messages are merged in turn (protobuf encoding). */
function merge(into: Record<string | symbol, unknown>, from: Record<string | symbol, unknown>): object {
  for (const key of Reflect.ownKeys(from)) {
    const value = from[key];
    const held = into[key];
    if (Buffer.isBuffer(value))
      into[key] = key === UNKNOWN && Buffer.isBuffer(held) ? Buffer.concat([held, value]) : value;
    else if (Array.isArray(value) && Array.isArray(held)) into[key] = held.concat(value);
    else if (typeof value === 'object' && typeof held === 'object')
      merge(held as Record<string, unknown>, value as Record<string, unknown>);
    else Object.defineProperty(into, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return into;
}

const WIRE_TYPE: Record<Scalar, number> = {
  double: 1,
  fixed64: 1,
  sfixed64: 1,
  string: 2,
  bytes: 2,
  float: 5,
  fixed32: 5,
  sfixed32: 5,
  int32: 0,
  int64: 0,
  uint32: 0,
  uint64: 0,
  sint32: 0,
  sint64: 0,
  bool: 0,
  'int64:number': 0,
  'uint64:number': 0,
};

const BIGINT = new Set<Scalar>(['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64']);

function readScalar(field: Field): string {
  switch (field.scalar) {
    case 'uint32':
      return 'r.varint32()';
    case 'int64:number':
      return `r.int64Number(${JSON.stringify(field.name)})`;
    case 'uint64:number':
      return `r.uint64Number(${JSON.stringify(field.name)})`;
    default:
      return `r.${field.scalar}()`;
  }
}

function writeScalar(scalar: Scalar, value: string): string {
  switch (scalar) {
    case 'uint32':
      return `w.varint(${value}>>>0);`;
    case 'uint64':
    case 'int64':
      return `w.varint64(${value});`;
    case 'int64:number':
    case 'uint64:number':
      return `w.int64Number(${value});`;
    case 'sfixed32':
      return `w.fixed32(${value});`;
    case 'sfixed64':
      return `w.fixed64(${value});`;
    default:
      return `w.${scalar}(${value});`;
  }
}

function wireType(field: Field): number {
  if (field.message !== undefined) return 2;
  return field.enumeration !== undefined ? 0 : WIRE_TYPE[field.scalar!];
}

function tagOf(field: Field): number {
  return ((field.number << 3) | (field.label === 'map' ? 2 : wireType(field))) >>> 0;
}

function writeTag(tag: number): string {
  return tag < 0x80 ? `w.byte(${tag});` : `w.varint(${tag});`;
}

/** Statement that writes one value (without presence checks), tag included. */
function encodeValue(field: Field, index: number, value: string, tag: number): string {
  const head = writeTag(tag);
  if (field.message !== undefined) {
    return `${head}{const m=w.open();encode${index}(${value},w);w.close(m);}`;
  }
  if (field.enumeration !== undefined) {
    return `{const n=enum${index}[${value}];if(n===undefined)rt.badEnum(${JSON.stringify(field.name)},${value});${head}w.int32(n);}`;
  }
  return head + writeScalar(field.scalar!, value);
}

function encodeField(field: Field, index: number): string {
  const name = JSON.stringify(field.name);
  const tag = tagOf(field);
  switch (field.label) {
    case '!':
      return `{const v=o[${name}];if(v===undefined||v===null)throw rt.MISSING;${encodeValue(field, index, 'v', tag)}}`;
    case '?':
      return `{const v=o[${name}];if(v!==undefined&&v!==null){${encodeValue(field, index, 'v', tag)}}}`;
    case '*':
      return `{const a=o[${name}];if(a)for(let i=0;i<a.length;i++){const v=a[i];${encodeValue(field, index, 'v', tag)}}}`;
    case 'map': {
      const entry: Field = { ...field, label: '!', number: 2 };
      return `{const a=o[${name}];if(a)for(const k of Object.keys(a)){const v=a[k];${writeTag(tag)}const e=w.open();w.byte(10);w.string(k);${encodeValue(entry, index, 'v', tagOf(entry))}w.close(e);}}`;
    }
  }
}

/** What a map entry without a value holds. */
function emptyValue(field: Field, index: number): string {
  if (field.message !== undefined) return `decode${index}(r,r.position)`;
  if (field.enumeration !== undefined) return JSON.stringify(Object.keys(field.enumeration.numbers)[0]);
  if (field.scalar === 'string') return "''";
  if (field.scalar === 'bytes') return 'Buffer.alloc(0)';
  if (field.scalar === 'bool') return 'false';
  return BIGINT.has(field.scalar!) ? '0n' : '0';
}

/** Statements that read one nested message into `x`. */
function decodeMessage(index: number): string {
  return `const l=r.length();if(++r.depth>rt.MAX_DEPTH)rt.tooDeep(r);const x=decode${index}(r,r.position+l);r.depth--;`;
}

function decodeField(field: Field, index: number): string {
  const name = JSON.stringify(field.name);
  const tag = tagOf(field);
  const push = `if(o[${name}])o[${name}].push(x);else o[${name}]=[x];`;
  const append = (value: string): string => `{const x=${value};${push}}`;
  if (field.label === 'map') {
    const inner: Field = { ...field, label: '!', number: 2 };
    const value =
      field.message !== undefined
        ? `{${decodeMessage(index)}v=x;}`
        : field.enumeration !== undefined
          ? `v=names${index}.get(r.int32());`
          : `v=${readScalar(inner)};`;
    return `case ${tag}:{const l=r.length();const e=r.position+l;let k='',v;while(r.position<e){const t=r.varint32();if(t===10)k=r.string();else if(t===${tagOf(inner)})${value}else r.skip(t);}
      if(v===undefined)v=${emptyValue(field, index)};rt.setKey(o[${name}]??={},k,v);break;}`;
  }
  if (field.message !== undefined) {
    const read = decodeMessage(index);
    if (field.label === '*') return `case ${tag}:{${read}${push}break;}`;
    return `case ${tag}:{${read}o[${name}]=o[${name}]===undefined?x:rt.merge(o[${name}],x);break;}`;
  }
  if (field.enumeration !== undefined) {
    const store = field.label === '*' ? append('n') : `o[${name}]=n;`;
    const one = `{const n=names${index}.get(r.int32());if(n===undefined)u=rt.addUnknown(u,s,r.position);else ${store}}`;
    const packed =
      field.label !== '*'
        ? ''
        : `case ${((field.number << 3) | 2) >>> 0}:{const l=r.length();const e=r.position+l;while(r.position<e){const n=names${index}.get(r.int32());if(n!==undefined)${append('n')}}break;}`;
    return `case ${tag}:${one}break;${packed}`;
  }
  const value = readScalar(field);
  if (field.label !== '*') return `case ${tag}:o[${name}]=${value};break;`;
  const packable = field.scalar !== 'string' && field.scalar !== 'bytes';
  const packed = packable
    ? `case ${((field.number << 3) | 2) >>> 0}:{const l=r.length();const e=r.position+l;while(r.position<e)${append(value)}break;}`
    : '';
  return `case ${tag}:${append(value)}break;${packed}`;
}

function compile(type: MessageType<object>): Compiled {
  const fields = type.fields;
  const byNumber = fields.map((field, index) => ({ field, index })).sort((a, b) => a.field.number - b.field.number);
  const bindings = fields.map((field, index) => {
    if (field.message !== undefined)
      // Bound at first use, because schemas are recursive.
      return `let encode${index}=(v,w)=>{encode${index}=rt.codecOf(fields[${index}].message).encode;encode${index}(v,w);},decode${index}=(r,e)=>{decode${index}=rt.codecOf(fields[${index}].message).decode;return decode${index}(r,e);};`;
    if (field.enumeration !== undefined)
      return `const enum${index}=fields[${index}].enumeration.numbers,names${index}=fields[${index}].enumeration.names;`;
    return '';
  });
  const required = fields
    .filter((field) => field.label === '!')
    .map((field) => `if(o[${JSON.stringify(field.name)}]===undefined)r.incomplete=true;`)
    .join('');
  const source = `'use strict';${bindings.join('')}
function encode(o,w){
${byNumber.map(({ field, index }) => encodeField(field, index)).join('\n')}
const u=o[rt.UNKNOWN];if(u!==undefined)w.raw(u);
}
function decode(r,end){
const o={};let u;
while(r.position<end){const s=r.position;const t=r.varint32();switch(t){
${fields.map((field, index) => decodeField(field, index)).join('\n')}
default:if((t>>>3)===0||(t&7)===4)r.fail('field number or wire type');r.skip(t);u=rt.addUnknown(u,s,r.position);}}
if(r.position!==end)r.fail('value crosses the end of its message');
if(u!==undefined)o[rt.UNKNOWN]=rt.copyRanges(r,u);
${required}return o;
}
return {encode,decode};`;
  const factory = new Function('rt', 'fields', source) as (rt: Runtime, fields: readonly Field[]) => Compiled;
  return factory(runtime, fields);
}

function codecOf(type: MessageType<object>): Compiled {
  let codec = compiled.get(type);
  if (codec === undefined) {
    codec = compile(type);
    compiled.set(type, codec);
  }
  return codec;
}

export function compileBinary(type: MessageType<object>): BinaryCodec {
  const codec = codecOf(type);
  return {
    encode(message) {
      const writer = new BinaryWriter();
      try {
        codec.encode(message, writer);
      } catch (error) {
        if (error !== MISSING) throw error;
        throw new MissingFieldsError(missingFields(type, message, ''));
      }
      return writer.finish();
    },
    decode(bytes) {
      const reader = new BinaryReader(bytes);
      const message = codec.decode(reader, reader.buffer.length);
      if (!reader.incomplete) return message;
      const missing = missingFields(type, message, '');
      if (missing.length > 0) throw new MissingFieldsError(missing);
      return message;
    },
  };
}

/** Types that need no check below them: no required field anywhere beneath. */
const neverMissing = new Map<MessageType<object>, boolean>();

function canMiss(type: MessageType<object>, seen: Set<MessageType<object>>): boolean {
  const known = neverMissing.get(type);
  if (known !== undefined) return !known;
  if (seen.has(type)) return false;
  seen.add(type);
  const answer = type.fields.some(
    (field) => field.label === '!' || (field.message !== undefined && canMiss(field.message, seen)),
  );
  if (seen.size === 1 || answer) neverMissing.set(type, !answer);
  return answer;
}

interface Check {
  readonly field: Field;
  readonly deep: MessageType<object> | undefined;
}

const checks = new Map<MessageType<object>, readonly Check[]>();

function checksOf(type: MessageType<object>): readonly Check[] {
  let list = checks.get(type);
  if (list === undefined) {
    list = type.fields.flatMap((field) => {
      const deep = field.message !== undefined && canMiss(field.message, new Set()) ? field.message : undefined;
      return field.label === '!' || deep !== undefined ? [{ field, deep }] : [];
    });
    checks.set(type, list);
  }
  return list;
}

/** An error lists this many missing fields at most. */
const MOST_MISSING = 50;

function findMissing(type: MessageType<object>, message: object, path: string, missing: string[]): void {
  for (const { field, deep } of checksOf(type)) {
    if (missing.length >= MOST_MISSING) return;
    const value = (message as Record<string, unknown>)[field.name];
    if (value === undefined || value === null) {
      if (field.label === '!') missing.push(path + field.name);
    } else if (deep !== undefined) {
      if (field.label === '*') {
        const items = value as object[];
        for (let i = 0; i < items.length; i++) findMissing(deep, items[i]!, `${path}${field.name}[${i}].`, missing);
      } else if (field.label === 'map') {
        for (const [key, item] of Object.entries(value as Record<string, object>))
          findMissing(deep, item, `${path}${field.name}[${key}].`, missing);
      } else findMissing(deep, value as object, `${path}${field.name}.`, missing);
    }
  }
}

/** Paths of required fields that are unset anywhere in `message`, such as `accept.offer_ids[0].value`. */
export function missingFields(type: MessageType<object>, message: object, path: string): string[] {
  const missing: string[] = [];
  findMissing(type, message, path, missing);
  return missing;
}
