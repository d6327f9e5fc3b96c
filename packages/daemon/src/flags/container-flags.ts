/** Flags of the agent about containers: isolation, images, Docker, networks (kernel specification 11.4). */
import { type FlagSpec, oneOf, refused, works } from './flag-spec.ts';

const PORT_MAPPING = { build: 'port mapping' };
const NETWORK_PORTS = { build: 'network ports' };
const XFS = { build: 'XFS' };
const SECCOMP = { build: 'seccomp' };
const BELONGS = 'Belongs to the network/port_mapping isolator.';

export const containerFlags: readonly FlagSpec[] = [
  works('containerizers', 'text', 'mesos', 'Who runs containers.', {
    only: 'mesos',
    check: oneOf(['mesos'], "'mesos' (the docker containerizer is not built yet)"),
  }),
  works('launcher', 'text', 'posix', 'How containers are started and ended.', {
    only: 'posix',
    check: oneOf(['posix'], "'posix' (the linux launcher is not built yet)"),
  }),
  works('isolation', 'text', 'posix/cpu,posix/mem', 'Isolators, divided by commas.', {
    only: 'posix/cpu, posix/mem',
    check: (value) => {
      const other = String(value)
        .split(',')
        .map((name) => name.trim())
        .find((name) => name !== '' && name !== 'posix/cpu' && name !== 'posix/mem');
      return other === undefined
        ? undefined
        : `The isolator '${other}' is not built yet: only posix/cpu and posix/mem are`;
    },
  }),
  refused('container_logger', 'text', undefined, 'Module that takes the output of containers.'),
  refused('sandbox_directory', 'path', '/mnt/mesos/sandbox', 'Where the sandbox is seen inside an image.'),

  // cgroups, capabilities, devices, systemd.
  refused('cgroups_hierarchy', 'path', '/sys/fs/cgroup', 'Belongs to the cgroups isolators.'),
  refused('cgroups_root', 'text', 'mesos', 'Belongs to the cgroups isolators.'),
  refused('cgroups_destroy_timeout', 'duration', '1mins', 'Belongs to the cgroups isolators.'),
  refused('cgroups_enable_cfs', 'boolean', 'false', 'Hard limits of CPU time.'),
  refused('cgroups_limit_swap', 'boolean', 'false', 'Limits of memory and swap together.'),
  refused('cgroups_cpu_enable_pids_and_tids_count', 'boolean', 'false', 'Counts processes and threads.'),
  refused('cgroups_net_cls_primary_handle', 'text', undefined, 'Belongs to the cgroups/net_cls isolator.'),
  refused('cgroups_net_cls_secondary_handles', 'text', undefined, 'Belongs to the cgroups/net_cls isolator.'),
  refused('agent_subsystems', 'text', undefined, 'cgroups for the agent itself.', { aliases: ['slave_subsystems'] }),
  refused('allowed_devices', 'json', undefined, 'Devices that containers may use.'),
  refused('revocable_cpu_low_priority', 'boolean', 'true', 'Runs revocable CPU at low priority under cgroups.'),
  refused('effective_capabilities', 'json', undefined, 'Linux capabilities of tasks.', {
    aliases: ['allowed_capabilities'],
  }),
  refused('bounding_capabilities', 'json', undefined, 'Most Linux capabilities a task may have.'),
  refused('disallow_sharing_agent_ipc_namespace', 'boolean', 'false', 'Belongs to the namespaces/ipc isolator.'),
  refused('disallow_sharing_agent_pid_namespace', 'boolean', 'false', 'Belongs to the namespaces/pid isolator.'),
  refused('default_container_shm_size', 'bytes', undefined, 'Belongs to the namespaces/ipc isolator.'),
  works('systemd_enable_support', 'boolean', 'true', 'Tasks outlive the agent without slices of systemd.'),
  works('systemd_runtime_directory', 'path', '/run/systemd/system', 'Where systemd keeps its units.'),
  refused('seccomp_config_dir', 'path', undefined, 'Directory of seccomp profiles.', SECCOMP),
  refused('seccomp_profile_name', 'text', undefined, 'The seccomp profile of containers that name none.', SECCOMP),

  // GPUs and performance counters.
  refused('nvidia_gpu_devices', 'text', undefined, 'The GPUs to offer.'),
  refused('perf_events', 'text', undefined, 'Belongs to the cgroups/perf_event isolator.'),
  refused('perf_interval', 'duration', '1mins', 'Belongs to the cgroups/perf_event isolator.'),
  refused('perf_duration', 'duration', '10secs', 'Belongs to the cgroups/perf_event isolator.'),

  // Disks and volumes.
  refused('container_disk_watch_interval', 'duration', '15secs', 'Belongs to the disk/du and disk/xfs isolators.'),
  refused('enforce_container_disk_quota', 'boolean', 'false', 'Ends containers that use too much disk.'),
  refused('host_path_volume_force_creation', 'text', undefined, 'Belongs to the volume/host_path isolator.'),
  refused('xfs_project_range', 'text', '[5000-10000]', 'Belongs to the disk/xfs isolator.', XFS),
  refused('xfs_kill_containers', 'boolean', 'false', 'Belongs to the disk/xfs isolator.', XFS),
  refused('xfs_quota_headroom', 'bytes', '10MB', 'Belongs to the disk/xfs isolator.', XFS),

  // Images.
  refused('image_providers', 'text', undefined, 'Kinds of images, APPC and DOCKER.'),
  refused('image_provisioner_backend', 'text', undefined, 'How layers of images are put together.'),
  refused('image_gc_config', 'json', undefined, 'When images are cleared away.'),
  refused('appc_simple_discovery_uri_prefix', 'text', 'http://', 'Where appc images are looked for.'),
  refused('appc_store_dir', 'path', '/tmp/mesos/store/appc', 'Directory of appc images.'),
  refused('docker_registry', 'text', 'https://registry-1.docker.io', 'Where Docker images come from.'),
  refused('docker_store_dir', 'path', '/tmp/mesos/store/docker', 'Directory of Docker images.'),
  refused('docker_config', 'json', undefined, 'Credentials of Docker registries.'),
  refused('docker_ignore_runtime', 'boolean', 'false', 'Ignores what an image says about its command.'),

  // The Docker containerizer.
  refused('docker', 'text', 'docker', 'The docker command.'),
  refused('docker_socket', 'path', '/var/run/docker.sock', 'The socket of the Docker daemon.'),
  refused('docker_remove_delay', 'duration', '6hrs', 'How long ended Docker containers are kept.'),
  refused('docker_stop_timeout', 'duration', '0ns', 'Time between stopping and killing a Docker container.'),
  refused('docker_kill_orphans', 'boolean', 'true', 'Ends Docker containers nobody knows.'),
  refused('docker_mesos_image', 'text', undefined, 'The image an agent in Docker runs from.'),
  refused(
    'docker_volume_checkpoint_dir',
    'path',
    '/var/run/mesos/isolators/docker/volume',
    'Notes about Docker volumes.',
  ),
  refused('docker_volume_chown', 'boolean', 'false', 'Gives Docker volumes to the user of the container.'),
  refused('default_container_info', 'json', undefined, 'The container of tasks that name none.'),
  refused('default_container_dns', 'json', undefined, 'Name servers of containers.'),

  // Networks.
  refused('network_cni_plugins_dir', 'text', undefined, 'Where CNI plugins are.'),
  refused('network_cni_config_dir', 'path', undefined, 'Where CNI networks are described.'),
  refused('network_cni_root_dir_persist', 'boolean', 'false', 'Whether notes about CNI survive a reboot.'),
  refused('network_cni_metrics', 'boolean', 'true', 'Metrics of CNI networks.'),
  refused(
    'container_ports_watch_interval',
    'duration',
    '30secs',
    'Belongs to the network/ports isolator.',
    NETWORK_PORTS,
  ),
  refused('check_agent_port_range_only', 'boolean', 'false', 'Belongs to the network/ports isolator.', NETWORK_PORTS),
  refused('enforce_container_ports', 'boolean', 'false', 'Belongs to the network/ports isolator.', NETWORK_PORTS),
  refused('container_ports_isolated_range', 'text', undefined, 'Belongs to the network/ports isolator.', NETWORK_PORTS),
  refused('ephemeral_ports_per_container', 'integer', '1024', BELONGS, PORT_MAPPING),
  refused('eth0_name', 'text', undefined, BELONGS, PORT_MAPPING),
  refused('lo_name', 'text', undefined, BELONGS, PORT_MAPPING),
  refused('egress_rate_limit_per_container', 'bytes', undefined, BELONGS, PORT_MAPPING),
  refused('egress_rate_per_cpu', 'text', undefined, BELONGS, PORT_MAPPING),
  refused('minimum_egress_rate_limit', 'bytes', undefined, BELONGS, PORT_MAPPING),
  refused('maximum_egress_rate_limit', 'bytes', undefined, BELONGS, PORT_MAPPING),
  refused('egress_ceil_limit', 'bytes', undefined, BELONGS, PORT_MAPPING),
  refused('egress_burst', 'bytes', undefined, BELONGS, PORT_MAPPING),
  refused('egress_unique_flow_per_container', 'boolean', 'false', BELONGS, PORT_MAPPING),
  refused('egress_flow_classifier_parent', 'text', 'root', BELONGS, PORT_MAPPING),
  refused('ingress_rate_limit_per_container', 'bytes', undefined, BELONGS, PORT_MAPPING),
  refused('ingress_rate_per_cpu', 'text', undefined, BELONGS, PORT_MAPPING),
  refused('minimum_ingress_rate_limit', 'bytes', undefined, BELONGS, PORT_MAPPING),
  refused('maximum_ingress_rate_limit', 'bytes', undefined, BELONGS, PORT_MAPPING),
  refused('ingress_ceil_limit', 'bytes', undefined, BELONGS, PORT_MAPPING),
  refused('ingress_burst', 'bytes', undefined, BELONGS, PORT_MAPPING),
  refused('ingress_isolate_existing_containers', 'boolean', 'true', BELONGS, PORT_MAPPING),
  refused('network_link_speed', 'bytes', undefined, BELONGS, PORT_MAPPING),
  refused('network_enable_socket_statistics_summary', 'boolean', 'false', BELONGS, PORT_MAPPING),
  refused('network_enable_socket_statistics_details', 'boolean', 'false', BELONGS, PORT_MAPPING),
  refused('network_enable_snmp_statistics', 'boolean', 'false', BELONGS, PORT_MAPPING),
  refused('network_enable_rate_statistics', 'boolean', 'false', BELONGS, PORT_MAPPING),
  refused('network_rate_statistics_window', 'duration', undefined, BELONGS, PORT_MAPPING),
  refused('network_rate_statistics_interval', 'duration', undefined, BELONGS, PORT_MAPPING),
];
