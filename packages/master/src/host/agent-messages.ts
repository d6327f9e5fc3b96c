/**
 * The libprocess process `master`: messages of agents become inputs. What cannot be decoded, or is not for a master, is
 * dropped, counted and logged; nobody waits for an answer.
 */
import type { LinkedProcess, Log, Metrics } from '@mesolite/ports';
import {
  ExecutorToFrameworkMessage,
  ExitedExecutorMessage,
  type MessageType,
  RegisterAgentMessage,
  ReregisterAgentMessage,
  StatusUpdateMessage,
  UnregisterAgentMessage,
  UpdateAgentMessage,
  UpdateOperationStatusMessage,
  WireError,
  wireName,
} from '@mesolite/wire';
import type { AgentMessageInput, AgentMessageKind, AgentMessages, MasterInput } from '../core/index.ts';

const TYPES: { readonly [K in AgentMessageKind]: MessageType<AgentMessages[K]> } = {
  'register-agent': RegisterAgentMessage,
  'reregister-agent': ReregisterAgentMessage,
  'unregister-agent': UnregisterAgentMessage,
  'update-agent': UpdateAgentMessage,
  'status-updated': StatusUpdateMessage,
  'executor-exited': ExitedExecutorMessage,
  'message-framework': ExecutorToFrameworkMessage,
  'operation-status-updated': UpdateOperationStatusMessage,
};

interface Known {
  readonly kind: AgentMessageKind;
  readonly type: MessageType<object>;
}

const BY_NAME: ReadonlyMap<string, Known> = new Map(
  Object.entries(TYPES).map(([kind, type]) => [
    wireName(type as MessageType<object>),
    { kind: kind as AgentMessageKind, type: type as MessageType<object> },
  ]),
);

export interface AgentMessagesOptions {
  readonly submit: (input: MasterInput) => void;
  readonly metrics: Metrics;
  readonly log: Log;
}

export function masterProcess(options: AgentMessagesOptions): LinkedProcess {
  const dropped = options.metrics.counter('master/dropped_messages');
  const drop = (text: string): void => {
    dropped.add();
    options.log.warning(text);
  };
  return {
    message(from, name, body) {
      const known = BY_NAME.get(name);
      if (known === undefined) return drop(`Dropping message ${name} from ${from}: a master does not take it`);
      let message: object;
      try {
        message = known.type.decode(body);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        return drop(`Dropping malformed message ${name} from ${from}: ${error.message}`);
      }
      options.submit({ kind: known.kind, from, message } as AgentMessageInput);
    },
    exited(pid) {
      options.submit({ kind: 'link-exited', pid });
    },
  };
}
