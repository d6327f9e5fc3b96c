// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type MessageType, message } from '../codec/schema.ts';
import { VolumeSourceCSIVolumeVolumeCapability } from './mesos.ts';

export interface DiskProfileMapping {
  profile_matrix?: Record<string, DiskProfileMappingCSIManifest> | undefined;
}
export const DiskProfileMapping: MessageType<DiskProfileMapping> = message('mesos.resource_provider.DiskProfileMapping', [
  [1, 'profile_matrix', 'map', () => DiskProfileMappingCSIManifest],
]);

export interface DiskProfileMappingCSIManifest {
  resource_provider_selector?: DiskProfileMappingCSIManifestResourceProviderSelector | undefined;
  csi_plugin_type_selector?: DiskProfileMappingCSIManifestCSIPluginTypeSelector | undefined;
  volume_capabilities?: VolumeSourceCSIVolumeVolumeCapability | undefined;
  create_parameters?: Record<string, string> | undefined;
}
export const DiskProfileMappingCSIManifest: MessageType<DiskProfileMappingCSIManifest> = message('mesos.resource_provider.DiskProfileMapping.CSIManifest', [
  [3, 'resource_provider_selector', '?', () => DiskProfileMappingCSIManifestResourceProviderSelector],
  [4, 'csi_plugin_type_selector', '?', () => DiskProfileMappingCSIManifestCSIPluginTypeSelector],
  [1, 'volume_capabilities', '?', () => VolumeSourceCSIVolumeVolumeCapability],
  [2, 'create_parameters', 'map', 'string'],
]);

export interface DiskProfileMappingCSIManifestResourceProviderSelector {
  resource_providers?: DiskProfileMappingCSIManifestResourceProviderSelectorResourceProvider[] | undefined;
}
export const DiskProfileMappingCSIManifestResourceProviderSelector: MessageType<DiskProfileMappingCSIManifestResourceProviderSelector> = message('mesos.resource_provider.DiskProfileMapping.CSIManifest.ResourceProviderSelector', [
  [1, 'resource_providers', '*', () => DiskProfileMappingCSIManifestResourceProviderSelectorResourceProvider],
]);

export interface DiskProfileMappingCSIManifestResourceProviderSelectorResourceProvider {
  type?: string | undefined;
  name?: string | undefined;
}
export const DiskProfileMappingCSIManifestResourceProviderSelectorResourceProvider: MessageType<DiskProfileMappingCSIManifestResourceProviderSelectorResourceProvider> = message('mesos.resource_provider.DiskProfileMapping.CSIManifest.ResourceProviderSelector.ResourceProvider', [
  [1, 'type', '?', 'string'],
  [2, 'name', '?', 'string'],
]);

export interface DiskProfileMappingCSIManifestCSIPluginTypeSelector {
  plugin_type?: string | undefined;
}
export const DiskProfileMappingCSIManifestCSIPluginTypeSelector: MessageType<DiskProfileMappingCSIManifestCSIPluginTypeSelector> = message('mesos.resource_provider.DiskProfileMapping.CSIManifest.CSIPluginTypeSelector', [
  [1, 'plugin_type', '?', 'string'],
]);
