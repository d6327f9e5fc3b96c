// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type MessageType, message } from '../codec/schema.ts';
import { ResourceProviderID } from './mesos.ts';

export interface ResourceProviderRegistryResourceProvider {
  id: ResourceProviderID;
  type?: string | undefined;
  name?: string | undefined;
}
export const ResourceProviderRegistryResourceProvider: MessageType<ResourceProviderRegistryResourceProvider> = message('mesos.resource_provider.registry.ResourceProvider', [
  [1, 'id', '!', () => ResourceProviderID],
  [2, 'type', '?', 'string'],
  [3, 'name', '?', 'string'],
]);

export interface ResourceProviderRegistryRegistry {
  resource_providers?: ResourceProviderRegistryResourceProvider[] | undefined;
  removed_resource_providers?: ResourceProviderRegistryResourceProvider[] | undefined;
}
export const ResourceProviderRegistryRegistry: MessageType<ResourceProviderRegistryRegistry> = message('mesos.resource_provider.registry.Registry', [
  [1, 'resource_providers', '*', () => ResourceProviderRegistryResourceProvider],
  [2, 'removed_resource_providers', '*', () => ResourceProviderRegistryResourceProvider],
]);
