/**
 * Status updates on their way to the master: at least once, in order, one of each task at a time. The head of a stream
 * is sent again until it is acknowledged, after 10 s first, then at doubling intervals up to 10 min. While the agent is
 * not registered nothing is sent; every head goes out again when it is.
 *
 * Departs from Mesos: a repeated update never moves the task's record; an update of a framework only resends that
 * framework's heads; streams are bounded.
 */
import type { FrameworkId, TaskId } from '@mesolite/base';
import { isTerminal, type StatusUpdate, StatusUpdateMessage, type TaskStatus } from '@mesolite/wire';
import { UPDATE_RETRY_MAX_MS, UPDATE_RETRY_MIN_MS } from '../options.ts';
import type { RecoveredTask } from '../recovered-agent.ts';
import type { AgentState } from '../state/agent-state.ts';
import { MAX_PENDING_UPDATES, MAX_STREAMS, type UpdateStream } from '../state/update-streams.ts';
import { appendAcknowledgement, appendUpdate } from './checkpoints.ts';
import { sendToMaster } from './messages.ts';

/** Keys the uuids a stream remembers. */
export function uuidKey(uuid: Uint8Array): string {
  return Buffer.from(uuid.buffer, uuid.byteOffset, uuid.byteLength).toString('hex');
}

/** Whether this very update was taken before. */
export function isKnownUpdate(state: AgentState, frameworkId: FrameworkId, taskId: TaskId, uuid: Uint8Array): boolean {
  return state.streams.get(frameworkId, taskId)?.seen.has(uuidKey(uuid)) ?? false;
}

/** Whether this update is new and its task's stream takes no more until some are acknowledged. */
export function isStreamFull(state: AgentState, frameworkId: FrameworkId, status: TaskStatus): boolean {
  const taskId = status.task_id.value as TaskId;
  if (status.uuid !== undefined && isKnownUpdate(state, frameworkId, taskId, status.uuid)) return false;
  const stream = state.streams.get(frameworkId, taskId);
  return stream === undefined ? state.streams.size >= MAX_STREAMS : stream.pending.length >= MAX_PENDING_UPDATES;
}

/** Appends an update to its task's stream; `path` is where the records of a new stream are kept, if anywhere. */
export function enqueueUpdate(state: AgentState, update: StatusUpdate, path: string | undefined): void {
  const frameworkId = update.framework_id.value as FrameworkId;
  const taskId = update.status.task_id.value as TaskId;
  const uuid = update.uuid ?? new Uint8Array();
  let stream = state.streams.get(frameworkId, taskId);
  if (stream === undefined) {
    if (state.streams.size >= MAX_STREAMS) {
      state.options.log.error(
        `Dropped update ${update.status.state} of task ${taskId}: ${MAX_STREAMS} update streams are open`,
      );
      return;
    }
    stream = state.streams.create(frameworkId, taskId, path);
  }
  const key = uuidKey(uuid);
  if (stream.seen.has(key)) return;
  stream.seen.set(key, false);
  if (stream.path !== undefined) appendUpdate(state, stream.path, update);
  stream.pending.push(update);
  if (stream.pending.length === 1) sendHead(state, stream, UPDATE_RETRY_MIN_MS);
}

/** Files the updates of a task that an earlier process wrote down. They are sent when the agent is registered. */
export function recoverStream(
  state: AgentState,
  { updates, acknowledged }: RecoveredTask,
  ids: { readonly frameworkId: FrameworkId; readonly taskId: TaskId; readonly path: string },
): void {
  const stream = state.streams.create(ids.frameworkId, ids.taskId, ids.path);
  for (const update of updates) {
    const key = uuidKey(update.uuid ?? new Uint8Array());
    if (stream.seen.has(key)) continue;
    stream.seen.set(key, acknowledged.has(key));
    if (!acknowledged.has(key)) stream.pending.push(update);
  }
}

/** The retry interval of a stream's head has passed. */
export function resendHead(state: AgentState, frameworkId: FrameworkId, taskId: TaskId): void {
  const stream = state.streams.get(frameworkId, taskId);
  if (stream === undefined || stream.pending.length === 0) return;
  state.options.log.warning(`Resending ${describe(stream)}`);
  sendHead(state, stream, Math.min(stream.retryMs * 2, UPDATE_RETRY_MAX_MS));
}

/** Sends every head (of one framework) again: the master is new, or knows the framework again. */
export function resumeUpdates(state: AgentState, frameworkId?: FrameworkId): void {
  const streams = frameworkId === undefined ? state.streams.all() : state.streams.of(frameworkId);
  for (const stream of streams) {
    if (stream.pending.length > 0) sendHead(state, stream, UPDATE_RETRY_MIN_MS);
  }
}

/** What an acknowledgement did: nothing (it fits no head), moved the stream on, or ended it. */
export type Acknowledged = 'ignored' | 'advanced' | 'terminated';

export function acknowledgeUpdate(
  state: AgentState,
  frameworkId: FrameworkId,
  taskId: TaskId,
  uuid: Uint8Array,
): Acknowledged {
  const stream = state.streams.get(frameworkId, taskId);
  const head = stream?.pending[0];
  if (stream === undefined || head === undefined) {
    state.options.log.warning(
      `Ignoring an acknowledgement for task ${taskId} of framework ${frameworkId}: none awaited`,
    );
    return 'ignored';
  }
  const key = uuidKey(uuid);
  if (uuidKey(head.uuid ?? new Uint8Array()) !== key) {
    const why = stream.seen.get(key) === true ? 'it came twice' : `expected is that of ${head.status.state}`;
    state.options.log.warning(
      `Ignoring an acknowledgement for task ${taskId} of framework ${frameworkId}: ${why} (uuid ${key})`,
    );
    return 'ignored';
  }
  stream.pending.shift();
  stream.seen.set(key, true);
  stream.retryDeadline = state.deadlines.cancel(stream.retryDeadline);
  if (stream.path !== undefined) appendAcknowledgement(state, stream.path, uuid);
  if (isTerminal(head.status.state)) {
    // Another launch under this name may have been refused meanwhile, which is to be told; executors have no more to say.
    const refusals = stream.pending.filter(
      ({ status }) => status.source === 'SOURCE_AGENT' && isTerminal(status.state),
    );
    const dropped = stream.pending.length - refusals.length;
    if (dropped > 0) state.options.log.warning(`Dropped ${dropped} updates of task ${taskId} after its terminal one`);
    stream.pending.splice(0, stream.pending.length, ...refusals);
    if (refusals.length === 0) {
      closeStream(state, stream);
      return 'terminated';
    }
  }
  if (stream.pending.length > 0) sendHead(state, stream, UPDATE_RETRY_MIN_MS);
  return 'advanced';
}

/** Forgets all updates of a framework: nobody waits for them. */
export function closeStreams(state: AgentState, frameworkId: FrameworkId): void {
  for (const stream of [...state.streams.of(frameworkId)]) closeStream(state, stream);
}

function closeStream(state: AgentState, stream: UpdateStream): void {
  stream.retryDeadline = state.deadlines.cancel(stream.retryDeadline);
  state.streams.remove(stream);
}

function sendHead(state: AgentState, stream: UpdateStream, retryMs: number): void {
  stream.retryDeadline = state.deadlines.cancel(stream.retryDeadline);
  const head = stream.pending[0];
  if (head === undefined || !state.registered) return;
  const executor = state.frameworks.get(stream.frameworkId)?.executorOfTask.get(stream.taskId);
  const task = executor?.launchedTasks.get(stream.taskId) ?? executor?.terminatedTasks.get(stream.taskId);
  let update = head;
  if (task !== undefined) {
    task.status_update_state = head.status.state;
    task.status_update_uuid = head.uuid;
    update = { ...head, latest_state: task.state };
  }
  sendToMaster(state, StatusUpdateMessage, { update, pid: state.options.pid });
  stream.retryMs = retryMs;
  stream.retryDeadline = state.deadlines.set(state.now.monotonicMs + retryMs, {
    kind: 'update-unacknowledged',
    frameworkId: stream.frameworkId,
    taskId: stream.taskId,
  });
}

function describe(stream: UpdateStream): string {
  return `update ${stream.pending[0]?.status.state} of task ${stream.taskId} of framework ${stream.frameworkId}`;
}
