// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';
import { CniDNS } from './cni.ts';
import { AgentInfoCapability, DurationInfo, Image } from './mesos.ts';

export interface Firewall {
  disabled_endpoints?: FirewallDisabledEndpointsRule | undefined;
}
export const Firewall: MessageType<Firewall> = message('mesos.internal.Firewall', [
  [1, 'disabled_endpoints', '?', () => FirewallDisabledEndpointsRule],
]);

export interface FirewallDisabledEndpointsRule {
  paths?: string[] | undefined;
}
export const FirewallDisabledEndpointsRule: MessageType<FirewallDisabledEndpointsRule> = message('mesos.internal.Firewall.DisabledEndpointsRule', [
  [1, 'paths', '*', 'string'],
]);

export interface ContainerDNSInfo {
  mesos?: ContainerDNSInfoMesosInfo[] | undefined;
  docker?: ContainerDNSInfoDockerInfo[] | undefined;
}
export const ContainerDNSInfo: MessageType<ContainerDNSInfo> = message('mesos.internal.ContainerDNSInfo', [
  [1, 'mesos', '*', () => ContainerDNSInfoMesosInfo],
  [2, 'docker', '*', () => ContainerDNSInfoDockerInfo],
]);

export interface ContainerDNSInfoMesosInfo {
  network_mode?: ContainerDNSInfoMesosInfoNetworkMode | undefined;
  network_name?: string | undefined;
  dns: CniDNS;
}
export const ContainerDNSInfoMesosInfo: MessageType<ContainerDNSInfoMesosInfo> = message('mesos.internal.ContainerDNSInfo.MesosInfo', [
  [1, 'network_mode', '?', () => ContainerDNSInfoMesosInfoNetworkMode],
  [2, 'network_name', '?', 'string'],
  [3, 'dns', '!', () => CniDNS],
]);

export type ContainerDNSInfoMesosInfoNetworkMode =
  | 'UNKNOWN'
  | 'HOST'
  | 'CNI';
export const ContainerDNSInfoMesosInfoNetworkMode: EnumType<ContainerDNSInfoMesosInfoNetworkMode> = enumeration('mesos.internal.ContainerDNSInfo.MesosInfo.NetworkMode', {
  UNKNOWN: 0,
  HOST: 1,
  CNI: 2,
});

export interface ContainerDNSInfoDockerInfo {
  network_mode?: ContainerDNSInfoDockerInfoNetworkMode | undefined;
  network_name?: string | undefined;
  dns: ContainerDNSInfoDockerInfoDNS;
}
export const ContainerDNSInfoDockerInfo: MessageType<ContainerDNSInfoDockerInfo> = message('mesos.internal.ContainerDNSInfo.DockerInfo', [
  [1, 'network_mode', '?', () => ContainerDNSInfoDockerInfoNetworkMode],
  [2, 'network_name', '?', 'string'],
  [3, 'dns', '!', () => ContainerDNSInfoDockerInfoDNS],
]);

export type ContainerDNSInfoDockerInfoNetworkMode =
  | 'UNKNOWN'
  | 'HOST'
  | 'BRIDGE'
  | 'USER';
export const ContainerDNSInfoDockerInfoNetworkMode: EnumType<ContainerDNSInfoDockerInfoNetworkMode> = enumeration('mesos.internal.ContainerDNSInfo.DockerInfo.NetworkMode', {
  UNKNOWN: 0,
  HOST: 1,
  BRIDGE: 2,
  USER: 3,
});

export interface ContainerDNSInfoDockerInfoDNS {
  nameservers?: string[] | undefined;
  search?: string[] | undefined;
  options?: string[] | undefined;
}
export const ContainerDNSInfoDockerInfoDNS: MessageType<ContainerDNSInfoDockerInfoDNS> = message('mesos.internal.ContainerDNSInfo.DockerInfo.DNS', [
  [1, 'nameservers', '*', 'string'],
  [2, 'search', '*', 'string'],
  [3, 'options', '*', 'string'],
]);

export interface AgentCapabilities {
  capabilities?: AgentInfoCapability[] | undefined;
}
export const AgentCapabilities: MessageType<AgentCapabilities> = message('mesos.internal.AgentCapabilities', [
  [1, 'capabilities', '*', () => AgentInfoCapability],
]);

export interface ImageGcConfig {
  image_disk_headroom: number;
  image_disk_watch_interval: DurationInfo;
  excluded_images?: Image[] | undefined;
}
export const ImageGcConfig: MessageType<ImageGcConfig> = message('mesos.internal.ImageGcConfig', [
  [1, 'image_disk_headroom', '!', 'double'],
  [2, 'image_disk_watch_interval', '!', () => DurationInfo],
  [3, 'excluded_images', '*', () => Image],
]);
