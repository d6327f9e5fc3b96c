/** Flags of the master alone (kernel specification 11.3). */
import { formatByteSize, formatDuration } from '@mesolite/base';
import { type FlagSpec, oneOf, refused, works } from './flag-spec.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** Compiling a larger pattern would keep everybody waiting. */
const LARGEST_PATTERN_BYTES = 1024 * 1024;
/** More are forgotten whatever the flag says. */
const MOST_REMEMBERED_AGENTS = 1_000_000;

export const masterFlags: readonly FlagSpec[] = [
  // Agents: pings, coming back, being given up.
  works('agent_ping_timeout', 'duration', '15secs', 'Period of the pings that ask whether an agent is alive.', {
    aliases: ['slave_ping_timeout'],
    check: (value) =>
      (value as number) < SECOND_MS || (value as number) > 15 * MINUTE_MS
        ? 'Expected `--agent_ping_timeout` to be between 1secs and 15mins'
        : undefined,
  }),
  works(
    'max_agent_ping_timeouts',
    'integer',
    '5',
    'After so many unanswered pings in a row an agent counts as unreachable.',
    {
      aliases: ['max_slave_ping_timeouts'],
      check: (value) => ((value as number) < 1 ? 'Expected `--max_agent_ping_timeouts` to be at least 1' : undefined),
    },
  ),
  works(
    'agent_reregister_timeout',
    'duration',
    '10mins',
    'How long an agent may stay disconnected before it counts as unreachable; at least 10mins.',
    {
      aliases: ['slave_reregister_timeout'],
      check: (value) =>
        (value as number) < 10 * MINUTE_MS
          ? `Invalid value '${formatDuration(value as number)}' for --agent_reregister_timeout: Must be at least 10mins`
          : undefined,
    },
  ),
  works('agent_removal_rate_limit', 'text', undefined, 'How fast agents may be marked unreachable, as 1/10mins.', {
    aliases: ['slave_removal_rate_limit'],
  }),
  works('recovery_agent_removal_limit', 'text', '100%', 'Share of agents that may be given up after a failover.', {
    aliases: ['recovery_slave_removal_limit'],
  }),
  works('require_agent_domain', 'boolean', 'false', 'Registers only agents with a fault domain.'),
  refused('max_executors_per_agent', 'integer', undefined, 'Most executors on one agent.', {
    aliases: ['max_executors_per_slave'],
    build: 'port mapping',
  }),

  // Offers and allocation.
  works('allocation_interval', 'duration', '1secs', 'Time between two full allocation cycles.'),
  // The original leaves offers out for ever: a framework that sits on them starves all others, and nobody sees why.
  works(
    'offer_timeout',
    'duration',
    '5mins',
    'Offers unanswered for this long are rescinded. The original has no default: with a very long time, like 1000weeks, ' +
      'they stay out for ever as there.',
    {
      check: (value) =>
        (value as number) <= 0
          ? `Invalid value '${formatDuration(value as number)}' for --offer_timeout: Must be greater than zero`
          : undefined,
    },
  ),
  works(
    'min_allocatable_resources',
    'text',
    'cpus:0.01|mem:32',
    'Amounts worth offering: sets divided by |, of which one must be met in full; quantities in a set divided by ;.',
  ),
  works(
    'fair_sharing_excluded_resource_names',
    'text',
    undefined,
    'Resources, divided by commas, that do not count in fair sharing.',
  ),
  works('filter_gpu_resources', 'boolean', 'true', 'Offers agents with GPUs only to frameworks that can use them.'),
  works('role_sorter', 'text', 'drf', 'How roles share: by dominant share (drf), or by a weighted draw (random).', {
    aliases: ['user_sorter'],
    check: oneOf(['drf', 'random'], "'drf' or 'random'"),
  }),
  works('framework_sorter', 'text', 'drf', 'How the frameworks of a role share: drf, or by a draw (random).', {
    check: oneOf(['drf', 'random'], "'drf' or 'random'"),
  }),
  works('allocator', 'text', 'hierarchical', 'The allocator.', {
    only: 'hierarchical (also as HierarchicalDRF)',
    check: oneOf(['hierarchical', 'HierarchicalDRF'], "'hierarchical': other allocators are native modules"),
  }),
  works(
    'allocator_agent_recovery_factor',
    'number',
    '0.8',
    'With quota, offers wait after a start of the master until this share of the known agents is back, 0 to 1.',
    {
      check: (value) =>
        (value as number) < 0 || (value as number) > 1 ? `Expecting a share from 0 to 1, but got ${value}` : undefined,
    },
  ),
  works('allocator_recovery_timeout', 'duration', '10mins', 'How long they wait for that at most.'),
  works(
    'weights',
    'text',
    undefined,
    'First weights of roles, as role=weight,role=weight. They count while the registry holds none.',
  ),
  works(
    'whitelist',
    'path',
    undefined,
    'File of the hostnames, one a line, whose agents are offered; read again every 5 seconds. An empty or missing file: ' +
      'none. Unset, or *: all.',
  ),
  works('roles', 'text', undefined, 'The only roles, divided by commas, that frameworks may use. Unset: any.'),
  works(
    'offer_constraints_re2_max_mem',
    'bytes',
    '4KB',
    'Bounds a pattern of offer constraints: its text, and 48 bytes for each instruction. At most 1MB.',
    {
      check: (value) =>
        (value as number) < 1 || (value as number) > LARGEST_PATTERN_BYTES
          ? `Expecting 1B to 1MB, but got ${formatByteSize(value as number)}`
          : undefined,
    },
  ),
  works(
    'offer_constraints_re2_max_program_size',
    'integer',
    '100',
    'Most instructions that a pattern of offer constraints may compile to.',
  ),

  // Frameworks and what is remembered of them.
  works('root_submissions', 'boolean', 'true', 'Whether frameworks may run tasks as root.'),
  works('max_completed_frameworks', 'integer', '50', 'Ended frameworks that are remembered.'),
  works('max_completed_tasks_per_framework', 'integer', '1000', 'Ended tasks remembered for each framework.'),
  works('max_unreachable_tasks_per_framework', 'integer', '1000', 'Unreachable tasks remembered for each framework.'),
  works('publish_per_framework_metrics', 'boolean', 'true', 'Metrics for each framework: some 70.'),
  refused('max_operator_event_stream_subscribers', 'integer', '1000', 'Bounds the event stream of the operator API.'),
  works('rate_limits', 'json', undefined, 'Rate limits of messages of v0 frameworks by principal.'),

  // Who may come in.
  works('authenticate_frameworks', 'boolean', 'false', 'Demands authentication of v0 frameworks.', {
    aliases: ['authenticate'],
  }),
  works('authenticate_agents', 'boolean', 'false', 'Demands authentication of agents.', {
    aliases: ['authenticate_slaves'],
  }),
  works('authenticate_http_frameworks', 'boolean', 'false', 'Demands authentication of HTTP frameworks.'),
  works('http_framework_authenticators', 'text', undefined, 'How HTTP frameworks authenticate.', { only: 'basic' }),
  works('authenticators', 'text', 'crammd5', 'How v0 frameworks and agents authenticate.', { only: 'crammd5' }),
  works('authentication_v0_timeout', 'duration', '15secs', 'Longest time an authentication may take.'),
  refused('authorizers', 'text', 'local', 'Authorizers.'),
  works(
    'credentials',
    'path',
    undefined,
    'File of the accepted credentials: {"credentials":[{"principal":…,"secret":…}]}.',
  ),

  // Where the master keeps things, and who leads.
  works('cluster', 'text', undefined, 'Name of the cluster, for people.'),
  works('work_dir', 'path', undefined, 'Directory of what the master keeps. Needed unless --registry=in_memory.'),
  works(
    'registry',
    'text',
    'replicated_log',
    'How the registry is kept: in ZooKeeper with --zk and in the work directory without (replicated_log), or not at all.',
    {
      only: 'replicated_log, in_memory',
      check: (value) =>
        value === 'replicated_log' || value === 'in_memory'
          ? undefined
          : `'${value}' is not a supported option for registry persistence`,
    },
  ),
  works(
    'quorum',
    'integer',
    undefined,
    "Majority of the masters. Accepted, and without effect: with --zk the ensemble's own quorum rules.",
    {
      check: (value) => ((value as number) < 1 ? `Expecting at least 1, but got ${value}` : undefined),
    },
  ),
  refused('log_auto_initialize', 'boolean', 'true', 'Whether an empty replicated log may be started.'),
  works('registry_fetch_timeout', 'duration', '1mins', 'Longest time a read of the registry may take.'),
  works('registry_store_timeout', 'duration', '20secs', 'Longest time a write of the registry may take.'),
  works('registry_gc_interval', 'duration', '15mins', 'How often old agents are cleared from the registry.', {
    check: (value) =>
      (value as number) < SECOND_MS ? 'Expected `--registry_gc_interval` to be at least 1secs' : undefined,
  }),
  works('registry_max_agent_age', 'duration', '2weeks', 'How long unreachable and gone agents are remembered.'),
  works(
    'registry_max_agent_count',
    'integer',
    '102400',
    'How many unreachable and how many gone agents are remembered.',
    {
      check: (value) =>
        (value as number) < 0 || (value as number) > MOST_REMEMBERED_AGENTS
          ? `Expected \`--registry_max_agent_count\` to be between 0 and ${MOST_REMEMBERED_AGENTS}`
          : undefined,
    },
  ),
  works(
    'durable_frameworks',
    'boolean',
    'true',
    'Of ours: the registry remembers frameworks with a failover timeout, so that it goes on to count after a change of ' +
      'master, and that they have ended. Without it nobody waits for the end of frameworks whose scheduler never returns.',
  ),
  refused('registry_strict', 'boolean', 'false', 'Switched off in the original, too.'),
  works(
    'zk',
    'text',
    undefined,
    'ZooKeeper URL for the election, zk://host:port,…/path or file:// of a file with one. One master alone needs none.',
  ),
  works(
    'zk_legacy_info_path',
    'text',
    undefined,
    'Of ours: path in the same ensemble at which the leader also stands as info_* node, for clients of long ago.',
    {
      check: (value) =>
        /^(\/[^/]+)+$/.test(value as string) ? undefined : `Expecting a path like /mesos-legacy, but got '${value}'`,
    },
  ),
  refused('master_contender', 'text', undefined, 'Module that stands for election.'),
  refused('webui_dir', 'path', '/usr/local/share/mesos/webui', 'Directory of the web pages; none are served yet.'),
];
