/** What stock masters and agents say of resources, in two forms each, against what we make of one of them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resource } from '@mesolite/wire';
import { describe, expect, test } from 'vitest';
import { capturesDirectory } from '../../../conformance/captured-traffic.mjs';
import { parseResources, Resources, toEndpointFormat, toPostRefinement } from '../src/index.ts';

const directory = capturesDirectory();
if (directory === undefined) console.log('skipped: no captures here (set MESOLITE_CAPTURES)');

type Json = Readonly<Record<string, unknown>>;

function read(path: string): Json {
  return JSON.parse(readFileSync(join(directory ?? '', 'operator', path), 'utf8')) as Json;
}

function listOf(json: unknown): Resource[] {
  return (json as unknown[]).map((one) => Resource.fromJsonValue(one));
}

const states = ['empty', 'running', 'finished', 'teardown'].filter(
  (state) => directory !== undefined && existsSync(join(directory, 'operator', state, 'master', 'GET_slaves.json')),
);

describe.skipIf(directory === undefined)('recorded resources', () => {
  test.each(states)('%s: the object form follows from the messages beside it', (state) => {
    const agents = read(`${state}/master/GET_slaves.json`)['slaves'] as Json[];
    expect(agents.length).toBeGreaterThan(0);
    for (const agent of agents)
      for (const key of ['used', 'offered', 'unreserved']) {
        const full = Resources.from(listOf(agent[`${key}_resources_full`]));
        expect(full.toV0Json()).toEqual(agent[`${key}_resources`]);
      }
  });

  test.each(states)('%s: the flag says what the agent has', (state) => {
    const agent = read(`${state}/agent/GET_state.json`);
    const flags = agent['flags'] as Json;
    const given = parseResources(String(flags['resources']), String(flags['default_role']));
    const total = Resources.from(given.ok ? given.value : []);
    expect(total.toV0Json()).toEqual(agent['resources']);
    expect(total.equals(Resources.from(listOf(agent['unreserved_resources_full'])))).toBe(true);
  });

  test.each(states)('%s: what is held and what is offered stay within the agent', (state) => {
    const answer = read(`${state}/master-api-v1/GET_AGENTS.json`)['get_agents'] as Json;
    for (const agent of answer['agents'] as Json[]) {
      const part = (key: string): Resource[] => listOf(agent[key] ?? []);
      const [total, allocated, offered] = ['total_resources', 'allocated_resources', 'offered_resources'].map(part);
      expect(Resources.from(total).contains(Resources.from([...allocated!, ...offered!]).unallocate())).toBe(true);
      // The operator's form is ours with the old fields beside it.
      const form = (list: Resource[]): string[] => list.map((one) => Resource.toJson(one));
      expect(form(toEndpointFormat(toPostRefinement(total)))).toEqual(form(total!));
    }
  });
});
