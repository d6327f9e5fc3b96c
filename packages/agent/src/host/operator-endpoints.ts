/**
 * The agent's v0 endpoints for operators and tools, and its `/api/v1`. Holds no rule: bodies are made by
 * core/capabilities/reads.
 */
import { type HttpServer, jsonReply } from '@mesolite/daemon';
import { stateBody } from '../core/capabilities/reads/legacy-bodies.ts';
import { containersBody, runningContainers, statisticsBody } from './container-reads.ts';
import { mountAgentApi } from './operator-api.ts';
import type { OperatorHost } from './operator-host.ts';

/** Mounts everything an operator may ask this agent for. */
export function mountOperatorEndpoints(server: HttpServer, host: OperatorHost): void {
  const { state, identity } = host;
  const read = (paths: readonly string[], body: () => unknown): void => {
    for (const path of paths) {
      server.route(path, async (request) => jsonReply(request, JSON.stringify(await body())));
    }
  };
  read(['/state', '/state.json'], () => stateBody(state, identity));
  read(['/flags'], () => ({ 'flags': identity.flags }));
  read(['/containers'], async () => containersBody(await runningContainers(host)));
  read(['/monitor/statistics', '/monitor/statistics.json'], async () => statisticsBody(await runningContainers(host)));
  server.route('/health', () => ({ status: 200 }));
  mountAgentApi(server, host);
}
