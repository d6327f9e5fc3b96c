/**
 * `POST /api/v1/scheduler`: negotiation, parsing and shape. Everything that needs state is answered by the core.
 */
import {
  acceptedMediaType,
  HttpError,
  type HttpReply,
  type HttpRequest,
  type HttpServer,
  parseCall,
  requestMediaType,
} from '@mesolite/daemon';
import type { Metrics } from '@mesolite/ports';
import { SchedulerCall } from '@mesolite/wire';
import { schedulerCallError } from '../core/index.ts';
import type { MasterHost } from './master-host.ts';

/** Bytes of one call; larger ones are refused with 413. A launch of thousands of tasks fits. */
const MAX_CALL_BYTES = 64 * 1024 * 1024;

/** `authenticate`: who calls; throws when nobody is let in as that. */
export function mountSchedulerApi(
  server: HttpServer,
  host: MasterHost,
  metrics: Metrics,
  authenticate?: (request: HttpRequest) => string,
): void {
  const invalid = metrics.counter('master/invalid_scheduler_calls');
  server.route(
    '/api/v1/scheduler',
    async (request, response): Promise<HttpReply | undefined> => {
      const principal = authenticate?.(request);
      const call = parseCall(SchedulerCall, requestMediaType(request), await request.body(MAX_CALL_BYTES));
      const error = schedulerCallError(call, principal);
      if (error !== undefined) {
        invalid.add();
        throw new HttpError(400, `Failed to validate scheduler::Call: ${error}`);
      }
      const streamId = streamIdOf(request);
      // Of the other calls this one alone was once answered with a body, and is still held to Accept.
      if (call.type === 'RECONCILE_OPERATIONS') acceptedMediaType(request);
      if (call.type !== 'SUBSCRIBE')
        return host.demand((connection) => ({ kind: 'call-scheduler', connection, call, streamId, principal }));
      const mediaType = acceptedMediaType(request);
      if (streamId !== undefined)
        throw new HttpError(400, "Subscribe calls should not include the 'Mesos-Stream-Id' header");
      const { subscribe } = call;
      if (subscribe === undefined) throw new HttpError(400, "Expecting 'subscribe' to be present");
      return host.subscribe({ response, mediaType }, (connection) => ({
        kind: 'subscribe-scheduler',
        connection,
        subscribe,
        principal,
      }));
    },
    { methods: ['POST'] },
  );
}

function streamIdOf(request: HttpRequest): string | undefined {
  const value = request.headers['mesos-stream-id'];
  return Array.isArray(value) ? value.join(', ') : value;
}
