// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';

export interface ACL {
}
export const ACL: MessageType<ACL> = message('mesos.ACL', [
]);

export interface ACLEntity {
  type?: ACLEntityType | undefined;
  values?: string[] | undefined;
}
export const ACLEntity: MessageType<ACLEntity> = message('mesos.ACL.Entity', [
  [1, 'type', '?', () => ACLEntityType, { default: "SOME" }],
  [2, 'values', '*', 'string'],
]);

export type ACLEntityType =
  | 'SOME'
  | 'ANY'
  | 'NONE';
export const ACLEntityType: EnumType<ACLEntityType> = enumeration('mesos.ACL.Entity.Type', {
  SOME: 0,
  ANY: 1,
  NONE: 2,
});

export interface ACLRegisterFramework {
  principals: ACLEntity;
  roles: ACLEntity;
}
export const ACLRegisterFramework: MessageType<ACLRegisterFramework> = message('mesos.ACL.RegisterFramework', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'roles', '!', () => ACLEntity],
]);

export interface ACLRunTask {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLRunTask: MessageType<ACLRunTask> = message('mesos.ACL.RunTask', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLTeardownFramework {
  principals: ACLEntity;
  framework_principals: ACLEntity;
}
export const ACLTeardownFramework: MessageType<ACLTeardownFramework> = message('mesos.ACL.TeardownFramework', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'framework_principals', '!', () => ACLEntity],
]);

export interface ACLReserveResources {
  principals: ACLEntity;
  roles: ACLEntity;
}
export const ACLReserveResources: MessageType<ACLReserveResources> = message('mesos.ACL.ReserveResources', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'roles', '!', () => ACLEntity],
]);

export interface ACLUnreserveResources {
  principals: ACLEntity;
  reserver_principals: ACLEntity;
}
export const ACLUnreserveResources: MessageType<ACLUnreserveResources> = message('mesos.ACL.UnreserveResources', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'reserver_principals', '!', () => ACLEntity],
]);

export interface ACLCreateVolume {
  principals: ACLEntity;
  roles: ACLEntity;
}
export const ACLCreateVolume: MessageType<ACLCreateVolume> = message('mesos.ACL.CreateVolume', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'roles', '!', () => ACLEntity],
]);

export interface ACLDestroyVolume {
  principals: ACLEntity;
  creator_principals: ACLEntity;
}
export const ACLDestroyVolume: MessageType<ACLDestroyVolume> = message('mesos.ACL.DestroyVolume', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'creator_principals', '!', () => ACLEntity],
]);

export interface ACLResizeVolume {
  principals: ACLEntity;
  roles: ACLEntity;
}
export const ACLResizeVolume: MessageType<ACLResizeVolume> = message('mesos.ACL.ResizeVolume', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'roles', '!', () => ACLEntity],
]);

export interface ACLGetQuota {
  principals: ACLEntity;
  roles: ACLEntity;
}
export const ACLGetQuota: MessageType<ACLGetQuota> = message('mesos.ACL.GetQuota', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'roles', '!', () => ACLEntity],
]);

export interface ACLUpdateQuota {
  principals: ACLEntity;
  roles: ACLEntity;
}
export const ACLUpdateQuota: MessageType<ACLUpdateQuota> = message('mesos.ACL.UpdateQuota', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'roles', '!', () => ACLEntity],
]);

export interface ACLViewRole {
  principals: ACLEntity;
  roles: ACLEntity;
}
export const ACLViewRole: MessageType<ACLViewRole> = message('mesos.ACL.ViewRole', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'roles', '!', () => ACLEntity],
]);

export interface ACLUpdateWeight {
  principals: ACLEntity;
  roles: ACLEntity;
}
export const ACLUpdateWeight: MessageType<ACLUpdateWeight> = message('mesos.ACL.UpdateWeight', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'roles', '!', () => ACLEntity],
]);

export interface ACLGetEndpoint {
  principals: ACLEntity;
  paths: ACLEntity;
}
export const ACLGetEndpoint: MessageType<ACLGetEndpoint> = message('mesos.ACL.GetEndpoint', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'paths', '!', () => ACLEntity],
]);

export interface ACLViewFramework {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLViewFramework: MessageType<ACLViewFramework> = message('mesos.ACL.ViewFramework', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLViewTask {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLViewTask: MessageType<ACLViewTask> = message('mesos.ACL.ViewTask', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLViewExecutor {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLViewExecutor: MessageType<ACLViewExecutor> = message('mesos.ACL.ViewExecutor', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLAccessSandbox {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLAccessSandbox: MessageType<ACLAccessSandbox> = message('mesos.ACL.AccessSandbox', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLAccessMesosLog {
  principals: ACLEntity;
  logs: ACLEntity;
}
export const ACLAccessMesosLog: MessageType<ACLAccessMesosLog> = message('mesos.ACL.AccessMesosLog', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'logs', '!', () => ACLEntity],
]);

export interface ACLViewFlags {
  principals: ACLEntity;
  flags: ACLEntity;
}
export const ACLViewFlags: MessageType<ACLViewFlags> = message('mesos.ACL.ViewFlags', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'flags', '!', () => ACLEntity],
]);

export interface ACLLaunchNestedContainerAsUser {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLLaunchNestedContainerAsUser: MessageType<ACLLaunchNestedContainerAsUser> = message('mesos.ACL.LaunchNestedContainerAsUser', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLLaunchNestedContainerUnderParentWithUser {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLLaunchNestedContainerUnderParentWithUser: MessageType<ACLLaunchNestedContainerUnderParentWithUser> = message('mesos.ACL.LaunchNestedContainerUnderParentWithUser', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLLaunchNestedContainerSessionAsUser {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLLaunchNestedContainerSessionAsUser: MessageType<ACLLaunchNestedContainerSessionAsUser> = message('mesos.ACL.LaunchNestedContainerSessionAsUser', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLLaunchNestedContainerSessionUnderParentWithUser {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLLaunchNestedContainerSessionUnderParentWithUser: MessageType<ACLLaunchNestedContainerSessionUnderParentWithUser> = message('mesos.ACL.LaunchNestedContainerSessionUnderParentWithUser', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLAttachContainerInput {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLAttachContainerInput: MessageType<ACLAttachContainerInput> = message('mesos.ACL.AttachContainerInput', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLAttachContainerOutput {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLAttachContainerOutput: MessageType<ACLAttachContainerOutput> = message('mesos.ACL.AttachContainerOutput', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLKillNestedContainer {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLKillNestedContainer: MessageType<ACLKillNestedContainer> = message('mesos.ACL.KillNestedContainer', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLWaitNestedContainer {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLWaitNestedContainer: MessageType<ACLWaitNestedContainer> = message('mesos.ACL.WaitNestedContainer', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLViewContainer {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLViewContainer: MessageType<ACLViewContainer> = message('mesos.ACL.ViewContainer', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLRemoveNestedContainer {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLRemoveNestedContainer: MessageType<ACLRemoveNestedContainer> = message('mesos.ACL.RemoveNestedContainer', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLSetLogLevel {
  principals: ACLEntity;
  level: ACLEntity;
}
export const ACLSetLogLevel: MessageType<ACLSetLogLevel> = message('mesos.ACL.SetLogLevel', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'level', '!', () => ACLEntity],
]);

export interface ACLRegisterAgent {
  principals: ACLEntity;
  agents: ACLEntity;
}
export const ACLRegisterAgent: MessageType<ACLRegisterAgent> = message('mesos.ACL.RegisterAgent', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'agents', '!', () => ACLEntity],
]);

export interface ACLUpdateMaintenanceSchedule {
  principals: ACLEntity;
  machines: ACLEntity;
}
export const ACLUpdateMaintenanceSchedule: MessageType<ACLUpdateMaintenanceSchedule> = message('mesos.ACL.UpdateMaintenanceSchedule', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'machines', '!', () => ACLEntity],
]);

export interface ACLGetMaintenanceSchedule {
  principals: ACLEntity;
  machines: ACLEntity;
}
export const ACLGetMaintenanceSchedule: MessageType<ACLGetMaintenanceSchedule> = message('mesos.ACL.GetMaintenanceSchedule', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'machines', '!', () => ACLEntity],
]);

export interface ACLStartMaintenance {
  principals: ACLEntity;
  machines: ACLEntity;
}
export const ACLStartMaintenance: MessageType<ACLStartMaintenance> = message('mesos.ACL.StartMaintenance', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'machines', '!', () => ACLEntity],
]);

export interface ACLStopMaintenance {
  principals: ACLEntity;
  machines: ACLEntity;
}
export const ACLStopMaintenance: MessageType<ACLStopMaintenance> = message('mesos.ACL.StopMaintenance', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'machines', '!', () => ACLEntity],
]);

export interface ACLGetMaintenanceStatus {
  principals: ACLEntity;
  machines: ACLEntity;
}
export const ACLGetMaintenanceStatus: MessageType<ACLGetMaintenanceStatus> = message('mesos.ACL.GetMaintenanceStatus', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'machines', '!', () => ACLEntity],
]);

export interface ACLDrainAgent {
  principals: ACLEntity;
  agents: ACLEntity;
}
export const ACLDrainAgent: MessageType<ACLDrainAgent> = message('mesos.ACL.DrainAgent', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'agents', '!', () => ACLEntity],
]);

export interface ACLDeactivateAgent {
  principals: ACLEntity;
  agents: ACLEntity;
}
export const ACLDeactivateAgent: MessageType<ACLDeactivateAgent> = message('mesos.ACL.DeactivateAgent', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'agents', '!', () => ACLEntity],
]);

export interface ACLReactivateAgent {
  principals: ACLEntity;
  agents: ACLEntity;
}
export const ACLReactivateAgent: MessageType<ACLReactivateAgent> = message('mesos.ACL.ReactivateAgent', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'agents', '!', () => ACLEntity],
]);

export interface ACLMarkAgentGone {
  principals: ACLEntity;
  agents: ACLEntity;
}
export const ACLMarkAgentGone: MessageType<ACLMarkAgentGone> = message('mesos.ACL.MarkAgentGone', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'agents', '!', () => ACLEntity],
]);

export interface ACLLaunchStandaloneContainer {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLLaunchStandaloneContainer: MessageType<ACLLaunchStandaloneContainer> = message('mesos.ACL.LaunchStandaloneContainer', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLKillStandaloneContainer {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLKillStandaloneContainer: MessageType<ACLKillStandaloneContainer> = message('mesos.ACL.KillStandaloneContainer', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLWaitStandaloneContainer {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLWaitStandaloneContainer: MessageType<ACLWaitStandaloneContainer> = message('mesos.ACL.WaitStandaloneContainer', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLRemoveStandaloneContainer {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLRemoveStandaloneContainer: MessageType<ACLRemoveStandaloneContainer> = message('mesos.ACL.RemoveStandaloneContainer', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLViewStandaloneContainer {
  principals: ACLEntity;
  users: ACLEntity;
}
export const ACLViewStandaloneContainer: MessageType<ACLViewStandaloneContainer> = message('mesos.ACL.ViewStandaloneContainer', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'users', '!', () => ACLEntity],
]);

export interface ACLMarkResourceProvidersGone {
  principals: ACLEntity;
  resource_providers: ACLEntity;
}
export const ACLMarkResourceProvidersGone: MessageType<ACLMarkResourceProvidersGone> = message('mesos.ACL.MarkResourceProvidersGone', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'resource_providers', '!', () => ACLEntity],
]);

export interface ACLModifyResourceProviderConfig {
  principals: ACLEntity;
  resource_providers: ACLEntity;
}
export const ACLModifyResourceProviderConfig: MessageType<ACLModifyResourceProviderConfig> = message('mesos.ACL.ModifyResourceProviderConfig', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'resource_providers', '!', () => ACLEntity],
]);

export interface ACLPruneImages {
  principals: ACLEntity;
  images: ACLEntity;
}
export const ACLPruneImages: MessageType<ACLPruneImages> = message('mesos.ACL.PruneImages', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'images', '!', () => ACLEntity],
]);

export interface ACLCreateBlockDisk {
  principals: ACLEntity;
  roles: ACLEntity;
}
export const ACLCreateBlockDisk: MessageType<ACLCreateBlockDisk> = message('mesos.ACL.CreateBlockDisk', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'roles', '!', () => ACLEntity],
]);

export interface ACLDestroyBlockDisk {
  principals: ACLEntity;
  roles: ACLEntity;
}
export const ACLDestroyBlockDisk: MessageType<ACLDestroyBlockDisk> = message('mesos.ACL.DestroyBlockDisk', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'roles', '!', () => ACLEntity],
]);

export interface ACLCreateMountDisk {
  principals: ACLEntity;
  roles: ACLEntity;
}
export const ACLCreateMountDisk: MessageType<ACLCreateMountDisk> = message('mesos.ACL.CreateMountDisk', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'roles', '!', () => ACLEntity],
]);

export interface ACLDestroyMountDisk {
  principals: ACLEntity;
  roles: ACLEntity;
}
export const ACLDestroyMountDisk: MessageType<ACLDestroyMountDisk> = message('mesos.ACL.DestroyMountDisk', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'roles', '!', () => ACLEntity],
]);

export interface ACLDestroyRawDisk {
  principals: ACLEntity;
  roles: ACLEntity;
}
export const ACLDestroyRawDisk: MessageType<ACLDestroyRawDisk> = message('mesos.ACL.DestroyRawDisk', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'roles', '!', () => ACLEntity],
]);

export interface ACLViewResourceProvider {
  principals: ACLEntity;
  resource_providers: ACLEntity;
}
export const ACLViewResourceProvider: MessageType<ACLViewResourceProvider> = message('mesos.ACL.ViewResourceProvider', [
  [1, 'principals', '!', () => ACLEntity],
  [2, 'resource_providers', '!', () => ACLEntity],
]);

export interface ACLs {
  permissive?: boolean | undefined;
  register_frameworks?: ACLRegisterFramework[] | undefined;
  run_tasks?: ACLRunTask[] | undefined;
  reserve_resources?: ACLReserveResources[] | undefined;
  unreserve_resources?: ACLUnreserveResources[] | undefined;
  create_volumes?: ACLCreateVolume[] | undefined;
  destroy_volumes?: ACLDestroyVolume[] | undefined;
  teardown_frameworks?: ACLTeardownFramework[] | undefined;
  update_weights?: ACLUpdateWeight[] | undefined;
  get_endpoints?: ACLGetEndpoint[] | undefined;
  get_quotas?: ACLGetQuota[] | undefined;
  update_quotas?: ACLUpdateQuota[] | undefined;
  view_frameworks?: ACLViewFramework[] | undefined;
  view_tasks?: ACLViewTask[] | undefined;
  view_executors?: ACLViewExecutor[] | undefined;
  access_sandboxes?: ACLAccessSandbox[] | undefined;
  access_mesos_logs?: ACLAccessMesosLog[] | undefined;
  view_roles?: ACLViewRole[] | undefined;
  view_flags?: ACLViewFlags[] | undefined;
  launch_nested_containers_as_user?: ACLLaunchNestedContainerAsUser[] | undefined;
  launch_nested_containers_under_parent_with_user?: ACLLaunchNestedContainerUnderParentWithUser[] | undefined;
  kill_nested_containers?: ACLKillNestedContainer[] | undefined;
  wait_nested_containers?: ACLWaitNestedContainer[] | undefined;
  launch_nested_container_sessions_as_user?: ACLLaunchNestedContainerSessionAsUser[] | undefined;
  launch_nested_container_sessions_under_parent_with_user?: ACLLaunchNestedContainerSessionUnderParentWithUser[] | undefined;
  attach_containers_input?: ACLAttachContainerInput[] | undefined;
  attach_containers_output?: ACLAttachContainerOutput[] | undefined;
  view_containers?: ACLViewContainer[] | undefined;
  set_log_level?: ACLSetLogLevel[] | undefined;
  remove_nested_containers?: ACLRemoveNestedContainer[] | undefined;
  register_agents?: ACLRegisterAgent[] | undefined;
  update_maintenance_schedules?: ACLUpdateMaintenanceSchedule[] | undefined;
  get_maintenance_schedules?: ACLGetMaintenanceSchedule[] | undefined;
  start_maintenances?: ACLStartMaintenance[] | undefined;
  stop_maintenances?: ACLStopMaintenance[] | undefined;
  get_maintenance_statuses?: ACLGetMaintenanceStatus[] | undefined;
  drain_agents?: ACLDrainAgent[] | undefined;
  deactivate_agents?: ACLDeactivateAgent[] | undefined;
  reactivate_agents?: ACLReactivateAgent[] | undefined;
  mark_agents_gone?: ACLMarkAgentGone[] | undefined;
  launch_standalone_containers?: ACLLaunchStandaloneContainer[] | undefined;
  kill_standalone_containers?: ACLKillStandaloneContainer[] | undefined;
  wait_standalone_containers?: ACLWaitStandaloneContainer[] | undefined;
  remove_standalone_containers?: ACLRemoveStandaloneContainer[] | undefined;
  view_standalone_containers?: ACLViewStandaloneContainer[] | undefined;
  modify_resource_provider_configs?: ACLModifyResourceProviderConfig[] | undefined;
  mark_resource_providers_gone?: ACLMarkResourceProvidersGone[] | undefined;
  view_resource_providers?: ACLViewResourceProvider[] | undefined;
  prune_images?: ACLPruneImages[] | undefined;
  resize_volumes?: ACLResizeVolume[] | undefined;
  create_block_disks?: ACLCreateBlockDisk[] | undefined;
  destroy_block_disks?: ACLDestroyBlockDisk[] | undefined;
  create_mount_disks?: ACLCreateMountDisk[] | undefined;
  destroy_mount_disks?: ACLDestroyMountDisk[] | undefined;
  destroy_raw_disks?: ACLDestroyRawDisk[] | undefined;
}
export const ACLs: MessageType<ACLs> = message('mesos.ACLs', [
  [1, 'permissive', '?', 'bool', { default: true }],
  [2, 'register_frameworks', '*', () => ACLRegisterFramework],
  [3, 'run_tasks', '*', () => ACLRunTask],
  [5, 'reserve_resources', '*', () => ACLReserveResources],
  [6, 'unreserve_resources', '*', () => ACLUnreserveResources],
  [7, 'create_volumes', '*', () => ACLCreateVolume],
  [8, 'destroy_volumes', '*', () => ACLDestroyVolume],
  [11, 'teardown_frameworks', '*', () => ACLTeardownFramework],
  [12, 'update_weights', '*', () => ACLUpdateWeight],
  [13, 'get_endpoints', '*', () => ACLGetEndpoint],
  [14, 'get_quotas', '*', () => ACLGetQuota],
  [15, 'update_quotas', '*', () => ACLUpdateQuota],
  [16, 'view_frameworks', '*', () => ACLViewFramework],
  [17, 'view_tasks', '*', () => ACLViewTask],
  [18, 'view_executors', '*', () => ACLViewExecutor],
  [19, 'access_sandboxes', '*', () => ACLAccessSandbox],
  [20, 'access_mesos_logs', '*', () => ACLAccessMesosLog],
  [21, 'view_roles', '*', () => ACLViewRole],
  [22, 'view_flags', '*', () => ACLViewFlags],
  [23, 'launch_nested_containers_as_user', '*', () => ACLLaunchNestedContainerAsUser],
  [24, 'launch_nested_containers_under_parent_with_user', '*', () => ACLLaunchNestedContainerUnderParentWithUser],
  [25, 'kill_nested_containers', '*', () => ACLKillNestedContainer],
  [26, 'wait_nested_containers', '*', () => ACLWaitNestedContainer],
  [27, 'launch_nested_container_sessions_as_user', '*', () => ACLLaunchNestedContainerSessionAsUser],
  [28, 'launch_nested_container_sessions_under_parent_with_user', '*', () => ACLLaunchNestedContainerSessionUnderParentWithUser],
  [29, 'attach_containers_input', '*', () => ACLAttachContainerInput],
  [30, 'attach_containers_output', '*', () => ACLAttachContainerOutput],
  [31, 'view_containers', '*', () => ACLViewContainer],
  [32, 'set_log_level', '*', () => ACLSetLogLevel],
  [33, 'remove_nested_containers', '*', () => ACLRemoveNestedContainer],
  [34, 'register_agents', '*', () => ACLRegisterAgent],
  [35, 'update_maintenance_schedules', '*', () => ACLUpdateMaintenanceSchedule],
  [36, 'get_maintenance_schedules', '*', () => ACLGetMaintenanceSchedule],
  [37, 'start_maintenances', '*', () => ACLStartMaintenance],
  [38, 'stop_maintenances', '*', () => ACLStopMaintenance],
  [39, 'get_maintenance_statuses', '*', () => ACLGetMaintenanceStatus],
  [56, 'drain_agents', '*', () => ACLDrainAgent],
  [57, 'deactivate_agents', '*', () => ACLDeactivateAgent],
  [58, 'reactivate_agents', '*', () => ACLReactivateAgent],
  [40, 'mark_agents_gone', '*', () => ACLMarkAgentGone],
  [41, 'launch_standalone_containers', '*', () => ACLLaunchStandaloneContainer],
  [42, 'kill_standalone_containers', '*', () => ACLKillStandaloneContainer],
  [43, 'wait_standalone_containers', '*', () => ACLWaitStandaloneContainer],
  [44, 'remove_standalone_containers', '*', () => ACLRemoveStandaloneContainer],
  [46, 'view_standalone_containers', '*', () => ACLViewStandaloneContainer],
  [45, 'modify_resource_provider_configs', '*', () => ACLModifyResourceProviderConfig],
  [54, 'mark_resource_providers_gone', '*', () => ACLMarkResourceProvidersGone],
  [53, 'view_resource_providers', '*', () => ACLViewResourceProvider],
  [47, 'prune_images', '*', () => ACLPruneImages],
  [48, 'resize_volumes', '*', () => ACLResizeVolume],
  [49, 'create_block_disks', '*', () => ACLCreateBlockDisk],
  [50, 'destroy_block_disks', '*', () => ACLDestroyBlockDisk],
  [51, 'create_mount_disks', '*', () => ACLCreateMountDisk],
  [52, 'destroy_mount_disks', '*', () => ACLDestroyMountDisk],
  [55, 'destroy_raw_disks', '*', () => ACLDestroyRawDisk],
]);
