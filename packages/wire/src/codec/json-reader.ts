/**
 * Reads Mesos JSON into messages, as leniently as the original: unknown keys and unknown values of optional enums are
 * ignored, null is unset, numbers and booleans may be strings, a lone value stands for a list of one.
 */

import { MAX_DEPTH } from './binary-reader.ts';
import { missingFields } from './compile-binary.ts';
import type { Field, MessageType } from './message-type.ts';
import { MissingFieldsError, WireError } from './wire-error.ts';

const INTEGER_LIMITS: Record<string, readonly [bigint, bigint]> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  sint32: [-(2n ** 31n), 2n ** 31n - 1n],
  sfixed32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  fixed32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  sint64: [-(2n ** 63n), 2n ** 63n - 1n],
  sfixed64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  fixed64: [0n, 2n ** 64n - 1n],
  'int64:number': [-(2n ** 53n) + 1n, 2n ** 53n - 1n],
  'uint64:number': [0n, 2n ** 53n - 1n],
};

const BIG = new Set(['int64', 'sint64', 'sfixed64', 'uint64', 'fixed64']);

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}

function refuse(value: unknown, path: string): never {
  throw new WireError(`Not expecting a JSON ${kindOf(value)} for field '${path}'`);
}

const JSON_NUMBER = /^\s*-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?\s*$/;

function notNumber(value: string, path: string): WireError {
  const near = value.length > 100 ? `${value.slice(0, 100)}...` : value;
  return new WireError(`Failed to parse '${near}' as a JSON number for field '${path}'`);
}

function readDouble(value: unknown, path: string): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') refuse(value, path);
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY;
  if (!JSON_NUMBER.test(value)) throw notNumber(value, path);
  return Number(value);
}

function readInteger(scalar: string, value: unknown, path: string): number | bigint {
  if (typeof value !== 'number' && typeof value !== 'string') refuse(value, path);
  if (typeof value === 'string' && !JSON_NUMBER.test(value)) throw notNumber(value, path);
  const number = Math.trunc(Number(value));
  if (!Number.isFinite(number)) throw new WireError(`Field '${path}' is not a finite number`);
  const [low, high] = INTEGER_LIMITS[scalar]!;
  // Long integers come as text, whose last digits a double would lose.
  const exact = typeof value === 'string' && /^\s*-?\d{1,40}\s*$/.test(value) ? BigInt(value) : BigInt(number);
  if (exact < low || exact > high)
    throw new WireError(`Field '${path}' is out of range: ${exact} is not within [${low}, ${high}]`);
  return BIG.has(scalar) ? exact : Number(exact);
}

const BASE64 = /^[A-Za-z0-9+/]*$/;

/** Standard alphabet only; white space is skipped and everything from the first `=` on ignored, as in the original. */
function readBytes(value: string, path: string): Buffer {
  const padding = value.indexOf('=');
  const text = (padding < 0 ? value : value.slice(0, padding)).replace(/\s+/g, '');
  if (!BASE64.test(text)) {
    const bad = /[^A-Za-z0-9+/]/u.exec(text)![0];
    throw new WireError(`Failed to base64 decode bytes field '${path}': Invalid character '${bad}'`);
  }
  return Buffer.from(text, 'base64');
}

function readScalar(field: Field, value: unknown, path: string): unknown {
  switch (field.scalar!) {
    case 'string':
      if (typeof value !== 'string') return refuse(value, path);
      // What bytes come from it would be those of other strings, too: two keys here would be one on disk.
      if (!value.isWellFormed()) throw new WireError(`String of field '${path}' is not well-formed Unicode`);
      return value;
    case 'bytes':
      return typeof value === 'string' ? readBytes(value, path) : refuse(value, path);
    case 'bool':
      if (typeof value === 'boolean') return value;
      if (value === 'true' || value === 'false') return value === 'true';
      if (typeof value === 'string')
        throw new WireError(`Failed to parse '${value.slice(0, 100)}' as a JSON boolean for field '${path}'`);
      return refuse(value, path);
    case 'double':
    case 'float':
      return readDouble(value, path);
    default:
      return readInteger(field.scalar!, value, path);
  }
}

/** Undefined for an enum name this schema does not know. */
function readValue(field: Field, value: unknown, path: string, depth: number): unknown {
  if (field.message !== undefined) return readObject(field.message, value, path, depth + 1);
  if (field.enumeration !== undefined) {
    if (typeof value !== 'string') refuse(value, path);
    if (Object.hasOwn(field.enumeration.numbers, value)) return value;
    if (field.label === '!') throw new WireError(`Failed to find enum for '${value.slice(0, 100)}' of field '${path}'`);
    return undefined;
  }
  return readScalar(field, value, path);
}

function readObject(type: MessageType<object>, value: unknown, path: string, depth: number): object {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new WireError(
      path === ''
        ? `Expecting a JSON object for ${type.fullName}`
        : `Not expecting a JSON ${kindOf(value)} for field '${path}'`,
    );
  }
  if (depth > MAX_DEPTH) throw new WireError(`JSON nests deeper than ${MAX_DEPTH} at field '${path}'`);
  const source = value as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const field of type.fields) {
    if (!Object.hasOwn(source, field.name)) continue;
    const item = source[field.name];
    if (item === undefined || item === null) continue;
    const at = path === '' ? field.name : `${path}.${field.name}`;
    if (field.label === '*') {
      const items = Array.isArray(item) ? item : [item];
      const list: unknown[] = [];
      for (let i = 0; i < items.length; i++) {
        const one = readValue(field, items[i], `${at}[${i}]`, depth);
        if (one !== undefined) list.push(one);
      }
      if (list.length > 0) result[field.name] = list;
    } else if (field.label === 'map') {
      if (typeof item !== 'object' || Array.isArray(item)) refuse(item, at);
      const map: Record<string, unknown> = {};
      for (const [key, entry] of Object.entries(item as Record<string, unknown>)) {
        if (!key.isWellFormed()) throw new WireError(`Key of field '${at}' is not well-formed Unicode`);
        const one = readValue(field, entry, `${at}[${key}]`, depth);
        if (one !== undefined)
          Object.defineProperty(map, key, { value: one, enumerable: true, writable: true, configurable: true });
      }
      result[field.name] = map;
    } else {
      const one = readValue(field, item, at, depth);
      if (one !== undefined) result[field.name] = one;
    }
  }
  return result;
}

export function readJsonMessage(type: MessageType<object>, value: unknown, path: string): object {
  const message = readObject(type, value, path, 0) as Record<string, unknown>;
  const missing = missingFields(type, message, path);
  if (missing.length > 0) throw new MissingFieldsError(missing);
  return message;
}
