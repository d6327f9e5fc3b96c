/** A master seen by an operator: the v1 calls with their types, the older JSON endpoints, files, the event stream. */
import { ok } from '@mesolite/base';
import {
  MasterCall,
  MasterEvent,
  MasterResponse,
  type MasterResponseGetAgents,
  type MasterResponseGetExecutors,
  type MasterResponseGetFrameworks,
  type MasterResponseGetMaster,
  type MasterResponseGetState,
  type MasterResponseGetTasks,
} from '@mesolite/wire';
import { authorizationHeader } from '../http/credentials.ts';
import type { DaemonAddress } from '../http/daemon-address.ts';
import { type EventSubscription, subscribe } from '../http/event-subscription.ts';
import { encodeMessage } from '../http/message-codec.ts';
import { realClock, realTimers } from '../system-ports.ts';
import { DaemonHttp, type OperatorOptions } from './daemon-http.ts';
import { type Answer, OperatorClient } from './operator-client.ts';

const MASTER_PORT = 5050;
const TYPES = { call: MasterCall, response: MasterResponse };
const MISSED_HEARTBEATS = 5;

export class MasterClient extends OperatorClient<MasterCall, MasterResponse> {
  /** `address` may be any master; reads and calls go to the leader. */
  constructor(address: DaemonAddress, options: OperatorOptions = {}) {
    super(new DaemonHttp(address, MASTER_PORT, options), TYPES);
  }

  getMaster(): Answer<MasterResponseGetMaster> {
    return this.ask({ type: 'GET_MASTER' }, (response) => response.get_master);
  }

  getState(): Answer<MasterResponseGetState> {
    return this.ask({ type: 'GET_STATE' }, (response) => response.get_state);
  }

  getAgents(): Answer<MasterResponseGetAgents> {
    return this.ask({ type: 'GET_AGENTS' }, (response) => response.get_agents);
  }

  getFrameworks(): Answer<MasterResponseGetFrameworks> {
    return this.ask({ type: 'GET_FRAMEWORKS' }, (response) => response.get_frameworks);
  }

  getExecutors(): Answer<MasterResponseGetExecutors> {
    return this.ask({ type: 'GET_EXECUTORS' }, (response) => response.get_executors);
  }

  getTasks(): Answer<MasterResponseGetTasks> {
    return this.ask({ type: 'GET_TASKS' }, (response) => response.get_tasks);
  }

  /** Removes a framework and kills its tasks. */
  async teardown(frameworkId: string): Answer<void> {
    const answer = await this.call({ type: 'TEARDOWN', teardown: { framework_id: { value: frameworkId } } });
    return answer.ok ? ok(undefined) : answer;
  }

  /**
   * The master's event stream: SUBSCRIBED with the whole state first, then each change. The caller reads it to its end
   * and subscribes again, since what was missed comes with the next SUBSCRIBED.
   */
  async subscribe(signal: AbortSignal = new AbortController().signal): Answer<EventSubscription<MasterEvent>> {
    const origin = await this.http.origin();
    if (!origin.ok) return origin;
    const codec = this.http.options.codec ?? 'protobuf';
    const body = encodeMessage(MasterCall, { type: 'SUBSCRIBE' }, codec);
    if (!body.ok) return body;
    return subscribe({
      origin: origin.value,
      path: '/api/v1',
      body: body.value,
      codec,
      headers: authorizationHeader(this.http.options),
      eventType: MasterEvent,
      silenceAfter: (event) => {
        const seconds = event.subscribed?.heartbeat_interval_seconds;
        return seconds === undefined || !(seconds > 0) ? undefined : seconds * 1000 * MISSED_HEARTBEATS;
      },
      clock: realClock,
      timers: realTimers,
      signal,
    });
  }
}
