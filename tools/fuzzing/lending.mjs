/**
 * Puts ids that mean something into requests, so that what lies behind the first checks is reached: those of a framework
 * and an executor kept for the purpose, and of an agent that the fuzzer itself has registered.
 */

const TASK_RESOURCES = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 0.01 }, allocation_info: { role: 'victim' } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 8 }, allocation_info: { role: 'victim' } },
];

/** A call of the scheduler API in the name of the victim. */
export function lendToSchedulerCall(call, { frameworkId, offer, agentId, taskId, executorId }, random) {
  // A victim that is torn down at every turn is of little use.
  if (call.type === 'TEARDOWN' && random.below(50) > 0) return;
  if (call.type !== 'SUBSCRIBE') call.framework_id = frameworkId;
  for (const part of [call.kill, call.acknowledge, call.message, call.shutdown]) {
    if (part === undefined) continue;
    if (agentId !== undefined) part.agent_id = agentId;
    if ('task_id' in part && taskId !== undefined) part.task_id = taskId;
    if ('executor_id' in part && executorId !== undefined) part.executor_id = executorId;
  }
  if (offer === undefined) return;
  for (const part of [call.accept, call.decline]) if (part !== undefined) part.offer_ids = [offer.id];
  // Among random operations hardly one would ever be a launch.
  if (call.accept !== undefined && random.below(4) > 0) call.accept.operations = [launchOf(offer, random)];
}

function launchOf(offer, random) {
  const value = `spoiled-${random.below(1e9)}`;
  const task = {
    name: value,
    task_id: { value },
    agent_id: offer.agent_id,
    resources: TASK_RESOURCES,
    command: { shell: false, value: '/bin/true', arguments: ['true'] },
  };
  return { type: 'LAUNCH', launch: { task_infos: [task] } };
}

/** A call of the executor API in the name of the victim's executor. */
export function lendToExecutorCall(call, { frameworkId, executorId, taskId }, random) {
  if (executorId === undefined) return;
  call.framework_id = frameworkId;
  call.executor_id = executorId;
  const status = call.update?.status;
  if (status === undefined) return;
  status.task_id = taskId;
  status.executor_id = executorId;
  status.source = 'SOURCE_EXECUTOR';
  // Ended, it would have to be launched anew each time.
  if (random.below(20) > 0) status.state = 'TASK_RUNNING';
}

/** Any message: every agent and framework named in it becomes one that exists. */
export function lendToMessage(value, lent) {
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return value.map((item) => lendToMessage(item, lent));
  const result = {};
  for (const [key, item] of Object.entries(value)) result[key] = lent[key] ?? lendToMessage(item, lent);
  return result;
}

/** A message of a v0 driver: its framework, its offers and their agent; what it launches could be launched. */
export function lentToDriver(message, lent, random) {
  const { frameworkId, offer, agentId } = lent;
  const result = lendToMessage(message, {
    framework_id: frameworkId,
    ...(agentId === undefined ? {} : { agent_id: agentId }),
    ...(offer === undefined ? {} : { offer_ids: [offer.id] }),
  });
  // Most of what registers is refused for what it says of itself, before anything else is looked at.
  for (const part of [result, result.subscribe]) {
    if (part?.framework !== undefined) part.framework = plainFramework(frameworkId, random);
    if (part?.framework_info !== undefined) part.framework_info = plainFramework(frameworkId, random);
  }
  if (result.type === 'SUBSCRIBE' && result.subscribe !== undefined)
    result.framework_id = result.subscribe.framework_info.id;
  if (offer === undefined) return result;
  if (result.tasks !== undefined) result.tasks = launchOf(offer, random).launch.task_infos;
  if (result.accept !== undefined) result.accept.operations = [launchOf(offer, random)];
  return result;
}

function plainFramework(id, random) {
  const info = { user: '', name: `spoiled-${random.below(10)}`, role: 'victim', failover_timeout: 3600 };
  return random.below(4) === 0 ? info : { ...info, id };
}
