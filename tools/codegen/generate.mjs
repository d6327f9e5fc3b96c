#!/usr/bin/env node
/**
 * Reads packages/wire/schema/*.proto and writes packages/wire/src/generated/*.ts: for each message a type and a table
 * of fields (see packages/wire/src/codec/schema.ts), for each enum a union of names and its numbers.
 *
 * `node tools/codegen/generate.mjs --check` writes nothing and exits 1 when a generated file is stale.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const wire = join(dirname(fileURLToPath(import.meta.url)), '../../packages/wire');
const schemaDirectory = join(wire, 'schema');
const outputDirectory = join(wire, 'src/generated');
const HEADER = '// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.\n';

/** Packages whose type names need a prefix to be told apart from the common ones. */
const PREFIXES = {
  'mesos.v1.scheduler': 'Scheduler',
  'mesos.v1.executor': 'Executor',
  'mesos.v1.master': 'Master',
  'mesos.v1.agent': 'Agent',
  'mesos.v1.maintenance': 'Maintenance',
  'mesos.v1.resource_provider': 'ResourceProvider',
  'mesos.resource_provider.registry': 'ResourceProviderRegistry',
  'mesos.internal.log': 'Log',
  'mesos.internal.state': 'State',
  'mesos.internal.agent.cni.spec': 'Cni',
  'mesos.scheduler': 'V0Scheduler',
};

const SCALARS = {
  double: 'number',
  float: 'number',
  int32: 'number',
  uint32: 'number',
  sint32: 'number',
  fixed32: 'number',
  sfixed32: 'number',
  int64: 'bigint',
  uint64: 'bigint',
  sint64: 'bigint',
  fixed64: 'bigint',
  sfixed64: 'bigint',
  bool: 'boolean',
  string: 'string',
  bytes: 'Uint8Array',
};

const files = readdirSync(schemaDirectory)
  .filter((name) => name.endsWith('.proto'))
  .sort();
const root = new protobuf.Root();
root.resolvePath = (_origin, target) => join(schemaDirectory, basename(target));
root.loadSync(files, { keepCase: true });
root.resolveAll();

function collect(namespace, into) {
  for (const object of namespace.nestedArray) {
    if (object instanceof protobuf.Type || object instanceof protobuf.Enum) into.push(object);
    if (object instanceof protobuf.Namespace) collect(object, into);
  }
  return into;
}

function typeName(object) {
  const path = [object.name];
  let parent = object.parent;
  while (parent instanceof protobuf.Type) {
    path.unshift(parent.name);
    parent = parent.parent;
  }
  return (PREFIXES[parent.fullName.slice(1)] ?? '') + path.join('');
}

const objects = collect(root, []);
const homes = new Map();
for (const object of objects) {
  const name = typeName(object);
  const file = basename(object.filename ?? topLevel(object).filename, '.proto');
  if (homes.has(name))
    throw new Error(`${name} is declared twice, in ${homes.get(name)} and ${file}: add a prefix for its package`);
  homes.set(name, file);
}

function topLevel(object) {
  return object.parent instanceof protobuf.Type ? topLevel(object.parent) : object;
}

function camel(file) {
  return file.replaceAll('_', '-');
}

function scalarOf(field) {
  return field.options?.jstype === 'JS_NUMBER' ? `${field.type}:number` : field.type;
}

function typeScriptType(field, uses) {
  let type;
  if (field.resolvedType) {
    type = typeName(field.resolvedType);
    uses.add(type);
  } else type = field.options?.jstype === 'JS_NUMBER' ? 'number' : SCALARS[field.type];
  if (field.map) return `Record<string, ${type}>`;
  return field.repeated ? `${type}[]` : type;
}

function fieldOptions(field) {
  const parts = [];
  const given = field.options?.default;
  if (given !== undefined)
    parts.push(
      `default: ${JSON.stringify(field.resolvedType || field.type === 'string' ? given : typeof given === 'string' ? JSON.parse(given) : given)}`,
    );
  if (field.options?.deprecated) parts.push('deprecated: true');
  return parts.length === 0 ? '' : `, { ${parts.join(', ')} }`;
}

function emitMessage(type, uses) {
  const name = typeName(type);
  const lines = [`export interface ${name} {`];
  for (const field of type.fieldsArray)
    lines.push(
      field.required
        ? `  ${field.name}: ${typeScriptType(field, uses)};`
        : `  ${field.name}?: ${typeScriptType(field, uses)} | undefined;`,
    );
  lines.push('}', `export const ${name}: MessageType<${name}> = message('${type.fullName.slice(1)}', [`);
  for (const field of type.fieldsArray) {
    const label = field.map ? 'map' : field.required ? '!' : field.repeated ? '*' : '?';
    const target = field.resolvedType ? `() => ${typeName(field.resolvedType)}` : `'${scalarOf(field)}'`;
    lines.push(`  [${field.id}, '${field.name}', '${label}', ${target}${fieldOptions(field)}],`);
  }
  lines.push(']);', '');
  return lines.join('\n');
}

function emitEnum(type) {
  const name = typeName(type);
  const names = Object.keys(type.values);
  return [
    `export type ${name} =${names.map((one) => `\n  | '${one}'`).join('')};`,
    `export const ${name}: EnumType<${name}> = enumeration('${type.fullName.slice(1)}', {`,
    ...names.map((one) => `  ${one}: ${type.values[one]},`),
    '});',
    '',
  ].join('\n');
}

const outputs = new Map();
for (const file of files.map((one) => basename(one, '.proto'))) {
  const own = objects.filter((object) => homes.get(typeName(object)) === file);
  const uses = new Set();
  const body = own
    .map((object) => (object instanceof protobuf.Enum ? emitEnum(object) : emitMessage(object, uses)))
    .join('\n');
  const imports = new Map();
  for (const name of uses) {
    const home = homes.get(name);
    if (home !== file) imports.set(home, [...(imports.get(home) ?? []), name]);
  }
  const needs = [
    own.some((o) => o instanceof protobuf.Enum) && 'type EnumType, enumeration',
    own.some((o) => o instanceof protobuf.Type) && 'type MessageType, message',
  ].filter(Boolean);
  let text = `${HEADER}import { ${needs.join(', ')} } from '../codec/schema.ts';\n`;
  for (const [home, names] of [...imports].sort())
    text += `import { ${names.sort().join(', ')} } from './${camel(home)}.ts';\n`;
  outputs.set(`${camel(file)}.ts`, `${text}\n${body}`);
}
outputs.set('index.ts', `${HEADER}${[...outputs.keys()].map((file) => `export * from './${file}';\n`).join('')}`);

const check = process.argv.includes('--check');
let stale = 0;
mkdirSync(outputDirectory, { recursive: true });
for (const [file, text] of outputs) {
  const path = join(outputDirectory, file);
  let held = '';
  try {
    held = readFileSync(path, 'utf8');
  } catch {}
  if (held === text) continue;
  stale++;
  if (check) console.error(`stale: packages/wire/src/generated/${file}; run npm run codegen`);
  else writeFileSync(path, text);
}
console.log(`codegen: ${objects.length} types in ${outputs.size} files, ${stale} ${check ? 'stale' : 'written'}`);
process.exitCode = check && stale > 0 ? 1 : 0;
