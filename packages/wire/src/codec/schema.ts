/**
 * Declares message types for generated code. The codecs are compiled from the table of fields at first use.
 */
import { compileBinary } from './compile-binary.ts';
import { compileJsonWriter } from './compile-json-writer.ts';
import { readJsonMessage } from './json-reader.ts';
import { parseJson } from './json-text.ts';
import type { BinaryCodec, EnumType, Field, FieldSpec, MessageType } from './message-type.ts';

export type { EnumType, MessageType } from './message-type.ts';

class CompiledMessage implements MessageType<object> {
  readonly kind = 'message' as const;
  readonly fullName: string;
  readonly #specs: readonly FieldSpec[];
  #fields: readonly Field[] | undefined;
  #binary: BinaryCodec | undefined;
  #writeJson: ((message: object) => string) | undefined;

  constructor(fullName: string, specs: readonly FieldSpec[]) {
    this.fullName = fullName;
    this.#specs = specs;
  }

  get fields(): readonly Field[] {
    this.#fields ??= this.#specs.map(resolveField);
    return this.#fields;
  }

  encode(message: object): Buffer {
    this.#binary ??= compileBinary(this);
    return this.#binary.encode(message);
  }

  decode(bytes: Uint8Array): object {
    this.#binary ??= compileBinary(this);
    return this.#binary.decode(bytes);
  }

  toJson(message: object): string {
    this.#writeJson ??= compileJsonWriter(this);
    return this.#writeJson(message);
  }

  fromJson(text: string): object {
    return this.fromJsonValue(parseJson(text));
  }

  fromJsonValue(value: unknown): object {
    return readJsonMessage(this, value, '');
  }
}

function resolveField([number, name, label, type, options]: FieldSpec): Field {
  const target = typeof type === 'function' ? type() : undefined;
  return {
    number,
    name,
    label,
    scalar: typeof type === 'string' ? type : undefined,
    message: target?.kind === 'message' ? target : undefined,
    enumeration: target?.kind === 'enum' ? target : undefined,
    default: options?.default,
    deprecated: options?.deprecated ?? false,
  };
}

/** Declares a message type. Generated code calls this; types of fields are thunks so that schemas may be recursive. */
export function message<M extends object>(fullName: string, specs: readonly FieldSpec[]): MessageType<M> {
  return new CompiledMessage(fullName, specs) as MessageType<object> as MessageType<M>;
}

export function enumeration<Name extends string>(
  fullName: string,
  numbers: Readonly<Record<Name, number>>,
): EnumType<Name> {
  const names = new Map<number, Name>();
  for (const [name, number] of Object.entries(numbers) as [Name, number][])
    if (!names.has(number)) names.set(number, name);
  return { kind: 'enum', fullName, numbers, names };
}
