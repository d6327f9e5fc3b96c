/** `/weights`, `/quota` and `/roles`: from bodies and paths to demands. Holds no rule about roles. */
import { HttpError, type HttpReply, type HttpRequest, type HttpServer, jsonReply } from '@mesolite/daemon';
import { MasterCallUpdateWeights, parseJson, QuotaRequest, QuotaStatus, WireError } from '@mesolite/wire';
import { quotaStatus, rolesBody, weightInfos } from '../core/capabilities/reads/role-reads.ts';
import type { OperatorHost } from './operator-host.ts';

/** Of one change of weights or quota, in bytes; more is refused with 413. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export function mountRoleEndpoints(server: HttpServer, host: OperatorHost): void {
  const { state, options } = host.core;
  for (const path of ['/roles', '/roles.json'])
    server.route(path, (request) => jsonReply(request, JSON.stringify(rolesBody(state, options.roles))));
  server.route(
    '/weights',
    (request) =>
      request.method === 'PUT' ? putWeights(request, host) : jsonReply(request, JSON.stringify(weightInfos(state))),
    { methods: ['GET', 'PUT'] },
  );
  server.route(
    '/quota',
    (request) => {
      if (request.method === 'POST') return postQuota(request, host);
      if (request.method === 'DELETE') return deleteQuota(request, host);
      return jsonReply(request, QuotaStatus.toJson(quotaStatus(state)));
    },
    { methods: ['GET', 'POST', 'DELETE'], prefix: true },
  );
}

async function putWeights(request: HttpRequest, { demand }: OperatorHost): Promise<HttpReply> {
  const text = (await request.body(MAX_BODY_BYTES)).toString('utf8');
  const list = parsed(text, `Failed to parse update weights request JSON '${text}'`);
  if (!Array.isArray(list))
    throw new HttpError(400, `Failed to parse update weights request JSON '${text}': Unexpected JSON type parsed`);
  const { weight_infos: weights = [] } = attempt(
    () => MasterCallUpdateWeights.fromJsonValue({ weight_infos: list }),
    `Failed to convert weights JSON array to protobuf '${text}'`,
  );
  return demand((connection) => ({ kind: 'update-weights', connection, weights }));
}

async function postQuota(request: HttpRequest, { demand }: OperatorHost): Promise<HttpReply> {
  const text = (await request.body(MAX_BODY_BYTES)).toString('utf8');
  const value = parsed(text, `Failed to parse set quota request JSON '${text}'`);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new HttpError(400, `Failed to parse set quota request JSON '${text}': Unexpected JSON type parsed`);
  const quota = attempt(() => QuotaRequest.fromJsonValue(value), `Failed to validate set quota request JSON '${text}'`);
  return demand((connection) => ({ kind: 'set-quota', connection, request: quota }));
}

function deleteQuota(request: HttpRequest, { demand }: OperatorHost): Promise<HttpReply> {
  const role = request.path
    .split('/')
    .filter((part) => part !== '')
    .slice(1)
    .join('/');
  // The original's own name for the path, however it was asked for.
  const path = `/master${request.path}`;
  if (role === '')
    throw new HttpError(
      400,
      `Failed to parse remove quota request for path '${path}': expected 3 tokens, found 2 tokens`,
    );
  return demand((connection) => ({ kind: 'remove-quota', connection, role, path }));
}

function parsed(text: string, failed: string): unknown {
  return attempt(() => parseJson(text), failed);
}

function attempt<T>(read: () => T, failed: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) throw new HttpError(400, `${failed}: ${error.message}`);
    throw error;
  }
}
