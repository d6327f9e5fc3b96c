/** `/maintenance/*` and `/machine/*`: from bodies to demands. Holds no rule about machines. */
import { HttpError, type HttpRequest, type HttpServer, jsonReply } from '@mesolite/daemon';
import { MachineID, MaintenanceClusterStatus, MaintenanceSchedule, parseJson, WireError } from '@mesolite/wire';
import { maintenanceSchedule, maintenanceStatus } from '../core/capabilities/reads/maintenance-reads.ts';
import type { OperatorHost } from './operator-host.ts';

/** Of a schedule or a list of machines, in bytes; more is refused with 413. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

export function mountMaintenanceEndpoints(server: HttpServer, host: OperatorHost): void {
  const { core, demand } = host;
  server.route(
    '/maintenance/schedule',
    async (request) => {
      if (request.method === 'GET')
        return jsonReply(request, MaintenanceSchedule.toJson(maintenanceSchedule(core.state)));
      const schedule = await schedulePosted(request);
      return demand((connection) => ({ kind: 'update-maintenance-schedule', connection, schedule }));
    },
    { methods: ['GET', 'POST'] },
  );
  server.route(
    '/maintenance/status',
    (request) =>
      jsonReply(request, MaintenanceClusterStatus.toJson(maintenanceStatus(core.state, core.inverseOfferStatuses()))),
    { methods: ['GET'] },
  );
  for (const [path, kind] of [
    ['/machine/down', 'start-maintenance'],
    ['/machine/up', 'stop-maintenance'],
  ] as const)
    server.route(
      path,
      async (request) => {
        const machines = await machinesPosted(request);
        return demand((connection) => ({ kind, connection, machines }));
      },
      { methods: ['POST'] },
    );
}

function schedulePosted(request: HttpRequest): Promise<MaintenanceSchedule> {
  return posted(request, (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpectedType();
    return MaintenanceSchedule.fromJsonValue(value);
  });
}

function machinesPosted(request: HttpRequest): Promise<MachineID[]> {
  return posted(request, (value) => {
    if (!Array.isArray(value)) throw unexpectedType();
    return value.map((one) => MachineID.fromJsonValue(one));
  });
}

async function posted<T>(request: HttpRequest, convert: (value: unknown) => T): Promise<T> {
  const text = (await request.body(MAX_BODY_BYTES)).toString('utf8');
  try {
    return convert(parseJson(text));
  } catch (error) {
    if (error instanceof WireError) throw new HttpError(400, error.message);
    throw error;
  }
}

function unexpectedType(): HttpError {
  return new HttpError(400, 'Unexpected JSON type parsed');
}
