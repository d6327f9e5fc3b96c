/**
 * `POST /api/v1/executor`: negotiation, parsing and shape. Everything that needs state is answered by the core.
 *
 * Departs from Mesos: bodies have a limit; the reason of a refused protobuf body names the field.
 */
import {
  acceptedMediaType,
  HttpError,
  type HttpReply,
  type HttpServer,
  parseCall,
  requestMediaType,
} from '@mesolite/daemon';
import { ExecutorCall } from '@mesolite/wire';
import type { AgentHost } from './agent-host.ts';
import { executorCallError } from './executor-call-shape.ts';

/** Bytes of one call; larger ones are refused with 413. */
const MAX_CALL_BYTES = 64 * 1024 * 1024;

export function mountExecutorApi(server: HttpServer, host: AgentHost): void {
  server.route(
    '/api/v1/executor',
    async (request, response): Promise<HttpReply | undefined> => {
      const call = parseCall(ExecutorCall, requestMediaType(request), await request.body(MAX_CALL_BYTES));
      const error = executorCallError(call);
      if (error !== undefined) throw new HttpError(400, `Failed to validate Executor::Call: ${error}`);
      if (call.type !== 'SUBSCRIBE')
        return host.demand((connection) => ({ kind: 'executor-called', connection, call }));
      const mediaType = acceptedMediaType(request);
      return host.subscribe({ response, mediaType }, (connection) => ({ kind: 'executor-called', connection, call }));
    },
    { methods: ['POST'] },
  );
}
