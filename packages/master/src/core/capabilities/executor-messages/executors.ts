/** What schedulers and executors have to do with each other through the master: messages, shutdowns, ends. Best effort. */
import type { AgentId, ExecutorId, FrameworkId } from '@mesolite/base';
import {
  FrameworkToExecutorMessage,
  type SchedulerCallMessage,
  type SchedulerCallShutdown,
  ShutdownExecutorMessage,
} from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import { type FrameworkRecord, isConnected } from '../../state/frameworks.ts';
import { executorOn, removeExecutor } from '../../transitions/executors.ts';
import { sendEvent } from '../../transitions/framework-events.ts';

export function messageExecutor(context: MasterContext, framework: FrameworkRecord, call: SchedulerCallMessage): void {
  context.counters.add('frameworkToExecutorMessages');
  const agent = context.state.agents.registered.get(call.agent_id.value as AgentId);
  if (agent === undefined || !agent.connected) {
    context.counters.add('invalidFrameworkToExecutorMessages');
    context.options.log.warning(
      `Dropping message of framework ${framework.id} to agent ${call.agent_id.value}, which is not there`,
    );
    return;
  }
  context.outbox.send(agent.pid, FrameworkToExecutorMessage, {
    agent_id: call.agent_id,
    framework_id: { value: framework.id },
    executor_id: call.executor_id,
    data: call.data,
  });
  context.counters.add('validFrameworkToExecutorMessages');
}

export function shutdownExecutor(
  context: MasterContext,
  framework: FrameworkRecord,
  call: SchedulerCallShutdown,
): void {
  const agent = context.state.agents.registered.get(call.agent_id.value as AgentId);
  if (agent === undefined) {
    context.options.log.warning(
      `Cannot shut down executor ${call.executor_id.value} of framework ${framework.id}: agent ${call.agent_id.value} is unknown`,
    );
    return;
  }
  context.outbox.send(agent.pid, ShutdownExecutorMessage, {
    executor_id: call.executor_id,
    framework_id: { value: framework.id },
  });
}

export const messageFramework: Handler<'message-framework'> = (context, { message }) => {
  context.counters.add('executorToFrameworkMessages');
  const agent = context.state.agents.registered.get(message.agent_id.value as AgentId);
  const framework = context.state.frameworks.registered.get(message.framework_id.value as FrameworkId);
  if (agent === undefined || framework === undefined || !isConnected(framework)) {
    context.counters.add('invalidExecutorToFrameworkMessages');
    context.options.log.warning(
      `Dropping message of executor ${message.executor_id.value} to framework ${message.framework_id.value}: ` +
        (agent === undefined ? 'its agent is not registered' : 'the framework is not connected'),
    );
    return;
  }
  sendEvent(context, framework, {
    type: 'MESSAGE',
    message: { agent_id: message.agent_id, executor_id: message.executor_id, data: message.data },
  });
  context.counters.add('validExecutorToFrameworkMessages');
};

/** The updates of its tasks come from the agent; here only what the executor itself held is freed. */
export const executorExited: Handler<'executor-exited'> = (context, { from, message }) => {
  context.counters.add('exitedExecutorMessages');
  const agent = context.state.agents.registered.get(message.agent_id.value as AgentId);
  const framework = context.state.frameworks.registered.get(message.framework_id.value as FrameworkId);
  const executorId = message.executor_id.value as ExecutorId;
  if (agent?.pid !== from || framework === undefined || executorOn(agent, framework, executorId) === undefined) {
    context.options.log.warning(
      `Ignoring exit of unknown executor ${executorId} of framework ${message.framework_id.value}`,
    );
    return;
  }
  removeExecutor(context, agent, framework, executorId);
  sendEvent(context, framework, {
    type: 'FAILURE',
    failure: { agent_id: message.agent_id, executor_id: message.executor_id, status: message.status },
  });
};
