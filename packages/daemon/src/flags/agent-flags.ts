/** Flags of the agent alone (kernel specification 11.4), but for those of containers: see container-flags.ts. */
import { accessSync, constants } from 'node:fs';
import { formatDuration } from '@mesolite/base';
import { containerFlags } from './container-flags.ts';
import { type FlagSpec, type FlagValue, oneOf, refused, works } from './flag-spec.ts';

const SECOND_MS = 1000;

const ownFlags: readonly FlagSpec[] = [
  // Its place and what it offers.
  works(
    'master',
    'text',
    undefined,
    'The master as host:port, the masters as zk://[user:secret@]host:port,…/path, or file:///path of a file that holds one of these.',
    { check: checkMaster },
  ),
  works(
    'work_dir',
    'path',
    undefined,
    'Directory of sandboxes and of what must survive a restart of the agent. Not below a directory that is cleaned by itself.',
    { required: true },
  ),
  works(
    'runtime_dir',
    'path',
    runtimeDirectory(),
    'Directory of what must survive a restart of the agent, but not of the machine.',
    { defaultShown: '/var/run/mesos, or /tmp/mesos/runtime where /var/run cannot be written' },
  ),
  works(
    'launcher_dir',
    'path',
    '/usr/local/libexec/mesos',
    'Programs of the original. What is needed of them is built in: nothing is looked for here.',
  ),
  works(
    'resources',
    'text',
    undefined,
    'What the agent offers: name(role):value;… or JSON, where PATH and MOUNT disks may leave out their size. What is not named is detected.',
  ),
  works('default_role', 'text', '*', 'Role of the resources that name none.'),
  works('attributes', 'text', undefined, 'Attributes of the machine: rack:r1;zone:a.'),
  refused('agent_features', 'json', undefined, 'Capabilities to announce.'),
  refused('ip6', 'text', undefined, 'IPv6 address to announce for containers.'),
  refused('ip6_discovery_command', 'text', undefined, 'A command that prints it.'),

  // Registration and recovery.
  works(
    'registration_backoff_factor',
    'duration',
    '1secs',
    'Upper bound of the random delay before the first registration; doubles for each further one up to 1mins.',
    {
      check: (value) =>
        (value as number) > 60 * SECOND_MS
          ? `Invalid value '${formatDuration(value as number)}' for --registration_backoff_factor: Must be less than 1mins`
          : undefined,
    },
  ),
  works(
    'recover',
    'text',
    'reconnect',
    'What becomes of executors that outlived the agent: reconnect goes on with them, cleanup ends them and then itself.',
    { check: oneOf(['reconnect', 'cleanup'], "'reconnect' or 'cleanup'") },
  ),
  works(
    'recovery_timeout',
    'duration',
    '15mins',
    'Told to executors: one that misses its agent for longer ends itself. Command tasks are ended then as well.',
  ),
  works(
    'strict',
    'boolean',
    'true',
    'Whether a spoiled file of what must survive a restart keeps the agent from starting; else it is passed over.',
  ),
  works(
    'reconfiguration_policy',
    'text',
    'equal',
    'What a restarted agent may change and still be the same: equal allows nothing, additive more resources and attributes.',
    { check: oneOf(['equal', 'additive'], "'equal' or 'additive'") },
  ),

  works(
    'durability',
    'text',
    'strict',
    'What checkpoints survive: mesos, a crash of the agent; strict, one of the machine as well, for which writes wait for the disk.',
    { check: oneOf(['mesos', 'strict'], "'mesos' or 'strict'") },
  ),

  // Executors.
  works(
    'executor_registration_timeout',
    'duration',
    '1mins',
    'An executor that did not register after this time is ended.',
  ),
  works(
    'executor_reregistration_timeout',
    'duration',
    '2secs',
    'Time executors have to come back to a restarted agent, which is silent towards masters until it is over; at most 15secs.',
    {
      check: (value) =>
        (value as number) > 15 * SECOND_MS
          ? 'Expected `--executor_reregistration_timeout` to be not more than 15secs'
          : undefined,
    },
  ),
  works(
    'executor_reregistration_retry_interval',
    'duration',
    undefined,
    'A restarted agent asks v0 executors this often to come back; unset: once. Those before 1.1.2 may miss the first time.',
    {
      check: (value) =>
        (value as number) < 10
          ? `Invalid value '${formatDuration(value as number)}': Must be at least 10ms`
          : undefined,
    },
  ),
  works(
    'executor_shutdown_grace_period',
    'duration',
    '5secs',
    'Time between asking an executor to end and killing it.',
  ),
  works(
    'executor_environment_variables',
    'json',
    undefined,
    'JSON object: the environment of executors and their tasks, in place of the inherited one.',
    { check: checkEnvironment },
  ),
  works(
    'max_completed_executors_per_framework',
    'integer',
    '150',
    'Ended executors that are remembered for each framework.',
  ),
  works(
    'http_command_executor',
    'boolean',
    'false',
    'Which executor library a command task is said to use. The executor is built into the agent and runs the same either way.',
  ),
  refused('http_executor_domain_sockets', 'boolean', 'false', 'Executors speak through a domain socket.'),
  refused('domain_socket_location', 'path', undefined, 'Where that socket is.'),
  refused('http_heartbeat_interval', 'duration', '30secs', 'Heartbeats of container sessions.'),

  // Sandboxes and their end.
  works('switch_user', 'boolean', 'true', 'Runs tasks as the user they name; otherwise as the user of the agent.'),
  works('frameworks_home', 'text', '', 'Put in front of relative URIs of executors.'),
  works(
    'gc_delay',
    'duration',
    '1weeks',
    'Sandboxes of ended executors are kept this long, or shorter as the disk fills.',
  ),
  works('gc_disk_headroom', 'number', '0.1', 'Share of the disk that should stay free, 0.0 to 1.0.', {
    check: (value) =>
      (value as number) < 0 || (value as number) > 1
        ? `Invalid value '${value}' for --gc_disk_headroom. Must be between 0.0 and 1.0`
        : undefined,
  }),
  works('disk_watch_interval', 'duration', '1mins', 'How often the use of the disk is looked at.'),
  refused('gc_non_executor_container_sandboxes', 'boolean', 'false', 'Collects sandboxes of nested containers, too.'),
  refused('volume_gid_range', 'text', undefined, 'Group ids for shared volumes.'),

  // Fetching.
  refused('fetcher_cache_dir', 'path', '/tmp/mesos/fetch', 'Directory of the cache of fetched files.'),
  refused('fetcher_cache_size', 'bytes', '2GB', 'Size of the cache; fetched files are not cached yet.'),
  works('fetcher_stall_timeout', 'duration', '1mins', 'A download that stands still for this long is ended.'),
  refused('hadoop_home', 'path', undefined, 'Where Hadoop is; hdfs:// is not fetched yet.'),

  // Who may come in.
  works(
    'credential',
    'path',
    undefined,
    'File of the credential the agent shows to the master, in JSON: {"principal": "name", "secret": "word"}.',
  ),
  refused('http_credentials', 'path', undefined, 'File of the credentials accepted on endpoints.'),
  works('authenticatee', 'text', 'crammd5', 'How the agent authenticates with the master.', {
    only: 'crammd5',
    check: (value) => (value === 'crammd5' ? undefined : `Could not create authenticatee module '${value}'`),
  }),
  works(
    'authentication_backoff_factor',
    'duration',
    '1secs',
    'The n-th attempt to authenticate with a master gets a random time from authentication_timeout_min to that plus this times 2^n.',
  ),
  works('authentication_timeout_min', 'duration', '5secs', 'Shortest time an attempt to authenticate gets.'),
  works('authentication_timeout_max', 'duration', '1mins', 'Longest time an attempt to authenticate gets.'),
  refused('authenticate_http_executors', 'boolean', 'false', 'Demands authentication of executors.', { build: 'SSL' }),
  refused('jwt_secret_key', 'path', undefined, 'File of the key for tokens of executors.', {
    aliases: ['executor_secret_key'],
    build: 'SSL',
  }),
  refused('authorizer', 'text', 'local', 'Authorizer.'),
  refused('secret_resolver', 'text', undefined, 'Module that resolves secrets.'),

  // Oversubscription and resource providers.
  refused('resource_estimator', 'text', undefined, 'Module that estimates what can be lent.'),
  refused('qos_controller', 'text', undefined, 'Module that takes it back.'),
  refused('qos_correction_interval_min', 'duration', '0ns', 'Shortest time between two corrections.'),
  refused('oversubscribed_resources_interval', 'duration', '15secs', 'How often estimates are sent.'),
  refused('resource_provider_config_dir', 'path', undefined, 'Directory of local resource providers.'),
  refused('csi_plugin_config_dir', 'path', undefined, 'Directory of CSI plugins.'),
  refused('disk_profile_adaptor', 'text', undefined, 'Module that knows disk profiles.'),
];

export const agentFlags: readonly FlagSpec[] = [...ownFlags, ...containerFlags];

/** `/var/run/mesos` when `/var/run` can be written, as the original chooses. */
function runtimeDirectory(): string {
  try {
    accessSync('/var/run', constants.R_OK | constants.W_OK);
    return '/var/run/mesos';
  } catch {
    return '/tmp/mesos/runtime';
  }
}

function checkMaster(value: FlagValue): string | undefined {
  const text = String(value);
  // The rest is for who connects to judge.
  if (text.startsWith('zk://') || text.startsWith('file://')) return undefined;
  const match = /^(?:[^@\s]+@)?[^\s/:@]+:(\d{1,5})$/.exec(text);
  if (match !== null && Number(match[1]) > 0 && Number(match[1]) <= 65_535) return undefined;
  return `Expecting host:port, zk://host:port/path or file:///path, but got '${text}'`;
}

function checkEnvironment(value: FlagValue): string | undefined {
  const parsed: unknown = JSON.parse(String(value));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return '`executor_environment_variables` must be a JSON object';
  return Object.values(parsed).every((entry) => typeof entry === 'string')
    ? undefined
    : '`executor_environment_variables` must only contain string values';
}
