/** Questions to a whole master core of why something is not running, and what leads to the answers. */
import type { QuotaConfig } from '@mesolite/wire';
import { expect } from 'vitest';
import { explainSteps } from '../src/core/capabilities/explain/explain.ts';
import { parseExplainQuery } from '../src/core/capabilities/explain/explain-query.ts';
import { type CoreHarness, frameworkInfo, type RegisteredAgent, type Scheduler, scalar, task } from './core-harness.ts';

export const OPERATOR = 1_000_000;

export interface Row {
  agent_id?: string;
  hostname: string;
  reason: string;
  text: string;
  role?: string;
  missing?: Record<string, number>;
  refused_until?: number;
  declined?: { offer_id: string; at: number; refuse_seconds: number; by: string };
  held_by?: { offer_id: string; framework: string; since: number; age_seconds: number }[];
  used_by?: { framework: string; tasks: number }[];
}

export interface Explained {
  at: number;
  framework?: { id: string; name: string; state: string };
  verdict: { reason: string; text: string; hint: string };
  roles: { role: string; ahead?: { count: number; first: unknown[] }; quota: Record<string, unknown> }[];
  roles_left_out?: number;
  summary: { reason: string; agents: number; example: { hostname: string } }[];
  total: number;
  agents: Row[];
}

/** `between`: what happens between two steps of the answer. */
export function ask(
  master: CoreHarness,
  query: string,
  between?: () => void,
): { status: number; text: string; body: Explained } {
  const parsed = parseExplainQuery(new URLSearchParams(query));
  if (!parsed.ok) return { status: 400, text: parsed.error, body: {} as Explained };
  const now = master.now();
  const steps = explainSteps({ state: master.core.state, now, explain: master.core.explanations(now) }, parsed.value);
  let step = steps.next();
  while (step.done !== true) {
    between?.();
    step = steps.next();
  }
  master.core.check();
  if (!step.value.ok) return { ...step.value.error, body: {} as Explained };
  return { status: 200, text: '', body: JSON.parse(JSON.stringify(step.value.value)) as Explained };
}

export function explain(master: CoreHarness, query: string): Explained {
  const { status, text, body } = ask(master, query);
  expect([status, text]).toEqual([200, '']);
  return body;
}

/** What agents have. */
export const SMALL = [scalar('cpus', 4), scalar('mem', 1024)];

export function agents(master: CoreHarness, ...hostnames: string[]): RegisteredAgent[] {
  return hostnames.map((hostname) => master.addAgent({ hostname, resources: SMALL }));
}

export function framework(
  master: CoreHarness,
  name: string,
  roles = ['*'],
  more: Parameters<typeof frameworkInfo>[0] = {},
): Scheduler {
  return master.subscribe(frameworkInfo({ name, roles, ...more }));
}

/** Runs one task of a size on every offer the scheduler gets, and declines the rest for a second. */
export function fill(master: CoreHarness, scheduler: Scheduler, cpus = 4, mem = 1024): void {
  for (const [i, offer] of master.offers(scheduler).entries())
    master.launch(scheduler, offer, [
      task(`${scheduler.id.slice(-4)}-${i}`, offer.agent_id.value, {
        resources: [scalar('cpus', cpus), scalar('mem', mem)],
      }),
    ]);
}

export function decline(master: CoreHarness, scheduler: Scheduler, refuseSeconds: number): string[] {
  const ids = master.offers(scheduler).map(({ id }) => id);
  master.call(scheduler, {
    type: 'DECLINE',
    decline: { offer_ids: ids, filters: { refuse_seconds: refuseSeconds } },
  });
  return ids.map(({ value }) => value);
}

export function quota(master: CoreHarness, ...configs: QuotaConfig[]): void {
  master.step({ kind: 'update-quota', connection: OPERATOR, configs, force: true });
}
