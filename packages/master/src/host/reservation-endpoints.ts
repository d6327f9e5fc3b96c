/**
 * `/reserve`, `/unreserve`, `/create-volumes` and `/destroy-volumes`: forms that name an agent and, as JSON text, what is
 * meant. Holds no rule about resources.
 */
import type { AgentId } from '@mesolite/base';
import { HttpError, type HttpServer } from '@mesolite/daemon';
import { MAX_OPERATION_RESOURCES } from '@mesolite/resources';
import { type OfferOperation, parseJson, Resource, WireError } from '@mesolite/wire';
import type { OperatorHost } from './operator-host.ts';

/** Of a form, in bytes; more is refused with 413. */
const MAX_FORM_BYTES = 4 * 1024 * 1024;

export function mountReservationEndpoints(server: HttpServer, host: OperatorHost): void {
  const mount = (path: string, operationOf: (form: URLSearchParams) => OfferOperation): void =>
    server.route(
      path,
      async (request) => {
        const form = new URLSearchParams((await request.body(MAX_FORM_BYTES)).toString('utf8'));
        const agentId = parameter(form, 'slaveId') as AgentId;
        const operation = operationOf(form);
        return host.demand((connection) => ({ kind: 'operate-agent', connection, agentId, operation }));
      },
      { methods: ['POST'] },
    );
  mount('/reserve', (form) => {
    const resources = resourceList(form, 'resources', 'Error parsing');
    const source = form.has('source') ? resourceList(form, 'source', 'Error parsing') : undefined;
    return { type: 'RESERVE', reserve: { resources, ...(source !== undefined && { source }) } };
  });
  mount('/unreserve', (form) => ({ type: 'UNRESERVE', unreserve: { resources: resourceList(form, 'resources') } }));
  mount('/create-volumes', (form) => ({ type: 'CREATE', create: { volumes: resourceList(form, 'volumes') } }));
  mount('/destroy-volumes', (form) => ({ type: 'DESTROY', destroy: { volumes: resourceList(form, 'volumes') } }));
}

function parameter(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null) throw new HttpError(400, `Missing '${name}' query parameter in the request body`);
  return value;
}

function resourceList(form: URLSearchParams, name: string, failed = 'Error in parsing'): Resource[] {
  const text = parameter(form, name);
  const refuse = (why: string): HttpError =>
    new HttpError(400, `${failed} '${name}' query parameter in the request body: ${why}`);
  try {
    const list = parseJson(text);
    if (!Array.isArray(list)) throw refuse('Unexpected JSON type parsed');
    if (list.length > MAX_OPERATION_RESOURCES) throw refuse(`more than ${MAX_OPERATION_RESOURCES} resources`);
    return list.map((value) => Resource.fromJsonValue(value));
  } catch (error) {
    if (error instanceof WireError) throw refuse(error.message);
    throw error;
  }
}
