/**
 * What was not recorded and still must be spoken as the original speaks it: a task is killed, an agent is drained. Put
 * together from a recording, up to a running task, and from what the original's source says happens then. The
 * messages are recorded ones with other contents, so that the rest of them is the original's own.
 */
import { SchedulerCall } from '@mesolite/wire';
import { plain } from '../replay/message-values.mjs';

const UPDATE = 'mesos.internal.StatusUpdateMessage';
const ACKNOWLEDGEMENT = 'mesos.internal.StatusUpdateAcknowledgementMessage';
const DRAIN = 'mesos.internal.DrainSlaveMessage';
const KILL = 'mesos.internal.KillTaskMessage';
const GRACE_SECONDS = 5;
const BETWEEN_SECONDS = 0.1;
/** How a command that is asked to end goes, by the recorded lives of tasks. */
const STAGES = [
  { state: 'TASK_KILLING', uuid: Buffer.from('0123456789abcde1') },
  {
    state: 'TASK_KILLED',
    uuid: Buffer.from('0123456789abcde2'),
    message: 'Command terminated with signal Terminated',
  },
];

/** Makes moments after recorded ones, each like the last recorded one of its kind. */
class Author {
  #moments;
  #t;

  constructor(moments) {
    this.#moments = moments;
    this.#t = moments.at(-1).t;
  }

  last(matches) {
    return this.#moments.findLast(matches);
  }

  get runningUpdate() {
    return this.last(({ name, from }) => name === UPDATE && from.startsWith('slave(1)@'));
  }

  next(moment, change = {}) {
    this.#t += BETWEEN_SECONDS;
    return { ...moment, ...change, t: this.#t };
  }

  message(template, name, body) {
    const head = template.head.replace(template.name, name);
    return this.next(template, { name, message: body, value: plain(body), head });
  }

  fromMaster(name, body) {
    const template = this.last((moment) => moment.name === ACKNOWLEDGEMENT && moment.from.startsWith('master@'));
    return this.message(template, name, { ...(name === ACKNOWLEDGEMENT ? template.message : {}), ...body });
  }

  /** A call of the scheduler: the one before with other contents. */
  call(change) {
    const before = this.last(({ kind, api }) => kind === 'request' && api === 'scheduler');
    const body = SchedulerCall.encode(change(SchedulerCall.decode(before.request.body)));
    return this.next(before, { request: { ...before.request, body } });
  }

  /** The task ends because it shall, told to and acknowledged by its scheduler. */
  end(said = {}) {
    const event = this.last(({ kind, value }) => kind === 'event' && value.type === 'UPDATE');
    const { message } = this.runningUpdate;
    return STAGES.flatMap((stage) => {
      const status = { ...message.update.status, ...said, ...stage };
      const update = { ...message.update, status, uuid: stage.uuid, latest_state: stage.state };
      const told = { ...event.value.update.status, ...said, ...plain(stage) };
      return [
        this.message(this.runningUpdate, UPDATE, { ...message, update }),
        this.next(event, { value: { ...event.value, update: { status: told } }, sure: true }),
        this.call((call) => ({ ...call, acknowledge: { ...call.acknowledge, uuid: stage.uuid } })),
        this.fromMaster(ACKNOWLEDGEMENT, { uuid: stage.uuid }),
      ];
    });
  }
}

/** @param {readonly object[]} moments of a recording with a command task, up to where it runs */
export function killMoments(moments) {
  const author = new Author(moments);
  const { framework_id, status } = author.runningUpdate.message.update;
  const { task_id } = status;
  return [
    ...moments,
    author.call(({ framework_id: id }) => ({ framework_id: id, type: 'KILL', kill: { task_id } })),
    author.fromMaster(KILL, { framework_id, task_id }),
    ...author.end(),
  ];
}

/** @param {readonly object[]} moments of a recording with a command task, up to where it runs */
export function drainMoments(moments) {
  const author = new Author(moments);
  const { agent_id } = author.runningUpdate.value.update;
  const operate = (call, shows) => author.next({ kind: 'operate', who: 'master', call, shows });
  const drain = { agent_id, max_grace_period: { seconds: GRACE_SECONDS } };
  // The operator's duration is another message than the agent's.
  const config = { max_grace_period: { nanoseconds: BigInt(GRACE_SECONDS) * 1_000_000_000n }, mark_gone: false };
  return [
    ...moments,
    operate({ type: 'DRAIN_AGENT', drain_agent: drain }),
    author.fromMaster(DRAIN, { config }),
    ...author.end({ reason: 'REASON_AGENT_DRAINING' }),
    operate({ type: 'GET_AGENTS' }, '"state":"DRAINED"'),
  ];
}
