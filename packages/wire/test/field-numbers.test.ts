/**
 * Every field number, label, type and default against a table of facts taken from the original's definitions, so that
 * one changed number makes a test red. The table keeps the original's names; this test maps ours to them.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as wire from '../src/index.ts';
import { type EnumType, wireName } from '../src/index.ts';
import { type AnyMessageType, allMessageTypes } from './message-types.ts';

/** One spelling for v0 and v1, ours and theirs. */
function canonical(name: string): string {
  return name
    .replace(/^\./, '')
    .replace('mesos.internal.AgentInfoV0', 'mesos.SlaveInfo')
    .replace('csi.v0.VolumeCapability', 'mesos.v1.Volume.Source.CSIVolume.VolumeCapability')
    .replace(/^(string,)?mesos\.v1\./, '$1mesos.')
    .replaceAll('Agent', 'Slave')
    .replaceAll('agent', 'slave')
    .replaceAll('AGENT', 'SLAVE');
}

/** A line of the table in canonical spelling. v0 and v1 agents differ, so they keep apart by their own names. */
function canonicalLine(owner: string, rest: string): string {
  const line = rest.split(' ').map((word) => (word.includes('=') && word !== '=' ? word : canonical(word)));
  return `${owner === 'mesos.v1.AgentInfo' ? owner : canonical(owner)} ${line.join(' ')}`;
}

function ownerOf(path: string): [owner: string, member: string] {
  const dot = path.lastIndexOf('.');
  return [path.slice(0, dot), path.slice(dot + 1)];
}

const table = readFileSync(new URL('field-numbers.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const space = line.indexOf(' ');
    if (line.endsWith(' empty')) return `${canonical(line.slice(0, space))} empty`;
    const [owner, member] = ownerOf(line.slice(0, space));
    return canonicalLine(owner, `${member}${line.slice(space)}`);
  });

const LABELS = { '!': 'required', '?': 'optional', '*': 'repeated', map: 'map' } as const;

function fieldLines(type: AnyMessageType): string[] {
  if (type.fields.length === 0) return [`${canonical(type.fullName)} empty`];
  return type.fields.map((field) => {
    const target = field.message?.fullName ?? field.enumeration?.fullName ?? field.scalar!.replace(':number', '');
    const fallback =
      field.default === undefined
        ? ''
        : ` default=${field.scalar === 'string' ? JSON.stringify(field.default) : field.default}`;
    const deprecated = field.deprecated ? ' deprecated' : '';
    const key = field.label === 'map' ? 'string,' : '';
    const rest = `${field.name} ${field.number} ${LABELS[field.label]} ${key}${canonical(target)}${fallback}${deprecated}`;
    return canonicalLine(type.fullName, rest);
  });
}

function enumLines(type: EnumType): string[] {
  return Object.entries(type.numbers).map(([name, number]) => canonicalLine(type.fullName, `${name} = ${number}`));
}

const enums = (Object.values(wire) as unknown[]).filter(
  (value): value is EnumType => typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'enum',
);
/** Messages of our own are no business of the original's table. */
const shared = allMessageTypes().filter(({ fullName }) => !fullName.startsWith('mesolite.'));
const ours = [...shared.flatMap(fieldLines), ...enums.flatMap(enumLines)];

/** Ours beyond the original's definitions, each with its reason in the schema. */
const BEYOND = new Set(['mesos.v1.AgentInfo checkpoint 7 optional bool']);

describe('field numbers', () => {
  test('ours are the original’s', () => {
    const known = new Set(table);
    expect(ours.filter((line) => !known.has(line) && !BEYOND.has(line))).toEqual([]);
  });

  test('none of the original’s is missing', () => {
    const have = new Set(ours);
    expect(table.filter((line) => !have.has(line))).toEqual([]);
    expect(table.length).toBeGreaterThan(2000);
  });

  test('wire names of libprocess messages are the original’s', () => {
    const owners = new Set(
      readFileSync(new URL('field-numbers.txt', import.meta.url), 'utf8')
        .split('\n')
        .map((line) => /^(mesos\.internal\.\w+Message)[. ]/.exec(line)?.[1]),
    );
    const names = new Set(allMessageTypes().map((type) => wireName(type)));
    expect([...owners].filter((name) => name !== undefined && !names.has(name))).toEqual([]);
  });
});
