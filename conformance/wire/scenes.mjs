/**
 * The recorded conversations that are held again, each with our master and with our agent: what the daemons were told,
 * when who died, and what is left out with its reason.
 */
import { drainMoments, killMoments } from './written-moments.mjs';

/** When the agent, then the master, of both recordings of failovers died and returned, by the recording's clock. */
const DEATHS = [
  { t: 1.97, who: 'agent', kind: 'die' },
  { t: 3.0, who: 'agent', kind: 'return' },
  { t: 8.98, who: 'master', kind: 'die' },
  { t: 10.3, who: 'master', kind: 'return' },
];

/** The same patience of the master with its agents, in shorter steps. */
const FREQUENT_PINGS = ['--agent_ping_timeout=1secs', '--max_agent_ping_timeouts=75'];
/** What the master of `failover-fastping` had been told. */
const IMPATIENT_PINGS = ['--agent_ping_timeout=1secs', '--max_agent_ping_timeouts=3'];

/**
 * `flows`: where the recording lies. `builtIn`: its executors were the original's own. `until`: where it is cut off, by
 * who of it is ours. `secrets` by principal, of which `agentPrincipal` is the agent's; `impostors`: ports of drivers
 * that did not know theirs. `leftOut`: messages to and from a port that are not exchanged, and why.
 * `goesOn` adds moments that were not recorded to those up to `recordedUntil`.
 */
export const SCENES = [
  { name: 'idle-ping', flows: 'idle-ping/flows', masterArgs: FREQUENT_PINGS },
  { name: 'mesos-execute-command', flows: 'mesos-execute-command/flows', builtIn: true },
  {
    name: 'mesos-execute-http_command_executor',
    flows: 'mesos-execute-http_command_executor/flows',
    builtIn: true,
  },
  {
    name: 'failover-agent-and-master',
    flows: 'failover-agent-and-master/flows',
    builtIn: true,
    deaths: DEATHS,
    // From here on the recorded agent repeats an update that nobody answers, after 10 and 20 s. Ours does not wait for
    // 75 s to register with a master that has returned, as it does in `failover-fastping`.
    until: { master: 45, agent: 8.97 },
  },
  {
    name: 'failover-fastping',
    flows: 'failover-fastping/flows',
    builtIn: true,
    deaths: DEATHS,
    masterArgs: IMPATIENT_PINGS,
  },
  {
    name: 'a kill, not recorded',
    flows: 'failover-fastping/flows',
    builtIn: true,
    recordedUntil: 1.0,
    goesOn: killMoments,
    masterArgs: IMPATIENT_PINGS,
  },
  {
    name: 'a drain, not recorded',
    flows: 'failover-fastping/flows',
    builtIn: true,
    recordedUntil: 1.0,
    goesOn: drainMoments,
    masterArgs: IMPATIENT_PINGS,
  },
  {
    name: 'v1-operation-feedback-framework',
    flows: 'v1-operation-feedback-framework/flows',
    builtIn: true,
    // From here on only some of the recorded calls were heard before the scheduler had closed its connection.
    until: { master: 1.775, agent: 1.775 },
  },
  { name: 'v1-json-scheduler', flows: 'v1-json-scheduler/flows', builtIn: true },
  { name: 'v1-json-executor', flows: 'v1-json-executor/flows' },
  { name: 'v1-test-http-framework', flows: 'v1-test-http-framework/flows' },
  { name: 'v0-test-framework', flows: 'v0-test-framework/flows' },
  {
    name: 'v0-persistent-volume-framework',
    flows: 'v0-persistent-volume-framework/flows',
    builtIn: true,
    resources: 'cpus(*):4;mem(*):4096;disk(*):8192;cpus(test):4;mem(test):4096;disk(test):8192;ports(*):[31000-32000]',
  },
  {
    name: 'cram-md5-auth-flows',
    flows: 'operator-mutations-and-errors/cram-md5-auth-flows',
    secrets: { ag: 'secret of the agent', fw: 'secret of the framework' },
    agentPrincipal: 'ag',
    impostors: [33103],
    masterArgs: ['--authenticate_agents', '--authenticate_frameworks'],
    leftOut: {
      port: 36553,
      names: ['mesos.scheduler.Call', 'mesos.internal.FrameworkErrorMessage'],
      why: 'who may use which role is not decided yet: there are no --acls that forbid this driver its role',
    },
  },
];

/** Recordings of which nothing is held. */
export const NOT_HELD = {
  'mesos-execute-taskgroup': 'task groups and the default executor are not built yet',
};
