/** The libprocess process `master`: messages of agents, drivers and clients that authenticate become inputs. */
import { messageProcess } from '@mesolite/libprocess';
import type { LinkedProcess, Log, Metrics } from '@mesolite/ports';
import {
  type AgentMessageInput,
  type DriverMessageInput,
  MASTER_MESSAGE_TYPES,
  type MasterInput,
} from '../core/index.ts';

export interface AgentMessagesOptions {
  /** Messages to a master that does not lead are dropped in silence: who sends them will find the leader. */
  readonly leads: () => boolean;
  readonly submit: (input: MasterInput) => void;
  readonly metrics: Metrics;
  readonly log: Log;
}

export function masterProcess({ leads, submit, metrics, log }: AgentMessagesOptions): LinkedProcess {
  const dropped = metrics.counter('master/dropped_messages');
  const process = messageProcess({
    types: MASTER_MESSAGE_TYPES,
    receive: (kind, from, message) => {
      submit({ kind, from, message } as AgentMessageInput | DriverMessageInput);
      return undefined;
    },
    exited: (pid) => submit({ kind: 'link-exited', pid }),
    dropped,
    log,
  });
  return {
    message: (from, name, body) => {
      if (leads()) process.message(from, name, body);
      else dropped.add();
    },
    exited: (pid) => {
      if (leads()) process.exited(pid);
    },
  };
}
