/** The libprocess process `master`: messages of agents, drivers and clients that authenticate become inputs. */
import { messageProcess } from '@mesolite/libprocess';
import type { Log, Metrics } from '@mesolite/ports';
import {
  type AgentMessageInput,
  type DriverMessageInput,
  MASTER_MESSAGE_TYPES,
  type MasterInput,
} from '../core/index.ts';
import { EarlyMessages } from './early-messages.ts';

export interface AgentMessagesOptions {
  /** Who does not lead takes no messages: who sends them will find the leader. */
  readonly leads: () => boolean;
  readonly submit: (input: MasterInput) => void;
  readonly metrics: Metrics;
  readonly log: Log;
}

export function masterProcess({ leads, submit, metrics, log }: AgentMessagesOptions): EarlyMessages {
  const dropped = metrics.counter('master/dropped_messages');
  const process = messageProcess({
    types: MASTER_MESSAGE_TYPES,
    receive: (kind, from, message, connection) => {
      submit({ kind, from, message, connection } as AgentMessageInput | DriverMessageInput);
      return undefined;
    },
    exited: (pid) => submit({ kind: 'link-exited', pid }),
    dropped,
    log,
  });
  return new EarlyMessages({ process, leads, dropped, now: () => performance.now() });
}
