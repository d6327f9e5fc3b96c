/**
 * `GET /api/v2/explain`, `GET /api/v2/offers`, and the page of the original's allocator on offer constraints: from queries
 * to answers of core/capabilities/explain. Holds no rule.
 */
import { ok, type Result } from '@mesolite/base';
import { HttpError, type HttpServer, jsonReply } from '@mesolite/daemon';
import { excludedAgentsSteps } from '../core/capabilities/explain/excluded-agents.ts';
import { explainSteps } from '../core/capabilities/explain/explain.ts';
import { parseExplainQuery, parseOffersQuery } from '../core/capabilities/explain/explain-query.ts';
import type { QueryRefusal } from '../core/capabilities/explain/find-framework.ts';
import { offersBody } from '../core/capabilities/explain/offers-view.ts';
import type { OperatorHost } from './operator-host.ts';

/** Of a process of its own in the original. */
const OFFER_CONSTRAINTS_DEBUG = '/hierarchical-allocator(1)/offer_constraints_debug';

export function mountExplainEndpoints(server: HttpServer, { core, now }: OperatorHost): void {
  const mount = <Query>(
    path: string,
    parse: (query: URLSearchParams) => Result<Query>,
    body: (query: Query) => Result<unknown, QueryRefusal> | Promise<Result<unknown, QueryRefusal>>,
  ): void =>
    server.route(
      path,
      async (request) => {
        const query = parse(request.query);
        if (!query.ok) throw new HttpError(400, query.error);
        const answer = await body(query.value);
        if (!answer.ok) throw new HttpError(answer.error.status, answer.error.text);
        return jsonReply(request, JSON.stringify(answer.value));
      },
      { methods: ['GET'] },
    );
  mount('/api/v2/explain', parseExplainQuery, (query) => {
    const at = now();
    return inTurns(explainSteps({ state: core.state, now: at, explain: core.explanations(at) }, query));
  });
  mount(
    OFFER_CONSTRAINTS_DEBUG,
    (query) => ok(query.get('framework_id')),
    (frameworkId) =>
      inTurns(excludedAgentsSteps({ state: core.state, explain: core.explanations(now()) }, frameworkId)),
  );
  mount('/api/v2/offers', parseOffersQuery, (query) => offersBody(core.state, now(), query));
}

/** One step each turn of the event loop: the master goes on with its work meanwhile. */
async function inTurns<T>(steps: Generator<undefined, T>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await new Promise((resume) => setImmediate(resume));
  }
}
