/** The libprocess process `master`: messages of agents become inputs. */
import { messageProcess } from '@mesolite/libprocess';
import type { LinkedProcess, Log, Metrics } from '@mesolite/ports';
import { AGENT_MESSAGE_TYPES, type AgentMessageInput, type MasterInput } from '../core/index.ts';

export interface AgentMessagesOptions {
  readonly submit: (input: MasterInput) => void;
  readonly metrics: Metrics;
  readonly log: Log;
}

export function masterProcess({ submit, metrics, log }: AgentMessagesOptions): LinkedProcess {
  return messageProcess({
    types: AGENT_MESSAGE_TYPES,
    receive: (kind, from, message) => {
      submit({ kind, from, message } as AgentMessageInput);
      return undefined;
    },
    exited: (pid) => submit({ kind: 'link-exited', pid }),
    dropped: metrics.counter('master/dropped_messages'),
    log,
  });
}
