/** What the options of `execute` say: the framework and its one task. Everything wrong with them is found here. */
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { idError } from '@mesolite/base';
import { parseResources, toPostRefinement } from '@mesolite/resources';
import { program, shell } from '@mesolite/sdk';
import { type FrameworkInfo, FrameworkInfoCapabilityType, TaskInfo, WireError } from '@mesolite/wire';
import type { ExecuteOptions } from '../commands/execute.ts';
import { CommandError, USAGE } from '../exit-codes.ts';

const DEFAULT_RESOURCES = 'cpus:1;mem:128';

export function frameworkFromOptions(options: ExecuteOptions): FrameworkInfo {
  const names = new Set<FrameworkInfoCapabilityType>(['RESERVATION_REFINEMENT', 'TASK_KILLING_STATE', 'MULTI_ROLE']);
  if (options.partition_aware) names.add('PARTITION_AWARE');
  for (const name of options.framework_capabilities ?? []) names.add(capability(name));
  return {
    user: options.user ?? userInfo().username,
    name: 'mesolite execute',
    roles: [options.role],
    checkpoint: options.checkpoint,
    principal: options.principal,
    capabilities: [...names].map((type) => ({ type })),
  };
}

export function taskFromOptions(options: ExecuteOptions): TaskInfo {
  if (options.task !== undefined) {
    const clash = (['name', 'command', 'env', 'resources', 'uris'] as const).find(
      (name) => options[name] !== undefined,
    );
    if (clash !== undefined) throw wrong(`--${clash} and --task exclude each other: the task says it all`);
    return taskFromJson(textOrFile('--task', options.task));
  }
  if (options.command === undefined) throw wrong('give --command, or a whole task by --task');
  const id = options.name ?? nameOf(options.command);
  const bad = idError(id);
  if (bad !== undefined) throw wrong(`--name '${id}': ${bad}`);
  const parsed = parseResources(options.resources ?? DEFAULT_RESOURCES, '*');
  if (!parsed.ok) throw wrong(`--resources: ${parsed.error}`);
  if (parsed.value.length === 0) throw wrong('--resources: a task needs some');
  const parts = { env: environmentOf(options.env ?? []), uris: options.uris, user: options.user };
  const words = options.command.split(/\s+/).filter((word) => word !== '');
  const command = options.shell ? shell(options.command, parts) : program(words[0] ?? '', words.slice(1), parts);
  return { name: id, task_id: { value: id }, agent_id: { value: '' }, resources: parsed.value, command };
}

function taskFromJson(text: string): TaskInfo {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('--task: expecting an object');
    const task = TaskInfo.fromJsonValue({ agent_id: { value: '' }, ...value });
    const resources = toPostRefinement(task.resources ?? []);
    if (resources.length === 0) throw wrong('--task: "resources" is empty');
    return { ...task, resources: resources.map((resource) => ({ ...resource, allocation_info: undefined })) };
  } catch (error) {
    if (error instanceof WireError || error instanceof SyntaxError) throw wrong(`--task: ${error.message}`);
    throw error;
  }
}

/** Each entry is NAME=VALUE, a JSON object, or the path of a file holding one; later ones win. */
function environmentOf(entries: readonly string[]): Record<string, string> | undefined {
  if (entries.length === 0) return undefined;
  const variables: Record<string, string> = {};
  for (const entry of entries) {
    const pair = /^([A-Za-z_]\w*)=(.*)$/s.exec(entry);
    if (pair !== null) variables[pair[1]!] = pair[2]!;
    else Object.assign(variables, environmentFromJson(textOrFile('--env', entry)));
  }
  return variables;
}

function environmentFromJson(text: string): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong(`--env: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('--env: expecting a JSON object such as {"NAME": "value"}');
  const wrongName = Object.entries(value).find(([, entry]) => typeof entry !== 'string')?.[0];
  if (wrongName !== undefined) throw wrong(`--env: the value of '${wrongName}' is not a string`);
  return value as Record<string, string>;
}

function textOrFile(option: string, given: string): string {
  if (/^\s*[{[]/.test(given)) return given;
  const path = given.startsWith('file://') ? given.slice('file://'.length) : given;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw wrong(`${option}: neither JSON nor a file that can be read: ${(error as Error).message}`);
  }
}

function capability(name: string): FrameworkInfoCapabilityType {
  const known = FrameworkInfoCapabilityType.numbers;
  if (Object.hasOwn(known, name)) return name as FrameworkInfoCapabilityType;
  const names = Object.keys(known).filter((other) => other !== 'UNKNOWN');
  throw wrong(`--framework_capabilities: '${name}' is unknown: expecting ${names.join(', ')}`);
}

/** `echo hi; exit 3` becomes `echo-1a2b3c`: readable, and different each time. */
function nameOf(command: string): string {
  const word = /[A-Za-z0-9_.-]+/.exec(command)?.[0]?.replace(/^[.-]+/, '') ?? '';
  const distinct = Math.floor(Math.random() * 36 ** 6)
    .toString(36)
    .padStart(6, '0');
  return `${word === '' ? 'task' : word.slice(0, 40)}-${distinct}`;
}

function wrong(message: string): CommandError {
  return new CommandError(message, USAGE);
}
