// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type MessageType, message } from '../codec/schema.ts';

export interface CniRoute {
  dst: string;
  gw?: string | undefined;
}
export const CniRoute: MessageType<CniRoute> = message('mesos.internal.agent.cni.spec.Route', [
  [1, 'dst', '!', 'string'],
  [2, 'gw', '?', 'string'],
]);

export interface CniDNS {
  nameservers?: string[] | undefined;
  domain?: string | undefined;
  search?: string[] | undefined;
  options?: string[] | undefined;
}
export const CniDNS: MessageType<CniDNS> = message('mesos.internal.agent.cni.spec.DNS', [
  [1, 'nameservers', '*', 'string'],
  [2, 'domain', '?', 'string'],
  [3, 'search', '*', 'string'],
  [4, 'options', '*', 'string'],
]);

export interface CniIPConfig {
  ip: string;
  gateway?: string | undefined;
  routes?: CniRoute[] | undefined;
}
export const CniIPConfig: MessageType<CniIPConfig> = message('mesos.internal.agent.cni.spec.IPConfig', [
  [1, 'ip', '!', 'string'],
  [2, 'gateway', '?', 'string'],
  [3, 'routes', '*', () => CniRoute],
]);

export interface CniNetworkConfig {
  name: string;
  type: string;
  ipam?: CniNetworkConfigIPAM | undefined;
  dns?: CniDNS | undefined;
}
export const CniNetworkConfig: MessageType<CniNetworkConfig> = message('mesos.internal.agent.cni.spec.NetworkConfig', [
  [1, 'name', '!', 'string'],
  [2, 'type', '!', 'string'],
  [3, 'ipam', '?', () => CniNetworkConfigIPAM],
  [4, 'dns', '?', () => CniDNS],
]);

export interface CniNetworkConfigIPAM {
  type: string;
  routes?: CniRoute[] | undefined;
}
export const CniNetworkConfigIPAM: MessageType<CniNetworkConfigIPAM> = message('mesos.internal.agent.cni.spec.NetworkConfig.IPAM', [
  [1, 'type', '!', 'string'],
  [2, 'routes', '*', () => CniRoute],
]);

export interface CniNetworkInfo {
  ip4?: CniIPConfig | undefined;
  ip6?: CniIPConfig | undefined;
  dns?: CniDNS | undefined;
}
export const CniNetworkInfo: MessageType<CniNetworkInfo> = message('mesos.internal.agent.cni.spec.NetworkInfo', [
  [1, 'ip4', '?', () => CniIPConfig],
  [2, 'ip6', '?', () => CniIPConfig],
  [3, 'dns', '?', () => CniDNS],
]);

export interface CniError {
  cniVersion: string;
  code: number;
  msg: string;
  details?: string | undefined;
}
export const CniError: MessageType<CniError> = message('mesos.internal.agent.cni.spec.Error', [
  [1, 'cniVersion', '!', 'string'],
  [2, 'code', '!', 'uint32'],
  [3, 'msg', '!', 'string'],
  [4, 'details', '?', 'string'],
]);
