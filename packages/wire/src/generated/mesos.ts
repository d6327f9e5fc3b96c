// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';

export type Status =
  | 'DRIVER_NOT_STARTED'
  | 'DRIVER_RUNNING'
  | 'DRIVER_ABORTED'
  | 'DRIVER_STOPPED';
export const Status: EnumType<Status> = enumeration('mesos.v1.Status', {
  DRIVER_NOT_STARTED: 1,
  DRIVER_RUNNING: 2,
  DRIVER_ABORTED: 3,
  DRIVER_STOPPED: 4,
});

export interface FrameworkID {
  value: string;
}
export const FrameworkID: MessageType<FrameworkID> = message('mesos.v1.FrameworkID', [
  [1, 'value', '!', 'string'],
]);

export interface OfferID {
  value: string;
}
export const OfferID: MessageType<OfferID> = message('mesos.v1.OfferID', [
  [1, 'value', '!', 'string'],
]);

export interface AgentID {
  value: string;
}
export const AgentID: MessageType<AgentID> = message('mesos.v1.AgentID', [
  [1, 'value', '!', 'string'],
]);

export interface TaskID {
  value: string;
}
export const TaskID: MessageType<TaskID> = message('mesos.v1.TaskID', [
  [1, 'value', '!', 'string'],
]);

export interface ExecutorID {
  value: string;
}
export const ExecutorID: MessageType<ExecutorID> = message('mesos.v1.ExecutorID', [
  [1, 'value', '!', 'string'],
]);

export interface ContainerID {
  value: string;
  parent?: ContainerID | undefined;
}
export const ContainerID: MessageType<ContainerID> = message('mesos.v1.ContainerID', [
  [1, 'value', '!', 'string'],
  [2, 'parent', '?', () => ContainerID],
]);

export interface ResourceProviderID {
  value: string;
}
export const ResourceProviderID: MessageType<ResourceProviderID> = message('mesos.v1.ResourceProviderID', [
  [1, 'value', '!', 'string'],
]);

export interface OperationID {
  value: string;
}
export const OperationID: MessageType<OperationID> = message('mesos.v1.OperationID', [
  [1, 'value', '!', 'string'],
]);

export interface TimeInfo {
  nanoseconds: bigint;
}
export const TimeInfo: MessageType<TimeInfo> = message('mesos.v1.TimeInfo', [
  [1, 'nanoseconds', '!', 'int64'],
]);

export interface DurationInfo {
  nanoseconds: bigint;
}
export const DurationInfo: MessageType<DurationInfo> = message('mesos.v1.DurationInfo', [
  [1, 'nanoseconds', '!', 'int64'],
]);

export interface Address {
  hostname?: string | undefined;
  ip?: string | undefined;
  port: number;
}
export const Address: MessageType<Address> = message('mesos.v1.Address', [
  [1, 'hostname', '?', 'string'],
  [2, 'ip', '?', 'string'],
  [3, 'port', '!', 'int32'],
]);

export interface URL {
  scheme: string;
  address: Address;
  path?: string | undefined;
  query?: Parameter[] | undefined;
  fragment?: string | undefined;
}
export const URL: MessageType<URL> = message('mesos.v1.URL', [
  [1, 'scheme', '!', 'string'],
  [2, 'address', '!', () => Address],
  [3, 'path', '?', 'string'],
  [4, 'query', '*', () => Parameter],
  [5, 'fragment', '?', 'string'],
]);

export interface Unavailability {
  start: TimeInfo;
  duration?: DurationInfo | undefined;
}
export const Unavailability: MessageType<Unavailability> = message('mesos.v1.Unavailability', [
  [1, 'start', '!', () => TimeInfo],
  [2, 'duration', '?', () => DurationInfo],
]);

export interface MachineID {
  hostname?: string | undefined;
  ip?: string | undefined;
}
export const MachineID: MessageType<MachineID> = message('mesos.v1.MachineID', [
  [1, 'hostname', '?', 'string'],
  [2, 'ip', '?', 'string'],
]);

export interface MachineInfo {
  id: MachineID;
  mode?: MachineInfoMode | undefined;
  unavailability?: Unavailability | undefined;
}
export const MachineInfo: MessageType<MachineInfo> = message('mesos.v1.MachineInfo', [
  [1, 'id', '!', () => MachineID],
  [2, 'mode', '?', () => MachineInfoMode],
  [3, 'unavailability', '?', () => Unavailability],
]);

export type MachineInfoMode =
  | 'UP'
  | 'DRAINING'
  | 'DOWN';
export const MachineInfoMode: EnumType<MachineInfoMode> = enumeration('mesos.v1.MachineInfo.Mode', {
  UP: 1,
  DRAINING: 2,
  DOWN: 3,
});

export interface FrameworkInfo {
  user: string;
  name: string;
  id?: FrameworkID | undefined;
  failover_timeout?: number | undefined;
  checkpoint?: boolean | undefined;
  role?: string | undefined;
  roles?: string[] | undefined;
  hostname?: string | undefined;
  principal?: string | undefined;
  webui_url?: string | undefined;
  capabilities?: FrameworkInfoCapability[] | undefined;
  labels?: Labels | undefined;
  offer_filters?: Record<string, OfferFilters> | undefined;
}
export const FrameworkInfo: MessageType<FrameworkInfo> = message('mesos.v1.FrameworkInfo', [
  [1, 'user', '!', 'string'],
  [2, 'name', '!', 'string'],
  [3, 'id', '?', () => FrameworkID],
  [4, 'failover_timeout', '?', 'double', { default: 0 }],
  [5, 'checkpoint', '?', 'bool', { default: false }],
  [6, 'role', '?', 'string', { default: "*", deprecated: true }],
  [12, 'roles', '*', 'string'],
  [7, 'hostname', '?', 'string'],
  [8, 'principal', '?', 'string'],
  [9, 'webui_url', '?', 'string'],
  [10, 'capabilities', '*', () => FrameworkInfoCapability],
  [11, 'labels', '?', () => Labels],
  [13, 'offer_filters', 'map', () => OfferFilters],
]);

export interface FrameworkInfoCapability {
  type?: FrameworkInfoCapabilityType | undefined;
}
export const FrameworkInfoCapability: MessageType<FrameworkInfoCapability> = message('mesos.v1.FrameworkInfo.Capability', [
  [1, 'type', '?', () => FrameworkInfoCapabilityType],
]);

export type FrameworkInfoCapabilityType =
  | 'UNKNOWN'
  | 'REVOCABLE_RESOURCES'
  | 'TASK_KILLING_STATE'
  | 'GPU_RESOURCES'
  | 'SHARED_RESOURCES'
  | 'PARTITION_AWARE'
  | 'MULTI_ROLE'
  | 'RESERVATION_REFINEMENT'
  | 'REGION_AWARE';
export const FrameworkInfoCapabilityType: EnumType<FrameworkInfoCapabilityType> = enumeration('mesos.v1.FrameworkInfo.Capability.Type', {
  UNKNOWN: 0,
  REVOCABLE_RESOURCES: 1,
  TASK_KILLING_STATE: 2,
  GPU_RESOURCES: 3,
  SHARED_RESOURCES: 4,
  PARTITION_AWARE: 5,
  MULTI_ROLE: 6,
  RESERVATION_REFINEMENT: 7,
  REGION_AWARE: 8,
});

export interface CheckInfo {
  type?: CheckInfoType | undefined;
  command?: CheckInfoCommand | undefined;
  http?: CheckInfoHttp | undefined;
  tcp?: CheckInfoTcp | undefined;
  delay_seconds?: number | undefined;
  interval_seconds?: number | undefined;
  timeout_seconds?: number | undefined;
}
export const CheckInfo: MessageType<CheckInfo> = message('mesos.v1.CheckInfo', [
  [1, 'type', '?', () => CheckInfoType],
  [2, 'command', '?', () => CheckInfoCommand],
  [3, 'http', '?', () => CheckInfoHttp],
  [7, 'tcp', '?', () => CheckInfoTcp],
  [4, 'delay_seconds', '?', 'double', { default: 15 }],
  [5, 'interval_seconds', '?', 'double', { default: 10 }],
  [6, 'timeout_seconds', '?', 'double', { default: 20 }],
]);

export type CheckInfoType =
  | 'UNKNOWN'
  | 'COMMAND'
  | 'HTTP'
  | 'TCP';
export const CheckInfoType: EnumType<CheckInfoType> = enumeration('mesos.v1.CheckInfo.Type', {
  UNKNOWN: 0,
  COMMAND: 1,
  HTTP: 2,
  TCP: 3,
});

export interface CheckInfoCommand {
  command: CommandInfo;
}
export const CheckInfoCommand: MessageType<CheckInfoCommand> = message('mesos.v1.CheckInfo.Command', [
  [1, 'command', '!', () => CommandInfo],
]);

export interface CheckInfoHttp {
  port: number;
  path?: string | undefined;
}
export const CheckInfoHttp: MessageType<CheckInfoHttp> = message('mesos.v1.CheckInfo.Http', [
  [1, 'port', '!', 'uint32'],
  [2, 'path', '?', 'string'],
]);

export interface CheckInfoTcp {
  port: number;
}
export const CheckInfoTcp: MessageType<CheckInfoTcp> = message('mesos.v1.CheckInfo.Tcp', [
  [1, 'port', '!', 'uint32'],
]);

export interface HealthCheck {
  delay_seconds?: number | undefined;
  interval_seconds?: number | undefined;
  timeout_seconds?: number | undefined;
  consecutive_failures?: number | undefined;
  grace_period_seconds?: number | undefined;
  type?: HealthCheckType | undefined;
  command?: CommandInfo | undefined;
  http?: HealthCheckHTTPCheckInfo | undefined;
  tcp?: HealthCheckTCPCheckInfo | undefined;
}
export const HealthCheck: MessageType<HealthCheck> = message('mesos.v1.HealthCheck', [
  [2, 'delay_seconds', '?', 'double', { default: 15 }],
  [3, 'interval_seconds', '?', 'double', { default: 10 }],
  [4, 'timeout_seconds', '?', 'double', { default: 20 }],
  [5, 'consecutive_failures', '?', 'uint32', { default: 3 }],
  [6, 'grace_period_seconds', '?', 'double', { default: 10 }],
  [8, 'type', '?', () => HealthCheckType],
  [7, 'command', '?', () => CommandInfo],
  [1, 'http', '?', () => HealthCheckHTTPCheckInfo],
  [9, 'tcp', '?', () => HealthCheckTCPCheckInfo],
]);

export type HealthCheckType =
  | 'UNKNOWN'
  | 'COMMAND'
  | 'HTTP'
  | 'TCP';
export const HealthCheckType: EnumType<HealthCheckType> = enumeration('mesos.v1.HealthCheck.Type', {
  UNKNOWN: 0,
  COMMAND: 1,
  HTTP: 2,
  TCP: 3,
});

export interface HealthCheckHTTPCheckInfo {
  protocol?: NetworkInfoProtocol | undefined;
  scheme?: string | undefined;
  port: number;
  path?: string | undefined;
  statuses?: number[] | undefined;
}
export const HealthCheckHTTPCheckInfo: MessageType<HealthCheckHTTPCheckInfo> = message('mesos.v1.HealthCheck.HTTPCheckInfo', [
  [5, 'protocol', '?', () => NetworkInfoProtocol, { default: "IPv4" }],
  [3, 'scheme', '?', 'string'],
  [1, 'port', '!', 'uint32'],
  [2, 'path', '?', 'string'],
  [4, 'statuses', '*', 'uint32'],
]);

export interface HealthCheckTCPCheckInfo {
  protocol?: NetworkInfoProtocol | undefined;
  port: number;
}
export const HealthCheckTCPCheckInfo: MessageType<HealthCheckTCPCheckInfo> = message('mesos.v1.HealthCheck.TCPCheckInfo', [
  [2, 'protocol', '?', () => NetworkInfoProtocol, { default: "IPv4" }],
  [1, 'port', '!', 'uint32'],
]);

export interface KillPolicy {
  grace_period?: DurationInfo | undefined;
}
export const KillPolicy: MessageType<KillPolicy> = message('mesos.v1.KillPolicy', [
  [1, 'grace_period', '?', () => DurationInfo],
]);

export interface CommandInfo {
  uris?: CommandInfoURI[] | undefined;
  environment?: Environment | undefined;
  shell?: boolean | undefined;
  value?: string | undefined;
  arguments?: string[] | undefined;
  user?: string | undefined;
}
export const CommandInfo: MessageType<CommandInfo> = message('mesos.v1.CommandInfo', [
  [1, 'uris', '*', () => CommandInfoURI],
  [2, 'environment', '?', () => Environment],
  [6, 'shell', '?', 'bool', { default: true }],
  [3, 'value', '?', 'string'],
  [7, 'arguments', '*', 'string'],
  [5, 'user', '?', 'string'],
]);

export interface CommandInfoURI {
  value: string;
  executable?: boolean | undefined;
  extract?: boolean | undefined;
  cache?: boolean | undefined;
  output_file?: string | undefined;
}
export const CommandInfoURI: MessageType<CommandInfoURI> = message('mesos.v1.CommandInfo.URI', [
  [1, 'value', '!', 'string'],
  [2, 'executable', '?', 'bool'],
  [3, 'extract', '?', 'bool', { default: true }],
  [4, 'cache', '?', 'bool'],
  [5, 'output_file', '?', 'string'],
]);

export interface ExecutorInfo {
  type?: ExecutorInfoType | undefined;
  executor_id: ExecutorID;
  framework_id?: FrameworkID | undefined;
  command?: CommandInfo | undefined;
  container?: ContainerInfo | undefined;
  resources?: Resource[] | undefined;
  name?: string | undefined;
  source?: string | undefined;
  data?: Uint8Array | undefined;
  discovery?: DiscoveryInfo | undefined;
  shutdown_grace_period?: DurationInfo | undefined;
  labels?: Labels | undefined;
}
export const ExecutorInfo: MessageType<ExecutorInfo> = message('mesos.v1.ExecutorInfo', [
  [15, 'type', '?', () => ExecutorInfoType],
  [1, 'executor_id', '!', () => ExecutorID],
  [8, 'framework_id', '?', () => FrameworkID],
  [7, 'command', '?', () => CommandInfo],
  [11, 'container', '?', () => ContainerInfo],
  [5, 'resources', '*', () => Resource],
  [9, 'name', '?', 'string'],
  [10, 'source', '?', 'string', { deprecated: true }],
  [4, 'data', '?', 'bytes'],
  [12, 'discovery', '?', () => DiscoveryInfo],
  [13, 'shutdown_grace_period', '?', () => DurationInfo],
  [14, 'labels', '?', () => Labels],
]);

export type ExecutorInfoType =
  | 'UNKNOWN'
  | 'DEFAULT'
  | 'CUSTOM';
export const ExecutorInfoType: EnumType<ExecutorInfoType> = enumeration('mesos.v1.ExecutorInfo.Type', {
  UNKNOWN: 0,
  DEFAULT: 1,
  CUSTOM: 2,
});

export interface DomainInfo {
  fault_domain?: DomainInfoFaultDomain | undefined;
}
export const DomainInfo: MessageType<DomainInfo> = message('mesos.v1.DomainInfo', [
  [1, 'fault_domain', '?', () => DomainInfoFaultDomain],
]);

export interface DomainInfoFaultDomain {
  region: DomainInfoFaultDomainRegionInfo;
  zone: DomainInfoFaultDomainZoneInfo;
}
export const DomainInfoFaultDomain: MessageType<DomainInfoFaultDomain> = message('mesos.v1.DomainInfo.FaultDomain', [
  [1, 'region', '!', () => DomainInfoFaultDomainRegionInfo],
  [2, 'zone', '!', () => DomainInfoFaultDomainZoneInfo],
]);

export interface DomainInfoFaultDomainRegionInfo {
  name: string;
}
export const DomainInfoFaultDomainRegionInfo: MessageType<DomainInfoFaultDomainRegionInfo> = message('mesos.v1.DomainInfo.FaultDomain.RegionInfo', [
  [1, 'name', '!', 'string'],
]);

export interface DomainInfoFaultDomainZoneInfo {
  name: string;
}
export const DomainInfoFaultDomainZoneInfo: MessageType<DomainInfoFaultDomainZoneInfo> = message('mesos.v1.DomainInfo.FaultDomain.ZoneInfo', [
  [1, 'name', '!', 'string'],
]);

export interface MasterInfo {
  id: string;
  ip: number;
  port: number;
  pid?: string | undefined;
  hostname?: string | undefined;
  version?: string | undefined;
  address?: Address | undefined;
  domain?: DomainInfo | undefined;
  capabilities?: MasterInfoCapability[] | undefined;
}
export const MasterInfo: MessageType<MasterInfo> = message('mesos.v1.MasterInfo', [
  [1, 'id', '!', 'string'],
  [2, 'ip', '!', 'uint32'],
  [3, 'port', '!', 'uint32', { default: 5050 }],
  [4, 'pid', '?', 'string'],
  [5, 'hostname', '?', 'string'],
  [6, 'version', '?', 'string'],
  [7, 'address', '?', () => Address],
  [8, 'domain', '?', () => DomainInfo],
  [9, 'capabilities', '*', () => MasterInfoCapability],
]);

export interface MasterInfoCapability {
  type?: MasterInfoCapabilityType | undefined;
}
export const MasterInfoCapability: MessageType<MasterInfoCapability> = message('mesos.v1.MasterInfo.Capability', [
  [1, 'type', '?', () => MasterInfoCapabilityType],
]);

export type MasterInfoCapabilityType =
  | 'UNKNOWN'
  | 'AGENT_UPDATE'
  | 'AGENT_DRAINING'
  | 'QUOTA_V2';
export const MasterInfoCapabilityType: EnumType<MasterInfoCapabilityType> = enumeration('mesos.v1.MasterInfo.Capability.Type', {
  UNKNOWN: 0,
  AGENT_UPDATE: 1,
  AGENT_DRAINING: 2,
  QUOTA_V2: 3,
});

export interface AgentInfo {
  hostname: string;
  port?: number | undefined;
  resources?: Resource[] | undefined;
  attributes?: Attribute[] | undefined;
  id?: AgentID | undefined;
  domain?: DomainInfo | undefined;
  checkpoint?: boolean | undefined;
}
export const AgentInfo: MessageType<AgentInfo> = message('mesos.v1.AgentInfo', [
  [1, 'hostname', '!', 'string'],
  [8, 'port', '?', 'int32', { default: 5051 }],
  [3, 'resources', '*', () => Resource],
  [5, 'attributes', '*', () => Attribute],
  [6, 'id', '?', () => AgentID],
  [10, 'domain', '?', () => DomainInfo],
  [7, 'checkpoint', '?', 'bool'],
]);

export interface AgentInfoCapability {
  type?: AgentInfoCapabilityType | undefined;
}
export const AgentInfoCapability: MessageType<AgentInfoCapability> = message('mesos.v1.AgentInfo.Capability', [
  [1, 'type', '?', () => AgentInfoCapabilityType],
]);

export type AgentInfoCapabilityType =
  | 'UNKNOWN'
  | 'MULTI_ROLE'
  | 'HIERARCHICAL_ROLE'
  | 'RESERVATION_REFINEMENT'
  | 'RESOURCE_PROVIDER'
  | 'RESIZE_VOLUME'
  | 'AGENT_OPERATION_FEEDBACK'
  | 'AGENT_DRAINING'
  | 'TASK_RESOURCE_LIMITS';
export const AgentInfoCapabilityType: EnumType<AgentInfoCapabilityType> = enumeration('mesos.v1.AgentInfo.Capability.Type', {
  UNKNOWN: 0,
  MULTI_ROLE: 1,
  HIERARCHICAL_ROLE: 2,
  RESERVATION_REFINEMENT: 3,
  RESOURCE_PROVIDER: 4,
  RESIZE_VOLUME: 5,
  AGENT_OPERATION_FEEDBACK: 6,
  AGENT_DRAINING: 7,
  TASK_RESOURCE_LIMITS: 8,
});

export interface CSIPluginContainerInfo {
  services?: CSIPluginContainerInfoService[] | undefined;
  command?: CommandInfo | undefined;
  resources?: Resource[] | undefined;
  container?: ContainerInfo | undefined;
}
export const CSIPluginContainerInfo: MessageType<CSIPluginContainerInfo> = message('mesos.v1.CSIPluginContainerInfo', [
  [1, 'services', '*', () => CSIPluginContainerInfoService],
  [2, 'command', '?', () => CommandInfo],
  [3, 'resources', '*', () => Resource],
  [4, 'container', '?', () => ContainerInfo],
]);

export type CSIPluginContainerInfoService =
  | 'UNKNOWN'
  | 'CONTROLLER_SERVICE'
  | 'NODE_SERVICE';
export const CSIPluginContainerInfoService: EnumType<CSIPluginContainerInfoService> = enumeration('mesos.v1.CSIPluginContainerInfo.Service', {
  UNKNOWN: 0,
  CONTROLLER_SERVICE: 1,
  NODE_SERVICE: 2,
});

export interface CSIPluginEndpoint {
  csi_service: CSIPluginContainerInfoService;
  endpoint: string;
}
export const CSIPluginEndpoint: MessageType<CSIPluginEndpoint> = message('mesos.v1.CSIPluginEndpoint', [
  [1, 'csi_service', '!', () => CSIPluginContainerInfoService],
  [2, 'endpoint', '!', 'string'],
]);

export interface CSIPluginInfo {
  type: string;
  name?: string | undefined;
  containers?: CSIPluginContainerInfo[] | undefined;
  endpoints?: CSIPluginEndpoint[] | undefined;
  target_path_root?: string | undefined;
  target_path_exists?: boolean | undefined;
}
export const CSIPluginInfo: MessageType<CSIPluginInfo> = message('mesos.v1.CSIPluginInfo', [
  [1, 'type', '!', 'string'],
  [2, 'name', '?', 'string', { default: "default" }],
  [3, 'containers', '*', () => CSIPluginContainerInfo],
  [4, 'endpoints', '*', () => CSIPluginEndpoint],
  [5, 'target_path_root', '?', 'string'],
  [6, 'target_path_exists', '?', 'bool'],
]);

export interface ResourceProviderInfo {
  id?: ResourceProviderID | undefined;
  attributes?: Attribute[] | undefined;
  type: string;
  name: string;
  default_reservations?: ResourceReservationInfo[] | undefined;
  storage?: ResourceProviderInfoStorage | undefined;
}
export const ResourceProviderInfo: MessageType<ResourceProviderInfo> = message('mesos.v1.ResourceProviderInfo', [
  [1, 'id', '?', () => ResourceProviderID],
  [2, 'attributes', '*', () => Attribute],
  [3, 'type', '!', 'string'],
  [4, 'name', '!', 'string'],
  [5, 'default_reservations', '*', () => ResourceReservationInfo],
  [6, 'storage', '?', () => ResourceProviderInfoStorage],
]);

export interface ResourceProviderInfoStorage {
  plugin: CSIPluginInfo;
  reconciliation_interval_seconds?: number | undefined;
}
export const ResourceProviderInfoStorage: MessageType<ResourceProviderInfoStorage> = message('mesos.v1.ResourceProviderInfo.Storage', [
  [1, 'plugin', '!', () => CSIPluginInfo],
  [2, 'reconciliation_interval_seconds', '?', 'double'],
]);

export interface Value {
  type: ValueType;
  scalar?: ValueScalar | undefined;
  ranges?: ValueRanges | undefined;
  set?: ValueSet | undefined;
  text?: ValueText | undefined;
}
export const Value: MessageType<Value> = message('mesos.v1.Value', [
  [1, 'type', '!', () => ValueType],
  [2, 'scalar', '?', () => ValueScalar],
  [3, 'ranges', '?', () => ValueRanges],
  [4, 'set', '?', () => ValueSet],
  [5, 'text', '?', () => ValueText],
]);

export type ValueType =
  | 'SCALAR'
  | 'RANGES'
  | 'SET'
  | 'TEXT';
export const ValueType: EnumType<ValueType> = enumeration('mesos.v1.Value.Type', {
  SCALAR: 0,
  RANGES: 1,
  SET: 2,
  TEXT: 3,
});

export interface ValueScalar {
  value: number;
}
export const ValueScalar: MessageType<ValueScalar> = message('mesos.v1.Value.Scalar', [
  [1, 'value', '!', 'double'],
]);

export interface ValueRange {
  begin: number;
  end: number;
}
export const ValueRange: MessageType<ValueRange> = message('mesos.v1.Value.Range', [
  [1, 'begin', '!', 'uint64:number'],
  [2, 'end', '!', 'uint64:number'],
]);

export interface ValueRanges {
  range?: ValueRange[] | undefined;
}
export const ValueRanges: MessageType<ValueRanges> = message('mesos.v1.Value.Ranges', [
  [1, 'range', '*', () => ValueRange],
]);

export interface ValueSet {
  item?: string[] | undefined;
}
export const ValueSet: MessageType<ValueSet> = message('mesos.v1.Value.Set', [
  [1, 'item', '*', 'string'],
]);

export interface ValueText {
  value: string;
}
export const ValueText: MessageType<ValueText> = message('mesos.v1.Value.Text', [
  [1, 'value', '!', 'string'],
]);

export interface Attribute {
  name: string;
  type: ValueType;
  scalar?: ValueScalar | undefined;
  ranges?: ValueRanges | undefined;
  set?: ValueSet | undefined;
  text?: ValueText | undefined;
}
export const Attribute: MessageType<Attribute> = message('mesos.v1.Attribute', [
  [1, 'name', '!', 'string'],
  [2, 'type', '!', () => ValueType],
  [3, 'scalar', '?', () => ValueScalar],
  [4, 'ranges', '?', () => ValueRanges],
  [6, 'set', '?', () => ValueSet],
  [5, 'text', '?', () => ValueText],
]);

export interface Resource {
  provider_id?: ResourceProviderID | undefined;
  name: string;
  type: ValueType;
  scalar?: ValueScalar | undefined;
  ranges?: ValueRanges | undefined;
  set?: ValueSet | undefined;
  role?: string | undefined;
  allocation_info?: ResourceAllocationInfo | undefined;
  reservation?: ResourceReservationInfo | undefined;
  reservations?: ResourceReservationInfo[] | undefined;
  disk?: ResourceDiskInfo | undefined;
  revocable?: ResourceRevocableInfo | undefined;
  shared?: ResourceSharedInfo | undefined;
}
export const Resource: MessageType<Resource> = message('mesos.v1.Resource', [
  [12, 'provider_id', '?', () => ResourceProviderID],
  [1, 'name', '!', 'string'],
  [2, 'type', '!', () => ValueType],
  [3, 'scalar', '?', () => ValueScalar],
  [4, 'ranges', '?', () => ValueRanges],
  [5, 'set', '?', () => ValueSet],
  [6, 'role', '?', 'string', { default: "*", deprecated: true }],
  [11, 'allocation_info', '?', () => ResourceAllocationInfo],
  [8, 'reservation', '?', () => ResourceReservationInfo],
  [13, 'reservations', '*', () => ResourceReservationInfo],
  [7, 'disk', '?', () => ResourceDiskInfo],
  [9, 'revocable', '?', () => ResourceRevocableInfo],
  [10, 'shared', '?', () => ResourceSharedInfo],
]);

export interface ResourceAllocationInfo {
  role?: string | undefined;
}
export const ResourceAllocationInfo: MessageType<ResourceAllocationInfo> = message('mesos.v1.Resource.AllocationInfo', [
  [1, 'role', '?', 'string'],
]);

export interface ResourceReservationInfo {
  type?: ResourceReservationInfoType | undefined;
  role?: string | undefined;
  principal?: string | undefined;
  labels?: Labels | undefined;
}
export const ResourceReservationInfo: MessageType<ResourceReservationInfo> = message('mesos.v1.Resource.ReservationInfo', [
  [4, 'type', '?', () => ResourceReservationInfoType],
  [3, 'role', '?', 'string'],
  [1, 'principal', '?', 'string'],
  [2, 'labels', '?', () => Labels],
]);

export type ResourceReservationInfoType =
  | 'UNKNOWN'
  | 'STATIC'
  | 'DYNAMIC';
export const ResourceReservationInfoType: EnumType<ResourceReservationInfoType> = enumeration('mesos.v1.Resource.ReservationInfo.Type', {
  UNKNOWN: 0,
  STATIC: 1,
  DYNAMIC: 2,
});

export interface ResourceDiskInfo {
  persistence?: ResourceDiskInfoPersistence | undefined;
  volume?: Volume | undefined;
  source?: ResourceDiskInfoSource | undefined;
}
export const ResourceDiskInfo: MessageType<ResourceDiskInfo> = message('mesos.v1.Resource.DiskInfo', [
  [1, 'persistence', '?', () => ResourceDiskInfoPersistence],
  [2, 'volume', '?', () => Volume],
  [3, 'source', '?', () => ResourceDiskInfoSource],
]);

export interface ResourceDiskInfoPersistence {
  id: string;
  principal?: string | undefined;
}
export const ResourceDiskInfoPersistence: MessageType<ResourceDiskInfoPersistence> = message('mesos.v1.Resource.DiskInfo.Persistence', [
  [1, 'id', '!', 'string'],
  [2, 'principal', '?', 'string'],
]);

export interface ResourceDiskInfoSource {
  type: ResourceDiskInfoSourceType;
  path?: ResourceDiskInfoSourcePath | undefined;
  mount?: ResourceDiskInfoSourceMount | undefined;
  vendor?: string | undefined;
  id?: string | undefined;
  metadata?: Labels | undefined;
  profile?: string | undefined;
}
export const ResourceDiskInfoSource: MessageType<ResourceDiskInfoSource> = message('mesos.v1.Resource.DiskInfo.Source', [
  [1, 'type', '!', () => ResourceDiskInfoSourceType],
  [2, 'path', '?', () => ResourceDiskInfoSourcePath],
  [3, 'mount', '?', () => ResourceDiskInfoSourceMount],
  [7, 'vendor', '?', 'string'],
  [4, 'id', '?', 'string'],
  [5, 'metadata', '?', () => Labels],
  [6, 'profile', '?', 'string'],
]);

export type ResourceDiskInfoSourceType =
  | 'UNKNOWN'
  | 'PATH'
  | 'MOUNT'
  | 'BLOCK'
  | 'RAW';
export const ResourceDiskInfoSourceType: EnumType<ResourceDiskInfoSourceType> = enumeration('mesos.v1.Resource.DiskInfo.Source.Type', {
  UNKNOWN: 0,
  PATH: 1,
  MOUNT: 2,
  BLOCK: 3,
  RAW: 4,
});

export interface ResourceDiskInfoSourcePath {
  root?: string | undefined;
}
export const ResourceDiskInfoSourcePath: MessageType<ResourceDiskInfoSourcePath> = message('mesos.v1.Resource.DiskInfo.Source.Path', [
  [1, 'root', '?', 'string'],
]);

export interface ResourceDiskInfoSourceMount {
  root?: string | undefined;
}
export const ResourceDiskInfoSourceMount: MessageType<ResourceDiskInfoSourceMount> = message('mesos.v1.Resource.DiskInfo.Source.Mount', [
  [1, 'root', '?', 'string'],
]);

export interface ResourceRevocableInfo {
}
export const ResourceRevocableInfo: MessageType<ResourceRevocableInfo> = message('mesos.v1.Resource.RevocableInfo', [
]);

export interface ResourceSharedInfo {
}
export const ResourceSharedInfo: MessageType<ResourceSharedInfo> = message('mesos.v1.Resource.SharedInfo', [
]);

export interface TrafficControlStatistics {
  id: string;
  backlog?: number | undefined;
  bytes?: number | undefined;
  drops?: number | undefined;
  overlimits?: number | undefined;
  packets?: number | undefined;
  qlen?: number | undefined;
  ratebps?: number | undefined;
  ratepps?: number | undefined;
  requeues?: number | undefined;
}
export const TrafficControlStatistics: MessageType<TrafficControlStatistics> = message('mesos.v1.TrafficControlStatistics', [
  [1, 'id', '!', 'string'],
  [2, 'backlog', '?', 'uint64:number'],
  [3, 'bytes', '?', 'uint64:number'],
  [4, 'drops', '?', 'uint64:number'],
  [5, 'overlimits', '?', 'uint64:number'],
  [6, 'packets', '?', 'uint64:number'],
  [7, 'qlen', '?', 'uint64:number'],
  [8, 'ratebps', '?', 'uint64:number'],
  [9, 'ratepps', '?', 'uint64:number'],
  [10, 'requeues', '?', 'uint64:number'],
]);

export interface IpStatistics {
  Forwarding?: number | undefined;
  DefaultTTL?: number | undefined;
  InReceives?: number | undefined;
  InHdrErrors?: number | undefined;
  InAddrErrors?: number | undefined;
  ForwDatagrams?: number | undefined;
  InUnknownProtos?: number | undefined;
  InDiscards?: number | undefined;
  InDelivers?: number | undefined;
  OutRequests?: number | undefined;
  OutDiscards?: number | undefined;
  OutNoRoutes?: number | undefined;
  ReasmTimeout?: number | undefined;
  ReasmReqds?: number | undefined;
  ReasmOKs?: number | undefined;
  ReasmFails?: number | undefined;
  FragOKs?: number | undefined;
  FragFails?: number | undefined;
  FragCreates?: number | undefined;
}
export const IpStatistics: MessageType<IpStatistics> = message('mesos.v1.IpStatistics', [
  [1, 'Forwarding', '?', 'int64:number'],
  [2, 'DefaultTTL', '?', 'int64:number'],
  [3, 'InReceives', '?', 'int64:number'],
  [4, 'InHdrErrors', '?', 'int64:number'],
  [5, 'InAddrErrors', '?', 'int64:number'],
  [6, 'ForwDatagrams', '?', 'int64:number'],
  [7, 'InUnknownProtos', '?', 'int64:number'],
  [8, 'InDiscards', '?', 'int64:number'],
  [9, 'InDelivers', '?', 'int64:number'],
  [10, 'OutRequests', '?', 'int64:number'],
  [11, 'OutDiscards', '?', 'int64:number'],
  [12, 'OutNoRoutes', '?', 'int64:number'],
  [13, 'ReasmTimeout', '?', 'int64:number'],
  [14, 'ReasmReqds', '?', 'int64:number'],
  [15, 'ReasmOKs', '?', 'int64:number'],
  [16, 'ReasmFails', '?', 'int64:number'],
  [17, 'FragOKs', '?', 'int64:number'],
  [18, 'FragFails', '?', 'int64:number'],
  [19, 'FragCreates', '?', 'int64:number'],
]);

export interface IcmpStatistics {
  InMsgs?: number | undefined;
  InErrors?: number | undefined;
  InCsumErrors?: number | undefined;
  InDestUnreachs?: number | undefined;
  InTimeExcds?: number | undefined;
  InParmProbs?: number | undefined;
  InSrcQuenchs?: number | undefined;
  InRedirects?: number | undefined;
  InEchos?: number | undefined;
  InEchoReps?: number | undefined;
  InTimestamps?: number | undefined;
  InTimestampReps?: number | undefined;
  InAddrMasks?: number | undefined;
  InAddrMaskReps?: number | undefined;
  OutMsgs?: number | undefined;
  OutErrors?: number | undefined;
  OutDestUnreachs?: number | undefined;
  OutTimeExcds?: number | undefined;
  OutParmProbs?: number | undefined;
  OutSrcQuenchs?: number | undefined;
  OutRedirects?: number | undefined;
  OutEchos?: number | undefined;
  OutEchoReps?: number | undefined;
  OutTimestamps?: number | undefined;
  OutTimestampReps?: number | undefined;
  OutAddrMasks?: number | undefined;
  OutAddrMaskReps?: number | undefined;
}
export const IcmpStatistics: MessageType<IcmpStatistics> = message('mesos.v1.IcmpStatistics', [
  [1, 'InMsgs', '?', 'int64:number'],
  [2, 'InErrors', '?', 'int64:number'],
  [3, 'InCsumErrors', '?', 'int64:number'],
  [4, 'InDestUnreachs', '?', 'int64:number'],
  [5, 'InTimeExcds', '?', 'int64:number'],
  [6, 'InParmProbs', '?', 'int64:number'],
  [7, 'InSrcQuenchs', '?', 'int64:number'],
  [8, 'InRedirects', '?', 'int64:number'],
  [9, 'InEchos', '?', 'int64:number'],
  [10, 'InEchoReps', '?', 'int64:number'],
  [11, 'InTimestamps', '?', 'int64:number'],
  [12, 'InTimestampReps', '?', 'int64:number'],
  [13, 'InAddrMasks', '?', 'int64:number'],
  [14, 'InAddrMaskReps', '?', 'int64:number'],
  [15, 'OutMsgs', '?', 'int64:number'],
  [16, 'OutErrors', '?', 'int64:number'],
  [17, 'OutDestUnreachs', '?', 'int64:number'],
  [18, 'OutTimeExcds', '?', 'int64:number'],
  [19, 'OutParmProbs', '?', 'int64:number'],
  [20, 'OutSrcQuenchs', '?', 'int64:number'],
  [21, 'OutRedirects', '?', 'int64:number'],
  [22, 'OutEchos', '?', 'int64:number'],
  [23, 'OutEchoReps', '?', 'int64:number'],
  [24, 'OutTimestamps', '?', 'int64:number'],
  [25, 'OutTimestampReps', '?', 'int64:number'],
  [26, 'OutAddrMasks', '?', 'int64:number'],
  [27, 'OutAddrMaskReps', '?', 'int64:number'],
]);

export interface TcpStatistics {
  RtoAlgorithm?: number | undefined;
  RtoMin?: number | undefined;
  RtoMax?: number | undefined;
  MaxConn?: number | undefined;
  ActiveOpens?: number | undefined;
  PassiveOpens?: number | undefined;
  AttemptFails?: number | undefined;
  EstabResets?: number | undefined;
  CurrEstab?: number | undefined;
  InSegs?: number | undefined;
  OutSegs?: number | undefined;
  RetransSegs?: number | undefined;
  InErrs?: number | undefined;
  OutRsts?: number | undefined;
  InCsumErrors?: number | undefined;
}
export const TcpStatistics: MessageType<TcpStatistics> = message('mesos.v1.TcpStatistics', [
  [1, 'RtoAlgorithm', '?', 'int64:number'],
  [2, 'RtoMin', '?', 'int64:number'],
  [3, 'RtoMax', '?', 'int64:number'],
  [4, 'MaxConn', '?', 'int64:number'],
  [5, 'ActiveOpens', '?', 'int64:number'],
  [6, 'PassiveOpens', '?', 'int64:number'],
  [7, 'AttemptFails', '?', 'int64:number'],
  [8, 'EstabResets', '?', 'int64:number'],
  [9, 'CurrEstab', '?', 'int64:number'],
  [10, 'InSegs', '?', 'int64:number'],
  [11, 'OutSegs', '?', 'int64:number'],
  [12, 'RetransSegs', '?', 'int64:number'],
  [13, 'InErrs', '?', 'int64:number'],
  [14, 'OutRsts', '?', 'int64:number'],
  [15, 'InCsumErrors', '?', 'int64:number'],
]);

export interface UdpStatistics {
  InDatagrams?: number | undefined;
  NoPorts?: number | undefined;
  InErrors?: number | undefined;
  OutDatagrams?: number | undefined;
  RcvbufErrors?: number | undefined;
  SndbufErrors?: number | undefined;
  InCsumErrors?: number | undefined;
  IgnoredMulti?: number | undefined;
}
export const UdpStatistics: MessageType<UdpStatistics> = message('mesos.v1.UdpStatistics', [
  [1, 'InDatagrams', '?', 'int64:number'],
  [2, 'NoPorts', '?', 'int64:number'],
  [3, 'InErrors', '?', 'int64:number'],
  [4, 'OutDatagrams', '?', 'int64:number'],
  [5, 'RcvbufErrors', '?', 'int64:number'],
  [6, 'SndbufErrors', '?', 'int64:number'],
  [7, 'InCsumErrors', '?', 'int64:number'],
  [8, 'IgnoredMulti', '?', 'int64:number'],
]);

export interface SNMPStatistics {
  ip_stats?: IpStatistics | undefined;
  icmp_stats?: IcmpStatistics | undefined;
  tcp_stats?: TcpStatistics | undefined;
  udp_stats?: UdpStatistics | undefined;
}
export const SNMPStatistics: MessageType<SNMPStatistics> = message('mesos.v1.SNMPStatistics', [
  [1, 'ip_stats', '?', () => IpStatistics],
  [2, 'icmp_stats', '?', () => IcmpStatistics],
  [3, 'tcp_stats', '?', () => TcpStatistics],
  [4, 'udp_stats', '?', () => UdpStatistics],
]);

export interface DiskStatistics {
  source?: ResourceDiskInfoSource | undefined;
  persistence?: ResourceDiskInfoPersistence | undefined;
  limit_bytes?: number | undefined;
  used_bytes?: number | undefined;
}
export const DiskStatistics: MessageType<DiskStatistics> = message('mesos.v1.DiskStatistics', [
  [1, 'source', '?', () => ResourceDiskInfoSource],
  [2, 'persistence', '?', () => ResourceDiskInfoPersistence],
  [3, 'limit_bytes', '?', 'uint64:number'],
  [4, 'used_bytes', '?', 'uint64:number'],
]);

export interface ResourceStatistics {
  timestamp: number;
  processes?: number | undefined;
  threads?: number | undefined;
  cpus_user_time_secs?: number | undefined;
  cpus_system_time_secs?: number | undefined;
  cpus_limit?: number | undefined;
  cpus_soft_limit?: number | undefined;
  cpus_nr_periods?: number | undefined;
  cpus_nr_throttled?: number | undefined;
  cpus_throttled_time_secs?: number | undefined;
  mem_total_bytes?: number | undefined;
  mem_total_memsw_bytes?: number | undefined;
  mem_kmem_usage_bytes?: number | undefined;
  mem_kmem_tcp_usage_bytes?: number | undefined;
  mem_limit_bytes?: number | undefined;
  mem_soft_limit_bytes?: number | undefined;
  mem_file_bytes?: number | undefined;
  mem_anon_bytes?: number | undefined;
  mem_cache_bytes?: number | undefined;
  mem_rss_bytes?: number | undefined;
  mem_mapped_file_bytes?: number | undefined;
  mem_swap_bytes?: number | undefined;
  mem_unevictable_bytes?: number | undefined;
  mem_low_pressure_counter?: number | undefined;
  mem_medium_pressure_counter?: number | undefined;
  mem_critical_pressure_counter?: number | undefined;
  disk_limit_bytes?: number | undefined;
  disk_used_bytes?: number | undefined;
  disk_statistics?: DiskStatistics[] | undefined;
  blkio_statistics?: CgroupInfoBlkioStatistics | undefined;
  perf?: PerfStatistics | undefined;
  net_rx_packets?: number | undefined;
  net_rx_bytes?: number | undefined;
  net_rx_errors?: number | undefined;
  net_rx_dropped?: number | undefined;
  net_tx_packets?: number | undefined;
  net_tx_bytes?: number | undefined;
  net_tx_errors?: number | undefined;
  net_tx_dropped?: number | undefined;
  net_tx_rate_limit?: number | undefined;
  net_tx_burst_rate_limit?: number | undefined;
  net_tx_burst_size?: number | undefined;
  net_rx_rate_limit?: number | undefined;
  net_rx_burst_rate_limit?: number | undefined;
  net_rx_burst_size?: number | undefined;
  net_rate_statistics?: ResourceStatisticsRateStatistics | undefined;
  net_ephemeral_ports?: ValueRange | undefined;
  net_tcp_rtt_microsecs_p50?: number | undefined;
  net_tcp_rtt_microsecs_p90?: number | undefined;
  net_tcp_rtt_microsecs_p95?: number | undefined;
  net_tcp_rtt_microsecs_p99?: number | undefined;
  net_tcp_active_connections?: number | undefined;
  net_tcp_time_wait_connections?: number | undefined;
  net_traffic_control_statistics?: TrafficControlStatistics[] | undefined;
  net_snmp_statistics?: SNMPStatistics | undefined;
}
export const ResourceStatistics: MessageType<ResourceStatistics> = message('mesos.v1.ResourceStatistics', [
  [1, 'timestamp', '!', 'double'],
  [30, 'processes', '?', 'uint32'],
  [31, 'threads', '?', 'uint32'],
  [2, 'cpus_user_time_secs', '?', 'double'],
  [3, 'cpus_system_time_secs', '?', 'double'],
  [4, 'cpus_limit', '?', 'double'],
  [45, 'cpus_soft_limit', '?', 'double'],
  [7, 'cpus_nr_periods', '?', 'uint32'],
  [8, 'cpus_nr_throttled', '?', 'uint32'],
  [9, 'cpus_throttled_time_secs', '?', 'double'],
  [36, 'mem_total_bytes', '?', 'uint64:number'],
  [37, 'mem_total_memsw_bytes', '?', 'uint64:number'],
  [52, 'mem_kmem_usage_bytes', '?', 'uint64:number'],
  [53, 'mem_kmem_tcp_usage_bytes', '?', 'uint64:number'],
  [6, 'mem_limit_bytes', '?', 'uint64:number'],
  [38, 'mem_soft_limit_bytes', '?', 'uint64:number'],
  [10, 'mem_file_bytes', '?', 'uint64:number'],
  [11, 'mem_anon_bytes', '?', 'uint64:number'],
  [39, 'mem_cache_bytes', '?', 'uint64:number'],
  [5, 'mem_rss_bytes', '?', 'uint64:number'],
  [12, 'mem_mapped_file_bytes', '?', 'uint64:number'],
  [40, 'mem_swap_bytes', '?', 'uint64:number'],
  [41, 'mem_unevictable_bytes', '?', 'uint64:number'],
  [32, 'mem_low_pressure_counter', '?', 'uint64:number'],
  [33, 'mem_medium_pressure_counter', '?', 'uint64:number'],
  [34, 'mem_critical_pressure_counter', '?', 'uint64:number'],
  [26, 'disk_limit_bytes', '?', 'uint64:number'],
  [27, 'disk_used_bytes', '?', 'uint64:number'],
  [43, 'disk_statistics', '*', () => DiskStatistics],
  [44, 'blkio_statistics', '?', () => CgroupInfoBlkioStatistics],
  [13, 'perf', '?', () => PerfStatistics],
  [14, 'net_rx_packets', '?', 'uint64:number'],
  [15, 'net_rx_bytes', '?', 'uint64:number'],
  [16, 'net_rx_errors', '?', 'uint64:number'],
  [17, 'net_rx_dropped', '?', 'uint64:number'],
  [18, 'net_tx_packets', '?', 'uint64:number'],
  [19, 'net_tx_bytes', '?', 'uint64:number'],
  [20, 'net_tx_errors', '?', 'uint64:number'],
  [21, 'net_tx_dropped', '?', 'uint64:number'],
  [46, 'net_tx_rate_limit', '?', 'uint64:number'],
  [47, 'net_tx_burst_rate_limit', '?', 'uint64:number'],
  [48, 'net_tx_burst_size', '?', 'uint64:number'],
  [49, 'net_rx_rate_limit', '?', 'uint64:number'],
  [50, 'net_rx_burst_rate_limit', '?', 'uint64:number'],
  [51, 'net_rx_burst_size', '?', 'uint64:number'],
  [54, 'net_rate_statistics', '?', () => ResourceStatisticsRateStatistics],
  [55, 'net_ephemeral_ports', '?', () => ValueRange],
  [22, 'net_tcp_rtt_microsecs_p50', '?', 'double'],
  [23, 'net_tcp_rtt_microsecs_p90', '?', 'double'],
  [24, 'net_tcp_rtt_microsecs_p95', '?', 'double'],
  [25, 'net_tcp_rtt_microsecs_p99', '?', 'double'],
  [28, 'net_tcp_active_connections', '?', 'double'],
  [29, 'net_tcp_time_wait_connections', '?', 'double'],
  [35, 'net_traffic_control_statistics', '*', () => TrafficControlStatistics],
  [42, 'net_snmp_statistics', '?', () => SNMPStatistics],
]);

export interface ResourceStatisticsRatePercentiles {
  min?: bigint | undefined;
  max?: bigint | undefined;
  p50?: bigint | undefined;
  p90?: bigint | undefined;
  p95?: bigint | undefined;
  p99?: bigint | undefined;
  p999?: bigint | undefined;
  p9999?: bigint | undefined;
  samples?: bigint | undefined;
}
export const ResourceStatisticsRatePercentiles: MessageType<ResourceStatisticsRatePercentiles> = message('mesos.v1.ResourceStatistics.RatePercentiles', [
  [1, 'min', '?', 'uint64'],
  [2, 'max', '?', 'uint64'],
  [3, 'p50', '?', 'uint64'],
  [4, 'p90', '?', 'uint64'],
  [5, 'p95', '?', 'uint64'],
  [6, 'p99', '?', 'uint64'],
  [7, 'p999', '?', 'uint64'],
  [8, 'p9999', '?', 'uint64'],
  [9, 'samples', '?', 'uint64'],
]);

export interface ResourceStatisticsRateStatistics {
  rx_rate?: ResourceStatisticsRatePercentiles | undefined;
  rx_packet_rate?: ResourceStatisticsRatePercentiles | undefined;
  rx_drop_rate?: ResourceStatisticsRatePercentiles | undefined;
  rx_error_rate?: ResourceStatisticsRatePercentiles | undefined;
  tx_rate?: ResourceStatisticsRatePercentiles | undefined;
  tx_packet_rate?: ResourceStatisticsRatePercentiles | undefined;
  tx_drop_rate?: ResourceStatisticsRatePercentiles | undefined;
  tx_error_rate?: ResourceStatisticsRatePercentiles | undefined;
  sampling_window_secs?: number | undefined;
  sampling_interval_secs?: number | undefined;
}
export const ResourceStatisticsRateStatistics: MessageType<ResourceStatisticsRateStatistics> = message('mesos.v1.ResourceStatistics.RateStatistics', [
  [1, 'rx_rate', '?', () => ResourceStatisticsRatePercentiles],
  [2, 'rx_packet_rate', '?', () => ResourceStatisticsRatePercentiles],
  [3, 'rx_drop_rate', '?', () => ResourceStatisticsRatePercentiles],
  [4, 'rx_error_rate', '?', () => ResourceStatisticsRatePercentiles],
  [5, 'tx_rate', '?', () => ResourceStatisticsRatePercentiles],
  [6, 'tx_packet_rate', '?', () => ResourceStatisticsRatePercentiles],
  [7, 'tx_drop_rate', '?', () => ResourceStatisticsRatePercentiles],
  [8, 'tx_error_rate', '?', () => ResourceStatisticsRatePercentiles],
  [9, 'sampling_window_secs', '?', 'double'],
  [10, 'sampling_interval_secs', '?', 'double'],
]);

export interface ResourceUsage {
  executors?: ResourceUsageExecutor[] | undefined;
  total?: Resource[] | undefined;
}
export const ResourceUsage: MessageType<ResourceUsage> = message('mesos.v1.ResourceUsage', [
  [1, 'executors', '*', () => ResourceUsageExecutor],
  [2, 'total', '*', () => Resource],
]);

export interface ResourceUsageExecutor {
  executor_info: ExecutorInfo;
  allocated?: Resource[] | undefined;
  statistics?: ResourceStatistics | undefined;
  container_id: ContainerID;
  tasks?: ResourceUsageExecutorTask[] | undefined;
}
export const ResourceUsageExecutor: MessageType<ResourceUsageExecutor> = message('mesos.v1.ResourceUsage.Executor', [
  [1, 'executor_info', '!', () => ExecutorInfo],
  [2, 'allocated', '*', () => Resource],
  [3, 'statistics', '?', () => ResourceStatistics],
  [4, 'container_id', '!', () => ContainerID],
  [5, 'tasks', '*', () => ResourceUsageExecutorTask],
]);

export interface ResourceUsageExecutorTask {
  name: string;
  id: TaskID;
  resources?: Resource[] | undefined;
  labels?: Labels | undefined;
}
export const ResourceUsageExecutorTask: MessageType<ResourceUsageExecutorTask> = message('mesos.v1.ResourceUsage.Executor.Task', [
  [1, 'name', '!', 'string'],
  [2, 'id', '!', () => TaskID],
  [3, 'resources', '*', () => Resource],
  [4, 'labels', '?', () => Labels],
]);

export interface PerfStatistics {
  timestamp: number;
  duration: number;
  cycles?: number | undefined;
  stalled_cycles_frontend?: number | undefined;
  stalled_cycles_backend?: number | undefined;
  instructions?: number | undefined;
  cache_references?: number | undefined;
  cache_misses?: number | undefined;
  branches?: number | undefined;
  branch_misses?: number | undefined;
  bus_cycles?: number | undefined;
  ref_cycles?: number | undefined;
  cpu_clock?: number | undefined;
  task_clock?: number | undefined;
  page_faults?: number | undefined;
  minor_faults?: number | undefined;
  major_faults?: number | undefined;
  context_switches?: number | undefined;
  cpu_migrations?: number | undefined;
  alignment_faults?: number | undefined;
  emulation_faults?: number | undefined;
  l1_dcache_loads?: number | undefined;
  l1_dcache_load_misses?: number | undefined;
  l1_dcache_stores?: number | undefined;
  l1_dcache_store_misses?: number | undefined;
  l1_dcache_prefetches?: number | undefined;
  l1_dcache_prefetch_misses?: number | undefined;
  l1_icache_loads?: number | undefined;
  l1_icache_load_misses?: number | undefined;
  l1_icache_prefetches?: number | undefined;
  l1_icache_prefetch_misses?: number | undefined;
  llc_loads?: number | undefined;
  llc_load_misses?: number | undefined;
  llc_stores?: number | undefined;
  llc_store_misses?: number | undefined;
  llc_prefetches?: number | undefined;
  llc_prefetch_misses?: number | undefined;
  dtlb_loads?: number | undefined;
  dtlb_load_misses?: number | undefined;
  dtlb_stores?: number | undefined;
  dtlb_store_misses?: number | undefined;
  dtlb_prefetches?: number | undefined;
  dtlb_prefetch_misses?: number | undefined;
  itlb_loads?: number | undefined;
  itlb_load_misses?: number | undefined;
  branch_loads?: number | undefined;
  branch_load_misses?: number | undefined;
  node_loads?: number | undefined;
  node_load_misses?: number | undefined;
  node_stores?: number | undefined;
  node_store_misses?: number | undefined;
  node_prefetches?: number | undefined;
  node_prefetch_misses?: number | undefined;
}
export const PerfStatistics: MessageType<PerfStatistics> = message('mesos.v1.PerfStatistics', [
  [1, 'timestamp', '!', 'double'],
  [2, 'duration', '!', 'double'],
  [3, 'cycles', '?', 'uint64:number'],
  [4, 'stalled_cycles_frontend', '?', 'uint64:number'],
  [5, 'stalled_cycles_backend', '?', 'uint64:number'],
  [6, 'instructions', '?', 'uint64:number'],
  [7, 'cache_references', '?', 'uint64:number'],
  [8, 'cache_misses', '?', 'uint64:number'],
  [9, 'branches', '?', 'uint64:number'],
  [10, 'branch_misses', '?', 'uint64:number'],
  [11, 'bus_cycles', '?', 'uint64:number'],
  [12, 'ref_cycles', '?', 'uint64:number'],
  [13, 'cpu_clock', '?', 'double'],
  [14, 'task_clock', '?', 'double'],
  [15, 'page_faults', '?', 'uint64:number'],
  [16, 'minor_faults', '?', 'uint64:number'],
  [17, 'major_faults', '?', 'uint64:number'],
  [18, 'context_switches', '?', 'uint64:number'],
  [19, 'cpu_migrations', '?', 'uint64:number'],
  [20, 'alignment_faults', '?', 'uint64:number'],
  [21, 'emulation_faults', '?', 'uint64:number'],
  [22, 'l1_dcache_loads', '?', 'uint64:number'],
  [23, 'l1_dcache_load_misses', '?', 'uint64:number'],
  [24, 'l1_dcache_stores', '?', 'uint64:number'],
  [25, 'l1_dcache_store_misses', '?', 'uint64:number'],
  [26, 'l1_dcache_prefetches', '?', 'uint64:number'],
  [27, 'l1_dcache_prefetch_misses', '?', 'uint64:number'],
  [28, 'l1_icache_loads', '?', 'uint64:number'],
  [29, 'l1_icache_load_misses', '?', 'uint64:number'],
  [30, 'l1_icache_prefetches', '?', 'uint64:number'],
  [31, 'l1_icache_prefetch_misses', '?', 'uint64:number'],
  [32, 'llc_loads', '?', 'uint64:number'],
  [33, 'llc_load_misses', '?', 'uint64:number'],
  [34, 'llc_stores', '?', 'uint64:number'],
  [35, 'llc_store_misses', '?', 'uint64:number'],
  [36, 'llc_prefetches', '?', 'uint64:number'],
  [37, 'llc_prefetch_misses', '?', 'uint64:number'],
  [38, 'dtlb_loads', '?', 'uint64:number'],
  [39, 'dtlb_load_misses', '?', 'uint64:number'],
  [40, 'dtlb_stores', '?', 'uint64:number'],
  [41, 'dtlb_store_misses', '?', 'uint64:number'],
  [42, 'dtlb_prefetches', '?', 'uint64:number'],
  [43, 'dtlb_prefetch_misses', '?', 'uint64:number'],
  [44, 'itlb_loads', '?', 'uint64:number'],
  [45, 'itlb_load_misses', '?', 'uint64:number'],
  [46, 'branch_loads', '?', 'uint64:number'],
  [47, 'branch_load_misses', '?', 'uint64:number'],
  [48, 'node_loads', '?', 'uint64:number'],
  [49, 'node_load_misses', '?', 'uint64:number'],
  [50, 'node_stores', '?', 'uint64:number'],
  [51, 'node_store_misses', '?', 'uint64:number'],
  [52, 'node_prefetches', '?', 'uint64:number'],
  [53, 'node_prefetch_misses', '?', 'uint64:number'],
]);

export interface OfferFilters {
  min_allocatable_resources?: OfferFiltersMinAllocatableResources | undefined;
}
export const OfferFilters: MessageType<OfferFilters> = message('mesos.v1.OfferFilters', [
  [1, 'min_allocatable_resources', '?', () => OfferFiltersMinAllocatableResources],
]);

export interface OfferFiltersResourceQuantities {
  quantities?: Record<string, ValueScalar> | undefined;
}
export const OfferFiltersResourceQuantities: MessageType<OfferFiltersResourceQuantities> = message('mesos.v1.OfferFilters.ResourceQuantities', [
  [1, 'quantities', 'map', () => ValueScalar],
]);

export interface OfferFiltersMinAllocatableResources {
  quantities?: OfferFiltersResourceQuantities[] | undefined;
}
export const OfferFiltersMinAllocatableResources: MessageType<OfferFiltersMinAllocatableResources> = message('mesos.v1.OfferFilters.MinAllocatableResources', [
  [1, 'quantities', '*', () => OfferFiltersResourceQuantities],
]);

export interface Request {
  agent_id?: AgentID | undefined;
  resources?: Resource[] | undefined;
}
export const Request: MessageType<Request> = message('mesos.v1.Request', [
  [1, 'agent_id', '?', () => AgentID],
  [2, 'resources', '*', () => Resource],
]);

export interface Offer {
  id: OfferID;
  framework_id: FrameworkID;
  agent_id: AgentID;
  hostname: string;
  url?: URL | undefined;
  domain?: DomainInfo | undefined;
  resources?: Resource[] | undefined;
  attributes?: Attribute[] | undefined;
  executor_ids?: ExecutorID[] | undefined;
  unavailability?: Unavailability | undefined;
  allocation_info?: ResourceAllocationInfo | undefined;
}
export const Offer: MessageType<Offer> = message('mesos.v1.Offer', [
  [1, 'id', '!', () => OfferID],
  [2, 'framework_id', '!', () => FrameworkID],
  [3, 'agent_id', '!', () => AgentID],
  [4, 'hostname', '!', 'string'],
  [8, 'url', '?', () => URL],
  [11, 'domain', '?', () => DomainInfo],
  [5, 'resources', '*', () => Resource],
  [7, 'attributes', '*', () => Attribute],
  [6, 'executor_ids', '*', () => ExecutorID],
  [9, 'unavailability', '?', () => Unavailability],
  [10, 'allocation_info', '?', () => ResourceAllocationInfo],
]);

export interface OfferOperation {
  type?: OfferOperationType | undefined;
  id?: OperationID | undefined;
  launch?: OfferOperationLaunch | undefined;
  launch_group?: OfferOperationLaunchGroup | undefined;
  reserve?: OfferOperationReserve | undefined;
  unreserve?: OfferOperationUnreserve | undefined;
  create?: OfferOperationCreate | undefined;
  destroy?: OfferOperationDestroy | undefined;
  grow_volume?: OfferOperationGrowVolume | undefined;
  shrink_volume?: OfferOperationShrinkVolume | undefined;
  create_disk?: OfferOperationCreateDisk | undefined;
  destroy_disk?: OfferOperationDestroyDisk | undefined;
}
export const OfferOperation: MessageType<OfferOperation> = message('mesos.v1.Offer.Operation', [
  [1, 'type', '?', () => OfferOperationType],
  [12, 'id', '?', () => OperationID],
  [2, 'launch', '?', () => OfferOperationLaunch],
  [7, 'launch_group', '?', () => OfferOperationLaunchGroup],
  [3, 'reserve', '?', () => OfferOperationReserve],
  [4, 'unreserve', '?', () => OfferOperationUnreserve],
  [5, 'create', '?', () => OfferOperationCreate],
  [6, 'destroy', '?', () => OfferOperationDestroy],
  [13, 'grow_volume', '?', () => OfferOperationGrowVolume],
  [14, 'shrink_volume', '?', () => OfferOperationShrinkVolume],
  [15, 'create_disk', '?', () => OfferOperationCreateDisk],
  [16, 'destroy_disk', '?', () => OfferOperationDestroyDisk],
]);

export type OfferOperationType =
  | 'UNKNOWN'
  | 'LAUNCH'
  | 'LAUNCH_GROUP'
  | 'RESERVE'
  | 'UNRESERVE'
  | 'CREATE'
  | 'DESTROY'
  | 'GROW_VOLUME'
  | 'SHRINK_VOLUME'
  | 'CREATE_DISK'
  | 'DESTROY_DISK';
export const OfferOperationType: EnumType<OfferOperationType> = enumeration('mesos.v1.Offer.Operation.Type', {
  UNKNOWN: 0,
  LAUNCH: 1,
  LAUNCH_GROUP: 6,
  RESERVE: 2,
  UNRESERVE: 3,
  CREATE: 4,
  DESTROY: 5,
  GROW_VOLUME: 11,
  SHRINK_VOLUME: 12,
  CREATE_DISK: 13,
  DESTROY_DISK: 14,
});

export interface OfferOperationLaunch {
  task_infos?: TaskInfo[] | undefined;
}
export const OfferOperationLaunch: MessageType<OfferOperationLaunch> = message('mesos.v1.Offer.Operation.Launch', [
  [1, 'task_infos', '*', () => TaskInfo],
]);

export interface OfferOperationLaunchGroup {
  executor: ExecutorInfo;
  task_group: TaskGroupInfo;
}
export const OfferOperationLaunchGroup: MessageType<OfferOperationLaunchGroup> = message('mesos.v1.Offer.Operation.LaunchGroup', [
  [1, 'executor', '!', () => ExecutorInfo],
  [2, 'task_group', '!', () => TaskGroupInfo],
]);

export interface OfferOperationReserve {
  source?: Resource[] | undefined;
  resources?: Resource[] | undefined;
}
export const OfferOperationReserve: MessageType<OfferOperationReserve> = message('mesos.v1.Offer.Operation.Reserve', [
  [2, 'source', '*', () => Resource],
  [1, 'resources', '*', () => Resource],
]);

export interface OfferOperationUnreserve {
  resources?: Resource[] | undefined;
}
export const OfferOperationUnreserve: MessageType<OfferOperationUnreserve> = message('mesos.v1.Offer.Operation.Unreserve', [
  [1, 'resources', '*', () => Resource],
]);

export interface OfferOperationCreate {
  volumes?: Resource[] | undefined;
}
export const OfferOperationCreate: MessageType<OfferOperationCreate> = message('mesos.v1.Offer.Operation.Create', [
  [1, 'volumes', '*', () => Resource],
]);

export interface OfferOperationDestroy {
  volumes?: Resource[] | undefined;
}
export const OfferOperationDestroy: MessageType<OfferOperationDestroy> = message('mesos.v1.Offer.Operation.Destroy', [
  [1, 'volumes', '*', () => Resource],
]);

export interface OfferOperationGrowVolume {
  volume: Resource;
  addition: Resource;
}
export const OfferOperationGrowVolume: MessageType<OfferOperationGrowVolume> = message('mesos.v1.Offer.Operation.GrowVolume', [
  [1, 'volume', '!', () => Resource],
  [2, 'addition', '!', () => Resource],
]);

export interface OfferOperationShrinkVolume {
  volume: Resource;
  subtract: ValueScalar;
}
export const OfferOperationShrinkVolume: MessageType<OfferOperationShrinkVolume> = message('mesos.v1.Offer.Operation.ShrinkVolume', [
  [1, 'volume', '!', () => Resource],
  [2, 'subtract', '!', () => ValueScalar],
]);

export interface OfferOperationCreateDisk {
  source: Resource;
  target_type: ResourceDiskInfoSourceType;
  target_profile?: string | undefined;
}
export const OfferOperationCreateDisk: MessageType<OfferOperationCreateDisk> = message('mesos.v1.Offer.Operation.CreateDisk', [
  [1, 'source', '!', () => Resource],
  [2, 'target_type', '!', () => ResourceDiskInfoSourceType],
  [3, 'target_profile', '?', 'string'],
]);

export interface OfferOperationDestroyDisk {
  source: Resource;
}
export const OfferOperationDestroyDisk: MessageType<OfferOperationDestroyDisk> = message('mesos.v1.Offer.Operation.DestroyDisk', [
  [1, 'source', '!', () => Resource],
]);

export interface InverseOffer {
  id: OfferID;
  url?: URL | undefined;
  framework_id: FrameworkID;
  agent_id?: AgentID | undefined;
  unavailability: Unavailability;
  resources?: Resource[] | undefined;
}
export const InverseOffer: MessageType<InverseOffer> = message('mesos.v1.InverseOffer', [
  [1, 'id', '!', () => OfferID],
  [2, 'url', '?', () => URL],
  [3, 'framework_id', '!', () => FrameworkID],
  [4, 'agent_id', '?', () => AgentID],
  [5, 'unavailability', '!', () => Unavailability],
  [6, 'resources', '*', () => Resource],
]);

export interface TaskInfo {
  name: string;
  task_id: TaskID;
  agent_id: AgentID;
  resources?: Resource[] | undefined;
  executor?: ExecutorInfo | undefined;
  command?: CommandInfo | undefined;
  container?: ContainerInfo | undefined;
  health_check?: HealthCheck | undefined;
  check?: CheckInfo | undefined;
  kill_policy?: KillPolicy | undefined;
  data?: Uint8Array | undefined;
  labels?: Labels | undefined;
  discovery?: DiscoveryInfo | undefined;
  max_completion_time?: DurationInfo | undefined;
  limits?: Record<string, ValueScalar> | undefined;
}
export const TaskInfo: MessageType<TaskInfo> = message('mesos.v1.TaskInfo', [
  [1, 'name', '!', 'string'],
  [2, 'task_id', '!', () => TaskID],
  [3, 'agent_id', '!', () => AgentID],
  [4, 'resources', '*', () => Resource],
  [5, 'executor', '?', () => ExecutorInfo],
  [7, 'command', '?', () => CommandInfo],
  [9, 'container', '?', () => ContainerInfo],
  [8, 'health_check', '?', () => HealthCheck],
  [13, 'check', '?', () => CheckInfo],
  [12, 'kill_policy', '?', () => KillPolicy],
  [6, 'data', '?', 'bytes'],
  [10, 'labels', '?', () => Labels],
  [11, 'discovery', '?', () => DiscoveryInfo],
  [14, 'max_completion_time', '?', () => DurationInfo],
  [15, 'limits', 'map', () => ValueScalar],
]);

export interface TaskGroupInfo {
  tasks?: TaskInfo[] | undefined;
}
export const TaskGroupInfo: MessageType<TaskGroupInfo> = message('mesos.v1.TaskGroupInfo', [
  [1, 'tasks', '*', () => TaskInfo],
]);

export interface Task {
  name: string;
  task_id: TaskID;
  framework_id: FrameworkID;
  executor_id?: ExecutorID | undefined;
  agent_id: AgentID;
  state: TaskState;
  resources?: Resource[] | undefined;
  statuses?: TaskStatus[] | undefined;
  status_update_state?: TaskState | undefined;
  status_update_uuid?: Uint8Array | undefined;
  labels?: Labels | undefined;
  discovery?: DiscoveryInfo | undefined;
  container?: ContainerInfo | undefined;
  health_check?: HealthCheck | undefined;
  kill_policy?: KillPolicy | undefined;
  user?: string | undefined;
  limits?: Record<string, ValueScalar> | undefined;
}
export const Task: MessageType<Task> = message('mesos.v1.Task', [
  [1, 'name', '!', 'string'],
  [2, 'task_id', '!', () => TaskID],
  [3, 'framework_id', '!', () => FrameworkID],
  [4, 'executor_id', '?', () => ExecutorID],
  [5, 'agent_id', '!', () => AgentID],
  [6, 'state', '!', () => TaskState],
  [7, 'resources', '*', () => Resource],
  [8, 'statuses', '*', () => TaskStatus],
  [9, 'status_update_state', '?', () => TaskState],
  [10, 'status_update_uuid', '?', 'bytes'],
  [11, 'labels', '?', () => Labels],
  [12, 'discovery', '?', () => DiscoveryInfo],
  [13, 'container', '?', () => ContainerInfo],
  [15, 'health_check', '?', () => HealthCheck],
  [16, 'kill_policy', '?', () => KillPolicy],
  [14, 'user', '?', 'string'],
  [17, 'limits', 'map', () => ValueScalar],
]);

export type TaskState =
  | 'TASK_STAGING'
  | 'TASK_STARTING'
  | 'TASK_RUNNING'
  | 'TASK_KILLING'
  | 'TASK_FINISHED'
  | 'TASK_FAILED'
  | 'TASK_KILLED'
  | 'TASK_ERROR'
  | 'TASK_LOST'
  | 'TASK_DROPPED'
  | 'TASK_UNREACHABLE'
  | 'TASK_GONE'
  | 'TASK_GONE_BY_OPERATOR'
  | 'TASK_UNKNOWN';
export const TaskState: EnumType<TaskState> = enumeration('mesos.v1.TaskState', {
  TASK_STAGING: 6,
  TASK_STARTING: 0,
  TASK_RUNNING: 1,
  TASK_KILLING: 8,
  TASK_FINISHED: 2,
  TASK_FAILED: 3,
  TASK_KILLED: 4,
  TASK_ERROR: 7,
  TASK_LOST: 5,
  TASK_DROPPED: 9,
  TASK_UNREACHABLE: 10,
  TASK_GONE: 11,
  TASK_GONE_BY_OPERATOR: 12,
  TASK_UNKNOWN: 13,
});

export interface TaskResourceLimitation {
  resources?: Resource[] | undefined;
}
export const TaskResourceLimitation: MessageType<TaskResourceLimitation> = message('mesos.v1.TaskResourceLimitation', [
  [1, 'resources', '*', () => Resource],
]);

export interface UUID {
  value: Uint8Array;
}
export const UUID: MessageType<UUID> = message('mesos.v1.UUID', [
  [1, 'value', '!', 'bytes'],
]);

export interface Operation {
  framework_id?: FrameworkID | undefined;
  agent_id?: AgentID | undefined;
  info: OfferOperation;
  latest_status: OperationStatus;
  statuses?: OperationStatus[] | undefined;
  uuid: UUID;
}
export const Operation: MessageType<Operation> = message('mesos.v1.Operation', [
  [1, 'framework_id', '?', () => FrameworkID],
  [2, 'agent_id', '?', () => AgentID],
  [3, 'info', '!', () => OfferOperation],
  [4, 'latest_status', '!', () => OperationStatus],
  [5, 'statuses', '*', () => OperationStatus],
  [6, 'uuid', '!', () => UUID],
]);

export type OperationState =
  | 'OPERATION_UNSUPPORTED'
  | 'OPERATION_PENDING'
  | 'OPERATION_FINISHED'
  | 'OPERATION_FAILED'
  | 'OPERATION_ERROR'
  | 'OPERATION_DROPPED'
  | 'OPERATION_UNREACHABLE'
  | 'OPERATION_GONE_BY_OPERATOR'
  | 'OPERATION_RECOVERING'
  | 'OPERATION_UNKNOWN';
export const OperationState: EnumType<OperationState> = enumeration('mesos.v1.OperationState', {
  OPERATION_UNSUPPORTED: 0,
  OPERATION_PENDING: 1,
  OPERATION_FINISHED: 2,
  OPERATION_FAILED: 3,
  OPERATION_ERROR: 4,
  OPERATION_DROPPED: 5,
  OPERATION_UNREACHABLE: 6,
  OPERATION_GONE_BY_OPERATOR: 7,
  OPERATION_RECOVERING: 8,
  OPERATION_UNKNOWN: 9,
});

export interface OperationStatus {
  operation_id?: OperationID | undefined;
  state: OperationState;
  message?: string | undefined;
  converted_resources?: Resource[] | undefined;
  uuid?: UUID | undefined;
  agent_id?: AgentID | undefined;
  resource_provider_id?: ResourceProviderID | undefined;
}
export const OperationStatus: MessageType<OperationStatus> = message('mesos.v1.OperationStatus', [
  [1, 'operation_id', '?', () => OperationID],
  [2, 'state', '!', () => OperationState],
  [3, 'message', '?', 'string'],
  [4, 'converted_resources', '*', () => Resource],
  [5, 'uuid', '?', () => UUID],
  [6, 'agent_id', '?', () => AgentID],
  [7, 'resource_provider_id', '?', () => ResourceProviderID],
]);

export interface CheckStatusInfo {
  type?: CheckInfoType | undefined;
  command?: CheckStatusInfoCommand | undefined;
  http?: CheckStatusInfoHttp | undefined;
  tcp?: CheckStatusInfoTcp | undefined;
}
export const CheckStatusInfo: MessageType<CheckStatusInfo> = message('mesos.v1.CheckStatusInfo', [
  [1, 'type', '?', () => CheckInfoType],
  [2, 'command', '?', () => CheckStatusInfoCommand],
  [3, 'http', '?', () => CheckStatusInfoHttp],
  [4, 'tcp', '?', () => CheckStatusInfoTcp],
]);

export interface CheckStatusInfoCommand {
  exit_code?: number | undefined;
}
export const CheckStatusInfoCommand: MessageType<CheckStatusInfoCommand> = message('mesos.v1.CheckStatusInfo.Command', [
  [1, 'exit_code', '?', 'int32'],
]);

export interface CheckStatusInfoHttp {
  status_code?: number | undefined;
}
export const CheckStatusInfoHttp: MessageType<CheckStatusInfoHttp> = message('mesos.v1.CheckStatusInfo.Http', [
  [1, 'status_code', '?', 'uint32'],
]);

export interface CheckStatusInfoTcp {
  succeeded?: boolean | undefined;
}
export const CheckStatusInfoTcp: MessageType<CheckStatusInfoTcp> = message('mesos.v1.CheckStatusInfo.Tcp', [
  [1, 'succeeded', '?', 'bool'],
]);

export interface TaskStatus {
  task_id: TaskID;
  state: TaskState;
  message?: string | undefined;
  source?: TaskStatusSource | undefined;
  reason?: TaskStatusReason | undefined;
  data?: Uint8Array | undefined;
  agent_id?: AgentID | undefined;
  executor_id?: ExecutorID | undefined;
  timestamp?: number | undefined;
  uuid?: Uint8Array | undefined;
  healthy?: boolean | undefined;
  check_status?: CheckStatusInfo | undefined;
  labels?: Labels | undefined;
  container_status?: ContainerStatus | undefined;
  unreachable_time?: TimeInfo | undefined;
  limitation?: TaskResourceLimitation | undefined;
}
export const TaskStatus: MessageType<TaskStatus> = message('mesos.v1.TaskStatus', [
  [1, 'task_id', '!', () => TaskID],
  [2, 'state', '!', () => TaskState],
  [4, 'message', '?', 'string'],
  [9, 'source', '?', () => TaskStatusSource],
  [10, 'reason', '?', () => TaskStatusReason],
  [3, 'data', '?', 'bytes'],
  [5, 'agent_id', '?', () => AgentID],
  [7, 'executor_id', '?', () => ExecutorID],
  [6, 'timestamp', '?', 'double'],
  [11, 'uuid', '?', 'bytes'],
  [8, 'healthy', '?', 'bool'],
  [15, 'check_status', '?', () => CheckStatusInfo],
  [12, 'labels', '?', () => Labels],
  [13, 'container_status', '?', () => ContainerStatus],
  [14, 'unreachable_time', '?', () => TimeInfo],
  [16, 'limitation', '?', () => TaskResourceLimitation],
]);

export type TaskStatusSource =
  | 'SOURCE_MASTER'
  | 'SOURCE_AGENT'
  | 'SOURCE_EXECUTOR';
export const TaskStatusSource: EnumType<TaskStatusSource> = enumeration('mesos.v1.TaskStatus.Source', {
  SOURCE_MASTER: 0,
  SOURCE_AGENT: 1,
  SOURCE_EXECUTOR: 2,
});

export type TaskStatusReason =
  | 'REASON_COMMAND_EXECUTOR_FAILED'
  | 'REASON_CONTAINER_LAUNCH_FAILED'
  | 'REASON_CONTAINER_LIMITATION'
  | 'REASON_CONTAINER_LIMITATION_DISK'
  | 'REASON_CONTAINER_LIMITATION_MEMORY'
  | 'REASON_CONTAINER_PREEMPTED'
  | 'REASON_CONTAINER_UPDATE_FAILED'
  | 'REASON_MAX_COMPLETION_TIME_REACHED'
  | 'REASON_EXECUTOR_REGISTRATION_TIMEOUT'
  | 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT'
  | 'REASON_EXECUTOR_TERMINATED'
  | 'REASON_EXECUTOR_UNREGISTERED'
  | 'REASON_FRAMEWORK_REMOVED'
  | 'REASON_GC_ERROR'
  | 'REASON_INVALID_FRAMEWORKID'
  | 'REASON_INVALID_OFFERS'
  | 'REASON_IO_SWITCHBOARD_EXITED'
  | 'REASON_MASTER_DISCONNECTED'
  | 'REASON_RECONCILIATION'
  | 'REASON_RESOURCES_UNKNOWN'
  | 'REASON_AGENT_DISCONNECTED'
  | 'REASON_AGENT_DRAINING'
  | 'REASON_AGENT_REMOVED'
  | 'REASON_AGENT_REMOVED_BY_OPERATOR'
  | 'REASON_AGENT_REREGISTERED'
  | 'REASON_AGENT_RESTARTED'
  | 'REASON_AGENT_UNKNOWN'
  | 'REASON_TASK_KILLED_DURING_LAUNCH'
  | 'REASON_TASK_CHECK_STATUS_UPDATED'
  | 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED'
  | 'REASON_TASK_GROUP_INVALID'
  | 'REASON_TASK_GROUP_UNAUTHORIZED'
  | 'REASON_TASK_INVALID'
  | 'REASON_TASK_UNAUTHORIZED'
  | 'REASON_TASK_UNKNOWN';
export const TaskStatusReason: EnumType<TaskStatusReason> = enumeration('mesos.v1.TaskStatus.Reason', {
  REASON_COMMAND_EXECUTOR_FAILED: 0,
  REASON_CONTAINER_LAUNCH_FAILED: 21,
  REASON_CONTAINER_LIMITATION: 19,
  REASON_CONTAINER_LIMITATION_DISK: 20,
  REASON_CONTAINER_LIMITATION_MEMORY: 8,
  REASON_CONTAINER_PREEMPTED: 17,
  REASON_CONTAINER_UPDATE_FAILED: 22,
  REASON_MAX_COMPLETION_TIME_REACHED: 33,
  REASON_EXECUTOR_REGISTRATION_TIMEOUT: 23,
  REASON_EXECUTOR_REREGISTRATION_TIMEOUT: 24,
  REASON_EXECUTOR_TERMINATED: 1,
  REASON_EXECUTOR_UNREGISTERED: 2,
  REASON_FRAMEWORK_REMOVED: 3,
  REASON_GC_ERROR: 4,
  REASON_INVALID_FRAMEWORKID: 5,
  REASON_INVALID_OFFERS: 6,
  REASON_IO_SWITCHBOARD_EXITED: 27,
  REASON_MASTER_DISCONNECTED: 7,
  REASON_RECONCILIATION: 9,
  REASON_RESOURCES_UNKNOWN: 18,
  REASON_AGENT_DISCONNECTED: 10,
  REASON_AGENT_DRAINING: 34,
  REASON_AGENT_REMOVED: 11,
  REASON_AGENT_REMOVED_BY_OPERATOR: 31,
  REASON_AGENT_REREGISTERED: 32,
  REASON_AGENT_RESTARTED: 12,
  REASON_AGENT_UNKNOWN: 13,
  REASON_TASK_KILLED_DURING_LAUNCH: 30,
  REASON_TASK_CHECK_STATUS_UPDATED: 28,
  REASON_TASK_HEALTH_CHECK_STATUS_UPDATED: 29,
  REASON_TASK_GROUP_INVALID: 25,
  REASON_TASK_GROUP_UNAUTHORIZED: 26,
  REASON_TASK_INVALID: 14,
  REASON_TASK_UNAUTHORIZED: 15,
  REASON_TASK_UNKNOWN: 16,
});

export interface Filters {
  refuse_seconds?: number | undefined;
}
export const Filters: MessageType<Filters> = message('mesos.v1.Filters', [
  [1, 'refuse_seconds', '?', 'double', { default: 5 }],
]);

export interface Environment {
  variables?: EnvironmentVariable[] | undefined;
}
export const Environment: MessageType<Environment> = message('mesos.v1.Environment', [
  [1, 'variables', '*', () => EnvironmentVariable],
]);

export interface EnvironmentVariable {
  name: string;
  type?: EnvironmentVariableType | undefined;
  value?: string | undefined;
  secret?: Secret | undefined;
}
export const EnvironmentVariable: MessageType<EnvironmentVariable> = message('mesos.v1.Environment.Variable', [
  [1, 'name', '!', 'string'],
  [3, 'type', '?', () => EnvironmentVariableType, { default: "VALUE" }],
  [2, 'value', '?', 'string'],
  [4, 'secret', '?', () => Secret],
]);

export type EnvironmentVariableType =
  | 'UNKNOWN'
  | 'VALUE'
  | 'SECRET';
export const EnvironmentVariableType: EnumType<EnvironmentVariableType> = enumeration('mesos.v1.Environment.Variable.Type', {
  UNKNOWN: 0,
  VALUE: 1,
  SECRET: 2,
});

export interface Parameter {
  key: string;
  value: string;
}
export const Parameter: MessageType<Parameter> = message('mesos.v1.Parameter', [
  [1, 'key', '!', 'string'],
  [2, 'value', '!', 'string'],
]);

export interface Parameters {
  parameter?: Parameter[] | undefined;
}
export const Parameters: MessageType<Parameters> = message('mesos.v1.Parameters', [
  [1, 'parameter', '*', () => Parameter],
]);

export interface Credential {
  principal: string;
  secret?: string | undefined;
}
export const Credential: MessageType<Credential> = message('mesos.v1.Credential', [
  [1, 'principal', '!', 'string'],
  [2, 'secret', '?', 'string'],
]);

export interface Credentials {
  credentials?: Credential[] | undefined;
}
export const Credentials: MessageType<Credentials> = message('mesos.v1.Credentials', [
  [1, 'credentials', '*', () => Credential],
]);

export interface Secret {
  type?: SecretType | undefined;
  reference?: SecretReference | undefined;
  value?: SecretValue | undefined;
}
export const Secret: MessageType<Secret> = message('mesos.v1.Secret', [
  [1, 'type', '?', () => SecretType],
  [2, 'reference', '?', () => SecretReference],
  [3, 'value', '?', () => SecretValue],
]);

export type SecretType =
  | 'UNKNOWN'
  | 'REFERENCE'
  | 'VALUE';
export const SecretType: EnumType<SecretType> = enumeration('mesos.v1.Secret.Type', {
  UNKNOWN: 0,
  REFERENCE: 1,
  VALUE: 2,
});

export interface SecretReference {
  name: string;
  key?: string | undefined;
}
export const SecretReference: MessageType<SecretReference> = message('mesos.v1.Secret.Reference', [
  [1, 'name', '!', 'string'],
  [2, 'key', '?', 'string'],
]);

export interface SecretValue {
  data: Uint8Array;
}
export const SecretValue: MessageType<SecretValue> = message('mesos.v1.Secret.Value', [
  [1, 'data', '!', 'bytes'],
]);

export interface RateLimit {
  qps?: number | undefined;
  principal: string;
  capacity?: number | undefined;
}
export const RateLimit: MessageType<RateLimit> = message('mesos.v1.RateLimit', [
  [1, 'qps', '?', 'double'],
  [2, 'principal', '!', 'string'],
  [3, 'capacity', '?', 'uint64:number'],
]);

export interface RateLimits {
  limits?: RateLimit[] | undefined;
  aggregate_default_qps?: number | undefined;
  aggregate_default_capacity?: bigint | undefined;
}
export const RateLimits: MessageType<RateLimits> = message('mesos.v1.RateLimits', [
  [1, 'limits', '*', () => RateLimit],
  [2, 'aggregate_default_qps', '?', 'double'],
  [3, 'aggregate_default_capacity', '?', 'uint64'],
]);

export interface Image {
  type: ImageType;
  appc?: ImageAppc | undefined;
  docker?: ImageDocker | undefined;
  cached?: boolean | undefined;
}
export const Image: MessageType<Image> = message('mesos.v1.Image', [
  [1, 'type', '!', () => ImageType],
  [2, 'appc', '?', () => ImageAppc],
  [3, 'docker', '?', () => ImageDocker],
  [4, 'cached', '?', 'bool', { default: true }],
]);

export type ImageType =
  | 'APPC'
  | 'DOCKER';
export const ImageType: EnumType<ImageType> = enumeration('mesos.v1.Image.Type', {
  APPC: 1,
  DOCKER: 2,
});

export interface ImageAppc {
  name: string;
  id?: string | undefined;
  labels?: Labels | undefined;
}
export const ImageAppc: MessageType<ImageAppc> = message('mesos.v1.Image.Appc', [
  [1, 'name', '!', 'string'],
  [2, 'id', '?', 'string'],
  [3, 'labels', '?', () => Labels],
]);

export interface ImageDocker {
  name: string;
  credential?: Credential | undefined;
  config?: Secret | undefined;
}
export const ImageDocker: MessageType<ImageDocker> = message('mesos.v1.Image.Docker', [
  [1, 'name', '!', 'string'],
  [2, 'credential', '?', () => Credential, { deprecated: true }],
  [3, 'config', '?', () => Secret],
]);

export interface MountPropagation {
  mode?: MountPropagationMode | undefined;
}
export const MountPropagation: MessageType<MountPropagation> = message('mesos.v1.MountPropagation', [
  [1, 'mode', '?', () => MountPropagationMode],
]);

export type MountPropagationMode =
  | 'UNKNOWN'
  | 'HOST_TO_CONTAINER'
  | 'BIDIRECTIONAL';
export const MountPropagationMode: EnumType<MountPropagationMode> = enumeration('mesos.v1.MountPropagation.Mode', {
  UNKNOWN: 0,
  HOST_TO_CONTAINER: 1,
  BIDIRECTIONAL: 2,
});

export interface Volume {
  mode: VolumeMode;
  container_path: string;
  host_path?: string | undefined;
  image?: Image | undefined;
  source?: VolumeSource | undefined;
}
export const Volume: MessageType<Volume> = message('mesos.v1.Volume', [
  [3, 'mode', '!', () => VolumeMode],
  [1, 'container_path', '!', 'string'],
  [2, 'host_path', '?', 'string'],
  [4, 'image', '?', () => Image],
  [5, 'source', '?', () => VolumeSource],
]);

export type VolumeMode =
  | 'RW'
  | 'RO';
export const VolumeMode: EnumType<VolumeMode> = enumeration('mesos.v1.Volume.Mode', {
  RW: 1,
  RO: 2,
});

export interface VolumeSource {
  type?: VolumeSourceType | undefined;
  docker_volume?: VolumeSourceDockerVolume | undefined;
  host_path?: VolumeSourceHostPath | undefined;
  sandbox_path?: VolumeSourceSandboxPath | undefined;
  secret?: Secret | undefined;
  csi_volume?: VolumeSourceCSIVolume | undefined;
}
export const VolumeSource: MessageType<VolumeSource> = message('mesos.v1.Volume.Source', [
  [1, 'type', '?', () => VolumeSourceType],
  [2, 'docker_volume', '?', () => VolumeSourceDockerVolume],
  [5, 'host_path', '?', () => VolumeSourceHostPath],
  [3, 'sandbox_path', '?', () => VolumeSourceSandboxPath],
  [4, 'secret', '?', () => Secret],
  [6, 'csi_volume', '?', () => VolumeSourceCSIVolume],
]);

export type VolumeSourceType =
  | 'UNKNOWN'
  | 'DOCKER_VOLUME'
  | 'HOST_PATH'
  | 'SANDBOX_PATH'
  | 'SECRET'
  | 'CSI_VOLUME';
export const VolumeSourceType: EnumType<VolumeSourceType> = enumeration('mesos.v1.Volume.Source.Type', {
  UNKNOWN: 0,
  DOCKER_VOLUME: 1,
  HOST_PATH: 4,
  SANDBOX_PATH: 2,
  SECRET: 3,
  CSI_VOLUME: 5,
});

export interface VolumeSourceDockerVolume {
  driver?: string | undefined;
  name: string;
  driver_options?: Parameters | undefined;
}
export const VolumeSourceDockerVolume: MessageType<VolumeSourceDockerVolume> = message('mesos.v1.Volume.Source.DockerVolume', [
  [1, 'driver', '?', 'string'],
  [2, 'name', '!', 'string'],
  [3, 'driver_options', '?', () => Parameters],
]);

export interface VolumeSourceHostPath {
  path: string;
  mount_propagation?: MountPropagation | undefined;
}
export const VolumeSourceHostPath: MessageType<VolumeSourceHostPath> = message('mesos.v1.Volume.Source.HostPath', [
  [1, 'path', '!', 'string'],
  [2, 'mount_propagation', '?', () => MountPropagation],
]);

export interface VolumeSourceSandboxPath {
  type?: VolumeSourceSandboxPathType | undefined;
  path: string;
}
export const VolumeSourceSandboxPath: MessageType<VolumeSourceSandboxPath> = message('mesos.v1.Volume.Source.SandboxPath', [
  [1, 'type', '?', () => VolumeSourceSandboxPathType],
  [2, 'path', '!', 'string'],
]);

export type VolumeSourceSandboxPathType =
  | 'UNKNOWN'
  | 'SELF'
  | 'PARENT';
export const VolumeSourceSandboxPathType: EnumType<VolumeSourceSandboxPathType> = enumeration('mesos.v1.Volume.Source.SandboxPath.Type', {
  UNKNOWN: 0,
  SELF: 1,
  PARENT: 2,
});

export interface VolumeSourceCSIVolume {
  plugin_name: string;
  static_provisioning?: VolumeSourceCSIVolumeStaticProvisioning | undefined;
}
export const VolumeSourceCSIVolume: MessageType<VolumeSourceCSIVolume> = message('mesos.v1.Volume.Source.CSIVolume', [
  [1, 'plugin_name', '!', 'string'],
  [2, 'static_provisioning', '?', () => VolumeSourceCSIVolumeStaticProvisioning],
]);

export interface VolumeSourceCSIVolumeVolumeCapability {
  block?: VolumeSourceCSIVolumeVolumeCapabilityBlockVolume | undefined;
  mount?: VolumeSourceCSIVolumeVolumeCapabilityMountVolume | undefined;
  access_mode: VolumeSourceCSIVolumeVolumeCapabilityAccessMode;
}
export const VolumeSourceCSIVolumeVolumeCapability: MessageType<VolumeSourceCSIVolumeVolumeCapability> = message('mesos.v1.Volume.Source.CSIVolume.VolumeCapability', [
  [1, 'block', '?', () => VolumeSourceCSIVolumeVolumeCapabilityBlockVolume],
  [2, 'mount', '?', () => VolumeSourceCSIVolumeVolumeCapabilityMountVolume],
  [3, 'access_mode', '!', () => VolumeSourceCSIVolumeVolumeCapabilityAccessMode],
]);

export interface VolumeSourceCSIVolumeVolumeCapabilityBlockVolume {
}
export const VolumeSourceCSIVolumeVolumeCapabilityBlockVolume: MessageType<VolumeSourceCSIVolumeVolumeCapabilityBlockVolume> = message('mesos.v1.Volume.Source.CSIVolume.VolumeCapability.BlockVolume', [
]);

export interface VolumeSourceCSIVolumeVolumeCapabilityMountVolume {
  fs_type?: string | undefined;
  mount_flags?: string[] | undefined;
}
export const VolumeSourceCSIVolumeVolumeCapabilityMountVolume: MessageType<VolumeSourceCSIVolumeVolumeCapabilityMountVolume> = message('mesos.v1.Volume.Source.CSIVolume.VolumeCapability.MountVolume', [
  [1, 'fs_type', '?', 'string'],
  [2, 'mount_flags', '*', 'string'],
]);

export interface VolumeSourceCSIVolumeVolumeCapabilityAccessMode {
  mode: VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode;
}
export const VolumeSourceCSIVolumeVolumeCapabilityAccessMode: MessageType<VolumeSourceCSIVolumeVolumeCapabilityAccessMode> = message('mesos.v1.Volume.Source.CSIVolume.VolumeCapability.AccessMode', [
  [1, 'mode', '!', () => VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode],
]);

export type VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode =
  | 'UNKNOWN'
  | 'SINGLE_NODE_WRITER'
  | 'SINGLE_NODE_READER_ONLY'
  | 'MULTI_NODE_READER_ONLY'
  | 'MULTI_NODE_SINGLE_WRITER'
  | 'MULTI_NODE_MULTI_WRITER';
export const VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode: EnumType<VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode> = enumeration('mesos.v1.Volume.Source.CSIVolume.VolumeCapability.AccessMode.Mode', {
  UNKNOWN: 0,
  SINGLE_NODE_WRITER: 1,
  SINGLE_NODE_READER_ONLY: 2,
  MULTI_NODE_READER_ONLY: 3,
  MULTI_NODE_SINGLE_WRITER: 4,
  MULTI_NODE_MULTI_WRITER: 5,
});

export interface VolumeSourceCSIVolumeStaticProvisioning {
  volume_id: string;
  volume_capability: VolumeSourceCSIVolumeVolumeCapability;
  node_stage_secrets?: Record<string, Secret> | undefined;
  node_publish_secrets?: Record<string, Secret> | undefined;
  volume_context?: Record<string, string> | undefined;
}
export const VolumeSourceCSIVolumeStaticProvisioning: MessageType<VolumeSourceCSIVolumeStaticProvisioning> = message('mesos.v1.Volume.Source.CSIVolume.StaticProvisioning', [
  [1, 'volume_id', '!', 'string'],
  [2, 'volume_capability', '!', () => VolumeSourceCSIVolumeVolumeCapability],
  [3, 'node_stage_secrets', 'map', () => Secret],
  [4, 'node_publish_secrets', 'map', () => Secret],
  [5, 'volume_context', 'map', 'string'],
]);

export interface NetworkInfo {
  ip_addresses?: NetworkInfoIPAddress[] | undefined;
  name?: string | undefined;
  groups?: string[] | undefined;
  labels?: Labels | undefined;
  port_mappings?: NetworkInfoPortMapping[] | undefined;
}
export const NetworkInfo: MessageType<NetworkInfo> = message('mesos.v1.NetworkInfo', [
  [5, 'ip_addresses', '*', () => NetworkInfoIPAddress],
  [6, 'name', '?', 'string'],
  [3, 'groups', '*', 'string'],
  [4, 'labels', '?', () => Labels],
  [7, 'port_mappings', '*', () => NetworkInfoPortMapping],
]);

export type NetworkInfoProtocol =
  | 'IPv4'
  | 'IPv6';
export const NetworkInfoProtocol: EnumType<NetworkInfoProtocol> = enumeration('mesos.v1.NetworkInfo.Protocol', {
  IPv4: 1,
  IPv6: 2,
});

export interface NetworkInfoIPAddress {
  protocol?: NetworkInfoProtocol | undefined;
  ip_address?: string | undefined;
}
export const NetworkInfoIPAddress: MessageType<NetworkInfoIPAddress> = message('mesos.v1.NetworkInfo.IPAddress', [
  [1, 'protocol', '?', () => NetworkInfoProtocol, { default: "IPv4" }],
  [2, 'ip_address', '?', 'string'],
]);

export interface NetworkInfoPortMapping {
  host_port: number;
  container_port: number;
  protocol?: string | undefined;
}
export const NetworkInfoPortMapping: MessageType<NetworkInfoPortMapping> = message('mesos.v1.NetworkInfo.PortMapping', [
  [1, 'host_port', '!', 'uint32'],
  [2, 'container_port', '!', 'uint32'],
  [3, 'protocol', '?', 'string'],
]);

export interface CapabilityInfo {
  capabilities?: CapabilityInfoCapability[] | undefined;
}
export const CapabilityInfo: MessageType<CapabilityInfo> = message('mesos.v1.CapabilityInfo', [
  [1, 'capabilities', '*', () => CapabilityInfoCapability],
]);

export type CapabilityInfoCapability =
  | 'UNKNOWN'
  | 'CHOWN'
  | 'DAC_OVERRIDE'
  | 'DAC_READ_SEARCH'
  | 'FOWNER'
  | 'FSETID'
  | 'KILL'
  | 'SETGID'
  | 'SETUID'
  | 'SETPCAP'
  | 'LINUX_IMMUTABLE'
  | 'NET_BIND_SERVICE'
  | 'NET_BROADCAST'
  | 'NET_ADMIN'
  | 'NET_RAW'
  | 'IPC_LOCK'
  | 'IPC_OWNER'
  | 'SYS_MODULE'
  | 'SYS_RAWIO'
  | 'SYS_CHROOT'
  | 'SYS_PTRACE'
  | 'SYS_PACCT'
  | 'SYS_ADMIN'
  | 'SYS_BOOT'
  | 'SYS_NICE'
  | 'SYS_RESOURCE'
  | 'SYS_TIME'
  | 'SYS_TTY_CONFIG'
  | 'MKNOD'
  | 'LEASE'
  | 'AUDIT_WRITE'
  | 'AUDIT_CONTROL'
  | 'SETFCAP'
  | 'MAC_OVERRIDE'
  | 'MAC_ADMIN'
  | 'SYSLOG'
  | 'WAKE_ALARM'
  | 'BLOCK_SUSPEND'
  | 'AUDIT_READ'
  | 'PERFMON'
  | 'BPF'
  | 'CHECKPOINT_RESTORE';
export const CapabilityInfoCapability: EnumType<CapabilityInfoCapability> = enumeration('mesos.v1.CapabilityInfo.Capability', {
  UNKNOWN: 0,
  CHOWN: 1000,
  DAC_OVERRIDE: 1001,
  DAC_READ_SEARCH: 1002,
  FOWNER: 1003,
  FSETID: 1004,
  KILL: 1005,
  SETGID: 1006,
  SETUID: 1007,
  SETPCAP: 1008,
  LINUX_IMMUTABLE: 1009,
  NET_BIND_SERVICE: 1010,
  NET_BROADCAST: 1011,
  NET_ADMIN: 1012,
  NET_RAW: 1013,
  IPC_LOCK: 1014,
  IPC_OWNER: 1015,
  SYS_MODULE: 1016,
  SYS_RAWIO: 1017,
  SYS_CHROOT: 1018,
  SYS_PTRACE: 1019,
  SYS_PACCT: 1020,
  SYS_ADMIN: 1021,
  SYS_BOOT: 1022,
  SYS_NICE: 1023,
  SYS_RESOURCE: 1024,
  SYS_TIME: 1025,
  SYS_TTY_CONFIG: 1026,
  MKNOD: 1027,
  LEASE: 1028,
  AUDIT_WRITE: 1029,
  AUDIT_CONTROL: 1030,
  SETFCAP: 1031,
  MAC_OVERRIDE: 1032,
  MAC_ADMIN: 1033,
  SYSLOG: 1034,
  WAKE_ALARM: 1035,
  BLOCK_SUSPEND: 1036,
  AUDIT_READ: 1037,
  PERFMON: 1038,
  BPF: 1039,
  CHECKPOINT_RESTORE: 1040,
});

export interface SeccompInfo {
  profile_name?: string | undefined;
  unconfined?: boolean | undefined;
}
export const SeccompInfo: MessageType<SeccompInfo> = message('mesos.v1.SeccompInfo', [
  [1, 'profile_name', '?', 'string'],
  [2, 'unconfined', '?', 'bool'],
]);

export interface LinuxInfo {
  capability_info?: CapabilityInfo | undefined;
  bounding_capabilities?: CapabilityInfo | undefined;
  effective_capabilities?: CapabilityInfo | undefined;
  share_pid_namespace?: boolean | undefined;
  seccomp?: SeccompInfo | undefined;
  ipc_mode?: LinuxInfoIpcMode | undefined;
  shm_size?: number | undefined;
  share_cgroups?: boolean | undefined;
}
export const LinuxInfo: MessageType<LinuxInfo> = message('mesos.v1.LinuxInfo', [
  [1, 'capability_info', '?', () => CapabilityInfo, { deprecated: true }],
  [2, 'bounding_capabilities', '?', () => CapabilityInfo],
  [3, 'effective_capabilities', '?', () => CapabilityInfo],
  [4, 'share_pid_namespace', '?', 'bool'],
  [5, 'seccomp', '?', () => SeccompInfo],
  [6, 'ipc_mode', '?', () => LinuxInfoIpcMode],
  [7, 'shm_size', '?', 'uint32'],
  [8, 'share_cgroups', '?', 'bool', { default: true }],
]);

export type LinuxInfoIpcMode =
  | 'UNKNOWN'
  | 'PRIVATE'
  | 'SHARE_PARENT';
export const LinuxInfoIpcMode: EnumType<LinuxInfoIpcMode> = enumeration('mesos.v1.LinuxInfo.IpcMode', {
  UNKNOWN: 0,
  PRIVATE: 1,
  SHARE_PARENT: 2,
});

export interface RLimitInfo {
  rlimits?: RLimitInfoRLimit[] | undefined;
}
export const RLimitInfo: MessageType<RLimitInfo> = message('mesos.v1.RLimitInfo', [
  [1, 'rlimits', '*', () => RLimitInfoRLimit],
]);

export interface RLimitInfoRLimit {
  type?: RLimitInfoRLimitType | undefined;
  hard?: bigint | undefined;
  soft?: bigint | undefined;
}
export const RLimitInfoRLimit: MessageType<RLimitInfoRLimit> = message('mesos.v1.RLimitInfo.RLimit', [
  [1, 'type', '?', () => RLimitInfoRLimitType],
  [2, 'hard', '?', 'uint64'],
  [3, 'soft', '?', 'uint64'],
]);

export type RLimitInfoRLimitType =
  | 'UNKNOWN'
  | 'RLMT_AS'
  | 'RLMT_CORE'
  | 'RLMT_CPU'
  | 'RLMT_DATA'
  | 'RLMT_FSIZE'
  | 'RLMT_LOCKS'
  | 'RLMT_MEMLOCK'
  | 'RLMT_MSGQUEUE'
  | 'RLMT_NICE'
  | 'RLMT_NOFILE'
  | 'RLMT_NPROC'
  | 'RLMT_RSS'
  | 'RLMT_RTPRIO'
  | 'RLMT_RTTIME'
  | 'RLMT_SIGPENDING'
  | 'RLMT_STACK';
export const RLimitInfoRLimitType: EnumType<RLimitInfoRLimitType> = enumeration('mesos.v1.RLimitInfo.RLimit.Type', {
  UNKNOWN: 0,
  RLMT_AS: 1,
  RLMT_CORE: 2,
  RLMT_CPU: 3,
  RLMT_DATA: 4,
  RLMT_FSIZE: 5,
  RLMT_LOCKS: 6,
  RLMT_MEMLOCK: 7,
  RLMT_MSGQUEUE: 8,
  RLMT_NICE: 9,
  RLMT_NOFILE: 10,
  RLMT_NPROC: 11,
  RLMT_RSS: 12,
  RLMT_RTPRIO: 13,
  RLMT_RTTIME: 14,
  RLMT_SIGPENDING: 15,
  RLMT_STACK: 16,
});

export interface TTYInfo {
  window_size?: TTYInfoWindowSize | undefined;
}
export const TTYInfo: MessageType<TTYInfo> = message('mesos.v1.TTYInfo', [
  [1, 'window_size', '?', () => TTYInfoWindowSize],
]);

export interface TTYInfoWindowSize {
  rows: number;
  columns: number;
}
export const TTYInfoWindowSize: MessageType<TTYInfoWindowSize> = message('mesos.v1.TTYInfo.WindowSize', [
  [1, 'rows', '!', 'uint32'],
  [2, 'columns', '!', 'uint32'],
]);

export interface ContainerInfo {
  type: ContainerInfoType;
  volumes?: Volume[] | undefined;
  hostname?: string | undefined;
  docker?: ContainerInfoDockerInfo | undefined;
  mesos?: ContainerInfoMesosInfo | undefined;
  network_infos?: NetworkInfo[] | undefined;
  linux_info?: LinuxInfo | undefined;
  rlimit_info?: RLimitInfo | undefined;
  tty_info?: TTYInfo | undefined;
}
export const ContainerInfo: MessageType<ContainerInfo> = message('mesos.v1.ContainerInfo', [
  [1, 'type', '!', () => ContainerInfoType],
  [2, 'volumes', '*', () => Volume],
  [4, 'hostname', '?', 'string'],
  [3, 'docker', '?', () => ContainerInfoDockerInfo],
  [5, 'mesos', '?', () => ContainerInfoMesosInfo],
  [7, 'network_infos', '*', () => NetworkInfo],
  [8, 'linux_info', '?', () => LinuxInfo],
  [9, 'rlimit_info', '?', () => RLimitInfo],
  [10, 'tty_info', '?', () => TTYInfo],
]);

export type ContainerInfoType =
  | 'DOCKER'
  | 'MESOS';
export const ContainerInfoType: EnumType<ContainerInfoType> = enumeration('mesos.v1.ContainerInfo.Type', {
  DOCKER: 1,
  MESOS: 2,
});

export interface ContainerInfoDockerInfo {
  image: string;
  network?: ContainerInfoDockerInfoNetwork | undefined;
  port_mappings?: ContainerInfoDockerInfoPortMapping[] | undefined;
  privileged?: boolean | undefined;
  parameters?: Parameter[] | undefined;
  force_pull_image?: boolean | undefined;
  volume_driver?: string | undefined;
}
export const ContainerInfoDockerInfo: MessageType<ContainerInfoDockerInfo> = message('mesos.v1.ContainerInfo.DockerInfo', [
  [1, 'image', '!', 'string'],
  [2, 'network', '?', () => ContainerInfoDockerInfoNetwork, { default: "HOST" }],
  [3, 'port_mappings', '*', () => ContainerInfoDockerInfoPortMapping],
  [4, 'privileged', '?', 'bool', { default: false }],
  [5, 'parameters', '*', () => Parameter],
  [6, 'force_pull_image', '?', 'bool'],
  [7, 'volume_driver', '?', 'string', { deprecated: true }],
]);

export type ContainerInfoDockerInfoNetwork =
  | 'HOST'
  | 'BRIDGE'
  | 'NONE'
  | 'USER';
export const ContainerInfoDockerInfoNetwork: EnumType<ContainerInfoDockerInfoNetwork> = enumeration('mesos.v1.ContainerInfo.DockerInfo.Network', {
  HOST: 1,
  BRIDGE: 2,
  NONE: 3,
  USER: 4,
});

export interface ContainerInfoDockerInfoPortMapping {
  host_port: number;
  container_port: number;
  protocol?: string | undefined;
}
export const ContainerInfoDockerInfoPortMapping: MessageType<ContainerInfoDockerInfoPortMapping> = message('mesos.v1.ContainerInfo.DockerInfo.PortMapping', [
  [1, 'host_port', '!', 'uint32'],
  [2, 'container_port', '!', 'uint32'],
  [3, 'protocol', '?', 'string'],
]);

export interface ContainerInfoMesosInfo {
  image?: Image | undefined;
}
export const ContainerInfoMesosInfo: MessageType<ContainerInfoMesosInfo> = message('mesos.v1.ContainerInfo.MesosInfo', [
  [1, 'image', '?', () => Image],
]);

export interface ContainerStatus {
  container_id?: ContainerID | undefined;
  network_infos?: NetworkInfo[] | undefined;
  cgroup_info?: CgroupInfo | undefined;
  executor_pid?: number | undefined;
}
export const ContainerStatus: MessageType<ContainerStatus> = message('mesos.v1.ContainerStatus', [
  [4, 'container_id', '?', () => ContainerID],
  [1, 'network_infos', '*', () => NetworkInfo],
  [2, 'cgroup_info', '?', () => CgroupInfo],
  [3, 'executor_pid', '?', 'uint32'],
]);

export interface CgroupInfo {
  net_cls?: CgroupInfoNetCls | undefined;
}
export const CgroupInfo: MessageType<CgroupInfo> = message('mesos.v1.CgroupInfo', [
  [1, 'net_cls', '?', () => CgroupInfoNetCls],
]);

export interface CgroupInfoBlkio {
}
export const CgroupInfoBlkio: MessageType<CgroupInfoBlkio> = message('mesos.v1.CgroupInfo.Blkio', [
]);

export type CgroupInfoBlkioOperation =
  | 'UNKNOWN'
  | 'TOTAL'
  | 'READ'
  | 'WRITE'
  | 'SYNC'
  | 'ASYNC'
  | 'DISCARD';
export const CgroupInfoBlkioOperation: EnumType<CgroupInfoBlkioOperation> = enumeration('mesos.v1.CgroupInfo.Blkio.Operation', {
  UNKNOWN: 0,
  TOTAL: 1,
  READ: 2,
  WRITE: 3,
  SYNC: 4,
  ASYNC: 5,
  DISCARD: 6,
});

export interface CgroupInfoBlkioValue {
  op?: CgroupInfoBlkioOperation | undefined;
  value?: number | undefined;
}
export const CgroupInfoBlkioValue: MessageType<CgroupInfoBlkioValue> = message('mesos.v1.CgroupInfo.Blkio.Value', [
  [1, 'op', '?', () => CgroupInfoBlkioOperation],
  [2, 'value', '?', 'uint64:number'],
]);

export interface CgroupInfoBlkioCFQ {
}
export const CgroupInfoBlkioCFQ: MessageType<CgroupInfoBlkioCFQ> = message('mesos.v1.CgroupInfo.Blkio.CFQ', [
]);

export interface CgroupInfoBlkioCFQStatistics {
  device?: DeviceNumber | undefined;
  sectors?: number | undefined;
  time?: number | undefined;
  io_serviced?: CgroupInfoBlkioValue[] | undefined;
  io_service_bytes?: CgroupInfoBlkioValue[] | undefined;
  io_service_time?: CgroupInfoBlkioValue[] | undefined;
  io_wait_time?: CgroupInfoBlkioValue[] | undefined;
  io_merged?: CgroupInfoBlkioValue[] | undefined;
  io_queued?: CgroupInfoBlkioValue[] | undefined;
}
export const CgroupInfoBlkioCFQStatistics: MessageType<CgroupInfoBlkioCFQStatistics> = message('mesos.v1.CgroupInfo.Blkio.CFQ.Statistics', [
  [1, 'device', '?', () => DeviceNumber],
  [2, 'sectors', '?', 'uint64:number'],
  [3, 'time', '?', 'uint64:number'],
  [4, 'io_serviced', '*', () => CgroupInfoBlkioValue],
  [5, 'io_service_bytes', '*', () => CgroupInfoBlkioValue],
  [6, 'io_service_time', '*', () => CgroupInfoBlkioValue],
  [7, 'io_wait_time', '*', () => CgroupInfoBlkioValue],
  [8, 'io_merged', '*', () => CgroupInfoBlkioValue],
  [9, 'io_queued', '*', () => CgroupInfoBlkioValue],
]);

export interface CgroupInfoBlkioThrottling {
}
export const CgroupInfoBlkioThrottling: MessageType<CgroupInfoBlkioThrottling> = message('mesos.v1.CgroupInfo.Blkio.Throttling', [
]);

export interface CgroupInfoBlkioThrottlingStatistics {
  device?: DeviceNumber | undefined;
  io_serviced?: CgroupInfoBlkioValue[] | undefined;
  io_service_bytes?: CgroupInfoBlkioValue[] | undefined;
}
export const CgroupInfoBlkioThrottlingStatistics: MessageType<CgroupInfoBlkioThrottlingStatistics> = message('mesos.v1.CgroupInfo.Blkio.Throttling.Statistics', [
  [1, 'device', '?', () => DeviceNumber],
  [2, 'io_serviced', '*', () => CgroupInfoBlkioValue],
  [3, 'io_service_bytes', '*', () => CgroupInfoBlkioValue],
]);

export interface CgroupInfoBlkioStatistics {
  cfq?: CgroupInfoBlkioCFQStatistics[] | undefined;
  cfq_recursive?: CgroupInfoBlkioCFQStatistics[] | undefined;
  throttling?: CgroupInfoBlkioThrottlingStatistics[] | undefined;
}
export const CgroupInfoBlkioStatistics: MessageType<CgroupInfoBlkioStatistics> = message('mesos.v1.CgroupInfo.Blkio.Statistics', [
  [1, 'cfq', '*', () => CgroupInfoBlkioCFQStatistics],
  [2, 'cfq_recursive', '*', () => CgroupInfoBlkioCFQStatistics],
  [3, 'throttling', '*', () => CgroupInfoBlkioThrottlingStatistics],
]);

export interface CgroupInfoNetCls {
  classid?: number | undefined;
}
export const CgroupInfoNetCls: MessageType<CgroupInfoNetCls> = message('mesos.v1.CgroupInfo.NetCls', [
  [1, 'classid', '?', 'uint32'],
]);

export interface Labels {
  labels?: Label[] | undefined;
}
export const Labels: MessageType<Labels> = message('mesos.v1.Labels', [
  [1, 'labels', '*', () => Label],
]);

export interface Label {
  key: string;
  value?: string | undefined;
}
export const Label: MessageType<Label> = message('mesos.v1.Label', [
  [1, 'key', '!', 'string'],
  [2, 'value', '?', 'string'],
]);

export interface Port {
  number: number;
  name?: string | undefined;
  protocol?: string | undefined;
  visibility?: DiscoveryInfoVisibility | undefined;
  labels?: Labels | undefined;
}
export const Port: MessageType<Port> = message('mesos.v1.Port', [
  [1, 'number', '!', 'uint32'],
  [2, 'name', '?', 'string'],
  [3, 'protocol', '?', 'string'],
  [4, 'visibility', '?', () => DiscoveryInfoVisibility],
  [5, 'labels', '?', () => Labels],
]);

export interface Ports {
  ports?: Port[] | undefined;
}
export const Ports: MessageType<Ports> = message('mesos.v1.Ports', [
  [1, 'ports', '*', () => Port],
]);

export interface DiscoveryInfo {
  visibility: DiscoveryInfoVisibility;
  name?: string | undefined;
  environment?: string | undefined;
  location?: string | undefined;
  version?: string | undefined;
  ports?: Ports | undefined;
  labels?: Labels | undefined;
}
export const DiscoveryInfo: MessageType<DiscoveryInfo> = message('mesos.v1.DiscoveryInfo', [
  [1, 'visibility', '!', () => DiscoveryInfoVisibility],
  [2, 'name', '?', 'string'],
  [3, 'environment', '?', 'string'],
  [4, 'location', '?', 'string'],
  [5, 'version', '?', 'string'],
  [6, 'ports', '?', () => Ports],
  [7, 'labels', '?', () => Labels],
]);

export type DiscoveryInfoVisibility =
  | 'FRAMEWORK'
  | 'CLUSTER'
  | 'EXTERNAL';
export const DiscoveryInfoVisibility: EnumType<DiscoveryInfoVisibility> = enumeration('mesos.v1.DiscoveryInfo.Visibility', {
  FRAMEWORK: 0,
  CLUSTER: 1,
  EXTERNAL: 2,
});

export interface WeightInfo {
  weight: number;
  role?: string | undefined;
}
export const WeightInfo: MessageType<WeightInfo> = message('mesos.v1.WeightInfo', [
  [1, 'weight', '!', 'double'],
  [2, 'role', '?', 'string'],
]);

export interface VersionInfo {
  version: string;
  build_date?: string | undefined;
  build_time?: number | undefined;
  build_user?: string | undefined;
  git_sha?: string | undefined;
  git_branch?: string | undefined;
  git_tag?: string | undefined;
}
export const VersionInfo: MessageType<VersionInfo> = message('mesos.v1.VersionInfo', [
  [1, 'version', '!', 'string'],
  [2, 'build_date', '?', 'string'],
  [3, 'build_time', '?', 'double'],
  [4, 'build_user', '?', 'string'],
  [5, 'git_sha', '?', 'string'],
  [6, 'git_branch', '?', 'string'],
  [7, 'git_tag', '?', 'string'],
]);

export interface Flag {
  name: string;
  value?: string | undefined;
}
export const Flag: MessageType<Flag> = message('mesos.v1.Flag', [
  [1, 'name', '!', 'string'],
  [2, 'value', '?', 'string'],
]);

export interface Role {
  name: string;
  weight: number;
  frameworks?: FrameworkID[] | undefined;
  resources?: Resource[] | undefined;
}
export const Role: MessageType<Role> = message('mesos.v1.Role', [
  [1, 'name', '!', 'string'],
  [2, 'weight', '!', 'double'],
  [3, 'frameworks', '*', () => FrameworkID],
  [4, 'resources', '*', () => Resource],
]);

export interface Metric {
  name: string;
  value?: number | undefined;
}
export const Metric: MessageType<Metric> = message('mesos.v1.Metric', [
  [1, 'name', '!', 'string'],
  [2, 'value', '?', 'double'],
]);

export interface FileInfo {
  path: string;
  nlink?: number | undefined;
  size?: number | undefined;
  mtime?: TimeInfo | undefined;
  mode?: number | undefined;
  uid?: string | undefined;
  gid?: string | undefined;
}
export const FileInfo: MessageType<FileInfo> = message('mesos.v1.FileInfo', [
  [1, 'path', '!', 'string'],
  [2, 'nlink', '?', 'int32'],
  [3, 'size', '?', 'uint64:number'],
  [4, 'mtime', '?', () => TimeInfo],
  [5, 'mode', '?', 'uint32'],
  [6, 'uid', '?', 'string'],
  [7, 'gid', '?', 'string'],
]);

export interface Device {
  path?: string | undefined;
  number?: DeviceNumber | undefined;
}
export const Device: MessageType<Device> = message('mesos.v1.Device', [
  [1, 'path', '?', 'string'],
  [2, 'number', '?', () => DeviceNumber],
]);

export interface DeviceNumber {
  major_number: bigint;
  minor_number: bigint;
}
export const DeviceNumber: MessageType<DeviceNumber> = message('mesos.v1.Device.Number', [
  [1, 'major_number', '!', 'uint64'],
  [2, 'minor_number', '!', 'uint64'],
]);

export interface DeviceAccess {
  device: Device;
  access: DeviceAccessAccess;
}
export const DeviceAccess: MessageType<DeviceAccess> = message('mesos.v1.DeviceAccess', [
  [1, 'device', '!', () => Device],
  [2, 'access', '!', () => DeviceAccessAccess],
]);

export interface DeviceAccessAccess {
  read?: boolean | undefined;
  write?: boolean | undefined;
  mknod?: boolean | undefined;
}
export const DeviceAccessAccess: MessageType<DeviceAccessAccess> = message('mesos.v1.DeviceAccess.Access', [
  [1, 'read', '?', 'bool'],
  [2, 'write', '?', 'bool'],
  [3, 'mknod', '?', 'bool'],
]);

export interface DeviceWhitelist {
  allowed_devices?: DeviceAccess[] | undefined;
}
export const DeviceWhitelist: MessageType<DeviceWhitelist> = message('mesos.v1.DeviceWhitelist', [
  [1, 'allowed_devices', '*', () => DeviceAccess],
]);

export type DrainState =
  | 'UNKNOWN'
  | 'DRAINING'
  | 'DRAINED';
export const DrainState: EnumType<DrainState> = enumeration('mesos.v1.DrainState', {
  UNKNOWN: 0,
  DRAINING: 1,
  DRAINED: 2,
});

export interface DrainConfig {
  max_grace_period?: DurationInfo | undefined;
  mark_gone?: boolean | undefined;
}
export const DrainConfig: MessageType<DrainConfig> = message('mesos.v1.DrainConfig', [
  [1, 'max_grace_period', '?', () => DurationInfo],
  [2, 'mark_gone', '?', 'bool', { default: false }],
]);

export interface DrainInfo {
  state: DrainState;
  config: DrainConfig;
}
export const DrainInfo: MessageType<DrainInfo> = message('mesos.v1.DrainInfo', [
  [1, 'state', '!', () => DrainState],
  [2, 'config', '!', () => DrainConfig],
]);
