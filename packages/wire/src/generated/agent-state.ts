// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type MessageType, message } from '../codec/schema.ts';
import { Operation, Resource } from './mesos.ts';

export interface ResourceState {
  operations?: Operation[] | undefined;
  resources?: Resource[] | undefined;
}
export const ResourceState: MessageType<ResourceState> = message('mesos.internal.agent.ResourceState', [
  [1, 'operations', '*', () => Operation],
  [2, 'resources', '*', () => Resource],
]);
