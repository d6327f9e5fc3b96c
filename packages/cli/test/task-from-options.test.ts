import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecuteOptions } from '../src/commands/execute.ts';
import { frameworkFromOptions, taskFromOptions } from '../src/execute/task-from-options.ts';

const BASE: ExecuteOptions = {
  master: '127.0.0.1:5050',
  shell: true,
  role: '*',
  checkpoint: false,
  partition_aware: true,
  content_type: 'protobuf',
};

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mesolite-options-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

describe('a task from options', () => {
  it('has the defaults of mesos-execute', () => {
    expect(taskFromOptions({ ...BASE, name: 'a', command: 'true' })).toMatchObject({
      name: 'a',
      task_id: { value: 'a' },
      resources: [
        { name: 'cpus', scalar: { value: 1 } },
        { name: 'mem', scalar: { value: 128 } },
      ],
      command: { shell: true, value: 'true' },
    });
  });

  it('gets a name made from its command', () => {
    const { value } = taskFromOptions({ ...BASE, command: '/bin/echo hi' }).task_id;
    expect(value).toMatch(/^bin-[0-9a-z]{6}$/);
    expect(taskFromOptions({ ...BASE, command: '"$X"' }).task_id.value).toMatch(/^X-/);
  });

  it('takes its environment from pairs, JSON and files, later ones winning', () => {
    const env = ['A=1', '{"B":"2","A":"3"}', file('env.json', '{"C":"x=y"}'), 'D=a=b c'];
    expect(taskFromOptions({ ...BASE, command: 'x', env }).command?.environment?.variables).toEqual([
      { name: 'A', type: 'VALUE', value: '3' },
      { name: 'B', type: 'VALUE', value: '2' },
      { name: 'C', type: 'VALUE', value: 'x=y' },
      { name: 'D', type: 'VALUE', value: 'a=b c' },
    ]);
  });

  it('without a shell splits the words', () => {
    const { command } = taskFromOptions({ ...BASE, shell: false, command: ' echo  a b ' });
    expect(command).toMatchObject({ shell: false, value: 'echo', arguments: ['echo', 'a', 'b'] });
  });

  it('reads a whole TaskInfo from text or a file', () => {
    const text =
      '{"name":"n","task_id":{"value":"i"},"resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":1}}],"command":{"value":"true"}}';
    for (const task of [text, file('task.json', text), `file://${join(directory, 'task.json')}`])
      expect(taskFromOptions({ ...BASE, task })).toMatchObject({ name: 'n', task_id: { value: 'i' } });
  });

  it.each<[Partial<ExecuteOptions>, RegExp]>([
    [{}, /give --command/],
    [{ name: 'a/b', command: 'x' }, /--name 'a\/b': .*invalid characters/],
    [{ name: '..', command: 'x' }, /'..' is disallowed/],
    [{ command: 'x', resources: 'cpus' }, /--resources: .*missing or extra/],
    [{ command: 'x', resources: ';' }, /a task needs some/],
    [{ command: 'x', resources: 'cpus:-1' }, /--resources/],
    [{ command: 'x', env: ['{"A":1}'] }, /'A' is not a string/],
    [{ command: 'x', env: ['{"A"'] }, /--env: /],
    [{ command: 'x', env: ['nowhere.json'] }, /neither JSON nor a file/],
    [{ command: 'x', task: '{}' }, /--command and --task exclude each other/],
    [{ task: '{}' }, /--task: .*name/],
    [{ task: '[1]' }, /expecting an object/],
    [{ task: '{"name":"n","task_id":{"value":"i"}}' }, /"resources" is empty/],
  ])('refuses %j', (options, words) => {
    expect(() => taskFromOptions({ ...BASE, ...options })).toThrow(words);
  });
});

describe('a framework from options', () => {
  it('sends the capabilities of mesos-execute and more when asked', () => {
    const names = (options: Partial<ExecuteOptions>) =>
      frameworkFromOptions({ ...BASE, ...options }).capabilities?.map(({ type }) => type);
    expect(names({})).toEqual(['RESERVATION_REFINEMENT', 'TASK_KILLING_STATE', 'MULTI_ROLE', 'PARTITION_AWARE']);
    expect(names({ partition_aware: false, framework_capabilities: ['GPU_RESOURCES'] })).toEqual([
      'RESERVATION_REFINEMENT',
      'TASK_KILLING_STATE',
      'MULTI_ROLE',
      'GPU_RESOURCES',
    ]);
    expect(() => names({ framework_capabilities: ['FLYING'] })).toThrow(
      /'FLYING' is unknown: expecting .*GPU_RESOURCES/,
    );
  });

  it('runs as the user of the command, who may be another', () => {
    expect(frameworkFromOptions(BASE).user).toBe(userInfo().username);
    expect(frameworkFromOptions({ ...BASE, user: 'web', role: 'web' })).toMatchObject({ user: 'web', roles: ['web'] });
  });
});
