/**
 * What a message type is: a table of fields, and codecs between plain objects, protobuf bytes and Mesos JSON.
 *
 * Never: knows one particular message.
 */

/** Raw bytes (tag and value) of fields, and enum values, that this schema does not know. Written back on encode. */
export const UNKNOWN: unique symbol = Symbol('unknown fields');

export type ScalarType =
  | 'double'
  | 'float'
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'sint32'
  | 'sint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed32'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes';

/** 64-bit fields are bigint unless declared `jstype = JS_NUMBER`, which limits them to ±(2^53 − 1). */
export type Scalar = ScalarType | 'int64:number' | 'uint64:number';

/** required, optional, repeated, or a map with string keys. */
export type Label = '!' | '?' | '*' | 'map';

export interface EnumType<Name extends string = string> {
  readonly kind: 'enum';
  readonly fullName: string;
  readonly numbers: Readonly<Record<Name, number>>;
  readonly names: ReadonlyMap<number, Name>;
}

export type FieldType = Scalar | (() => MessageType<object> | EnumType);

export interface FieldOptions {
  /** Written by JSON when unset, unless deprecated. Enums by name. */
  readonly default?: string | number | boolean;
  readonly deprecated?: boolean;
}

export type FieldSpec = readonly [number: number, name: string, label: Label, type: FieldType, options?: FieldOptions];

export interface Field {
  readonly number: number;
  readonly name: string;
  readonly label: Label;
  readonly scalar: Scalar | undefined;
  readonly message: MessageType<object> | undefined;
  readonly enumeration: EnumType | undefined;
  readonly default: string | number | boolean | undefined;
  readonly deprecated: boolean;
}

/** A message type: its schema and its codecs. `M` is the plain-object form with proto field names. */
export interface MessageType<M extends object> {
  readonly kind: 'message';
  /** The schema's own name, such as `mesos.v1.Offer`. */
  readonly fullName: string;
  /** In order of declaration, which is the order JSON is written in. */
  readonly fields: readonly Field[];
  /** Protobuf bytes, fields in order of number, unknown ones last. Throws WireError when a required field is unset. */
  encode(message: M): Buffer;
  /** Throws WireError on malformed bytes and on missing required fields. Byte fields are copied out of `bytes`. */
  decode(bytes: Uint8Array): M;
  /** Mesos JSON: proto names, 64-bit integers as numbers, doubles with a fraction, defaults of unset fields written. */
  toJson(message: M): string;
  /** Reads Mesos JSON text. Throws WireError, of which JsonSyntaxError means that the text is no JSON. */
  fromJson(text: string): M;
  /** As {@link fromJson}, from a parsed value. */
  fromJsonValue(value: unknown): M;
}

export interface BinaryCodec {
  encode(message: object): Buffer;
  decode(bytes: Uint8Array): object;
}
