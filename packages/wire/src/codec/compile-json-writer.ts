/**
 * Compiles a message's table of fields into a writer of Mesos JSON.
 *
 * Differs from proto3's canonical JSON: proto names, 64-bit integers as numbers, doubles always with a fraction,
 * and an unset optional field with a declared default is written unless it is deprecated.
 */
import type { Field, MessageType } from './message-type.ts';

type Write = (message: object) => string;

const compiled = new WeakMap<MessageType<object>, Write>();

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be escaped
const escapeNeeded = /["\\\u0000-\u001f\u007f-\uffff]/;

const runtime = {
  string: (value: string): string => (escapeNeeded.test(value) ? JSON.stringify(value) : `"${value}"`),
  bytes: (value: Uint8Array): string =>
    `"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}"`,
  double: (value: number): string => {
    if (Number.isInteger(value))
      return Math.abs(value) < 1e21 ? `${value === 0 && 1 / value < 0 ? '-0' : value}.0` : String(value);
    return Number.isFinite(value) ? String(value) : value > 0 ? '"Infinity"' : value < 0 ? '"-Infinity"' : '"NaN"';
  },
  writer:
    (type: MessageType<object>): Write =>
    (message) =>
      writerOf(type)(message),
};

function value(field: Field, index: number, expression: string): string {
  if (field.message !== undefined) return `write${index}(${expression})`;
  if (field.enumeration !== undefined) return `'"'+${expression}+'"'`;
  switch (field.scalar!) {
    case 'string':
      return `rt.string(${expression})`;
    case 'bytes':
      return `rt.bytes(${expression})`;
    case 'double':
    case 'float':
      return `rt.double(${expression})`;
    default:
      return `${expression}`;
  }
}

function defaultText(field: Field): string | undefined {
  if (field.default === undefined || field.deprecated || field.label !== '?') return undefined;
  if (field.scalar === 'double' || field.scalar === 'float') return runtime.double(field.default as number);
  return JSON.stringify(field.default);
}

function fieldSource(field: Field, index: number): string {
  const name = JSON.stringify(field.name);
  const put = (expression: string): string =>
    `s+=(s.length===1?'':',')+${JSON.stringify(`"${field.name}":`)}+${expression};`;
  switch (field.label) {
    case '*':
      return `{const a=o[${name}];if(a&&a.length){let t='[';for(let i=0;i<a.length;i++){if(i)t+=',';t+=${value(field, index, 'a[i]')};}${put("t+']'")}}}`;
    case 'map':
      return `{const a=o[${name}];if(a){let t='{';for(const k of Object.keys(a)){if(t.length>1)t+=',';t+=rt.string(k)+':'+${value(field, index, 'a[k]')};}if(t.length>1){${put("t+'}'")}}}}`;
    default: {
      const otherwise = defaultText(field);
      const unset = otherwise === undefined ? '' : `else ${put(JSON.stringify(otherwise))}`;
      return `{const v=o[${name}];if(v!==undefined&&v!==null){${put(value(field, index, 'v'))}}${unset}}`;
    }
  }
}

function writerOf(type: MessageType<object>): Write {
  let write = compiled.get(type);
  if (write === undefined) {
    const bindings = type.fields.map((field, index) =>
      field.message === undefined ? '' : `const write${index}=rt.writer(fields[${index}].message);`,
    );
    const source = `'use strict';${bindings.join('')}return function(o){let s='{';\n${type.fields.map(fieldSource).join('\n')}\nreturn s+'}';};`;
    write = (new Function('rt', 'fields', source) as (rt: typeof runtime, fields: readonly Field[]) => Write)(
      runtime,
      type.fields,
    );
    compiled.set(type, write);
  }
  return write;
}

export function compileJsonWriter(type: MessageType<object>): Write {
  return writerOf(type);
}
