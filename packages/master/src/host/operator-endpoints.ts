/**
 * The v0 endpoints of the master for operators, dashboards and DNS servers: reads of the tables, `/teardown`.
 * Holds no rule: bodies are made by core/capabilities/reads.
 */
import type { FrameworkId } from '@mesolite/base';
import { HttpError, type HttpRequest, type HttpServer, jsonReply } from '@mesolite/daemon';
import {
  agentsBody,
  frameworksBody,
  parseTasksQuery,
  stateBody,
  stateSummaryBody,
  tasksBody,
} from '../core/capabilities/reads/legacy-bodies.ts';
import { mountExplainEndpoints } from './explain-endpoints.ts';
import { mountMaintenanceEndpoints } from './maintenance-endpoints.ts';
import { mountMasterApi } from './operator-api.ts';
import type { OperatorHost } from './operator-host.ts';
import { mountReservationEndpoints } from './reservation-endpoints.ts';
import { mountRoleEndpoints } from './role-endpoints.ts';

/** A form of `/teardown` names one framework: anything longer (in bytes) is refused with 413. */
const MAX_FORM_BYTES = 64 * 1024;

/** Mounts everything an operator may ask this master for, `/api/v1` included. */
export function mountOperatorEndpoints(server: HttpServer, host: OperatorHost): void {
  const { core, identity } = host;
  const read = (paths: readonly string[], body: (request: HttpRequest) => unknown): void => {
    for (const path of paths) server.route(path, (request) => jsonReply(request, JSON.stringify(body(request))));
  };
  read(['/state', '/state.json'], () => stateBody(core.state, identity));
  read(['/state-summary'], () => stateSummaryBody(core.state, identity));
  read(['/slaves'], ({ query }) => agentsBody(core.state, query.get('slave_id')));
  read(['/frameworks'], ({ query }) => frameworksBody(core.state, query.get('framework_id')));
  read(['/tasks', '/tasks.json'], ({ query }) => {
    const parsed = parseTasksQuery(query);
    if (!parsed.ok) throw new HttpError(400, parsed.error);
    return tasksBody(core.state, parsed.value);
  });
  read(['/flags'], () => ({ 'flags': identity.flags }));
  server.route('/health', () => ({ status: 200 }));
  server.route(
    '/teardown',
    async (request) => {
      const frameworkId = await frameworkIdOfForm(request);
      return host.demand((connection) => ({ kind: 'teardown-framework', connection, frameworkId }));
    },
    { methods: ['POST'] },
  );
  mountRoleEndpoints(server, host);
  mountReservationEndpoints(server, host);
  mountExplainEndpoints(server, host);
  mountMaintenanceEndpoints(server, host);
  mountMasterApi(server, host);
}

async function frameworkIdOfForm(request: HttpRequest): Promise<FrameworkId> {
  const form = new URLSearchParams((await request.body(MAX_FORM_BYTES)).toString('utf8'));
  const id = form.get('frameworkId');
  if (id === null) throw new HttpError(400, "Missing 'frameworkId' query parameter in the request body");
  return id as FrameworkId;
}
