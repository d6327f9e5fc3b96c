/**
 * The answer to "why is my task not running": for a framework, a size, or both. Reasons are counted over all agents; words
 * are made only for the agents of the page that was asked for. A pure read, in steps, so that nobody waits for ten thousand
 * agents: between two steps anything may change, so each asks the allocator anew. Agents that come or go may be counted or
 * not; when the framework goes, that is the answer.
 */
import type { RoleExplanation } from '@mesolite/allocator';
import { must, ok, type Result } from '@mesolite/base';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import type { MasterState } from '../../state/state.ts';
import type { Now } from '../../time.ts';
import { agentRow, roleRow } from './answer-rows.ts';
import { commonText, findingText, frameworkName } from './describe.ts';
import type { ExplainQuery } from './explain-query.ts';
import { findFramework, type QueryRefusal } from './find-framework.ts';
import { type Asked, commonReason, type Finding, findingOf, lacks, subjects } from './findings.ts';
import { meaningOf, REASONS, type Reason } from './reasons.ts';
import { unitsOf } from './sizes.ts';

/** Roles of a framework that are looked at when none is named; those that want offers first. */
export const MAX_EXPLAINED_ROLES = 16;

/** Agents times roles looked at in one step. */
const VERDICTS_PER_STEP = 40;

export type ExplainRole = (role: string, frameworkId?: FrameworkRecord['id']) => RoleExplanation | undefined;

export interface ExplainSource {
  readonly state: MasterState;
  readonly now: Now;
  /** What the allocator says of a role, or of a framework in it. */
  readonly explain: ExplainRole;
}

/** All agents for which one reason holds. */
interface Group {
  readonly reason: Reason;
  readonly found: Finding[];
  /** The one that lacks least. */
  example: Finding;
}

export type ExplainBody = Record<string, unknown>;

/** Each step is a few milliseconds' work at most; the last one has the answer. */
export function* explainSteps(
  source: ExplainSource,
  query: ExplainQuery,
): Generator<undefined, Result<ExplainBody, QueryRefusal>> {
  let asked = askedNow(source, query, query.framework);
  if (!asked.ok) return asked;
  const groups = new Map<Reason, Group>();
  let left = VERDICTS_PER_STEP;
  for (const subject of subjects(source.state)) {
    if (left <= 0) {
      left = VERDICTS_PER_STEP;
      yield;
      // By its id: a name may be somebody else's by now.
      asked = askedNow(source, query, asked.value.framework?.id);
      if (!asked.ok) return asked;
    }
    left -= asked.value.explanations.length;
    group(groups, asked.value, findingOf(asked.value, subject));
  }
  const nearestFirst = REASONS.flatMap((reason) => groups.get(reason) ?? []);
  return ok(answer(asked.value, source.now, query, nearestFirst));
}

function askedNow(
  { state, explain }: ExplainSource,
  query: ExplainQuery,
  name: string | undefined,
): Result<Asked, QueryRefusal> {
  const found = name === undefined ? undefined : findFramework(state, name);
  if (found?.ok === false) return found;
  const framework = found?.value;
  const explanations = rolesOf(query, framework).map((role) =>
    must(explain(role, framework?.id), 'framework in the allocator'),
  );
  return ok({ state, framework, wanted: query.wanted, attributes: query.attributes, explanations });
}

function answer(asked: Asked, now: Now, query: ExplainQuery, groups: readonly Group[]): ExplainBody {
  const { state, framework: record, explanations } = asked;
  const total = groups.reduce((sum, { found }) => sum + found.length, 0);
  const leftOut = (query.role === undefined ? (record?.roles.length ?? 0) : 0) - explanations.length;
  return {
    'at': now.wallMs / 1000,
    ...(record && { 'framework': frameworkRow(record) }),
    ...(query.wanted.size > 0 && { 'wanted': unitsOf(query.wanted) }),
    ...(query.attributes.size > 0 && { 'attributes': Object.fromEntries(query.attributes) }),
    'verdict': verdict(asked, now, groups, total),
    'roles': explanations.map((explanation) => roleRow(state, now, record, explanation)),
    ...(leftOut > 0 && { 'roles_left_out': leftOut }),
    'summary': groups.map(({ reason, found, example }) => ({
      'reason': reason,
      'agents': found.length,
      'what': meaningOf(reason).what,
      'hint': meaningOf(reason).hint,
      'example': {
        'agent_id': example.agentId,
        'hostname': example.hostname,
        'text': findingText(asked, now, example),
      },
    })),
    'total': total,
    'offset': query.offset,
    'limit': query.limit,
    'agents': page(groups, query.offset, query.limit).map((finding) => agentRow(asked, now, finding)),
  };
}

function rolesOf({ role }: ExplainQuery, framework: FrameworkRecord | undefined): string[] {
  if (role !== undefined) return [role];
  if (framework === undefined) return ['*'];
  const [wanting, suppressed]: [string[], string[]] = [[], []];
  for (const one of framework.roles) (framework.suppressedRoles.has(one) ? suppressed : wanting).push(one);
  if (framework.roles.length === 0) return ['*'];
  return [...wanting, ...suppressed].slice(0, MAX_EXPLAINED_ROLES);
}

function group(groups: Map<Reason, Group>, asked: Asked, finding: Finding): void {
  const group = groups.get(finding.reason);
  if (group === undefined) {
    groups.set(finding.reason, { reason: finding.reason, found: [finding], example: finding });
    return;
  }
  group.found.push(finding);
  if (lacks(asked, finding) < lacks(asked, group.example)) group.example = finding;
}

function page(groups: readonly Group[], offset: number, limit: number): Finding[] {
  const found: Finding[] = [];
  let skip = offset;
  for (const group of groups) {
    if (found.length >= limit) break;
    found.push(...group.found.slice(skip, skip + limit - found.length));
    skip = Math.max(0, skip - group.found.length);
  }
  return found;
}

function frameworkRow({ id, info, state, roles, suppressedRoles }: FrameworkRecord): Record<string, unknown> {
  return {
    'id': id,
    'name': info.name,
    'state': state,
    'roles': roles.slice(0, MAX_EXPLAINED_ROLES),
    'suppressed_roles': [...suppressedRoles].slice(0, MAX_EXPLAINED_ROLES),
  };
}

function verdict(asked: Asked, now: Now, groups: readonly Group[], total: number): Record<string, unknown> {
  const answer = (reason: Reason, text: string) => ({ 'reason': reason, 'text': text, 'hint': meaningOf(reason).hint });
  const common = commonReason(asked);
  if (common !== undefined) return answer(common, `Not running because ${commonText(asked, now, common)}.`);
  const [first, ...others] = groups;
  if (first === undefined) return answer('no-agents', 'Not running because no agent is registered.');
  const { reason, found, example } = first;
  if (reason === 'waits-its-turn') return answer(reason, roomText(asked, first, total));
  const rest = others.map((group) => `${count(group.found.length)} ${meaningOf(group.reason).what}`);
  const text =
    `Not running because ${found.length} of ${total} ${total === 1 ? 'agent' : 'agents'} ` +
    `${found.length === 1 ? 'is' : 'are'} ${meaningOf(reason).what} (${example.hostname}: ${findingText(asked, now, example)})`;
  return answer(reason, `${[text, ...rest].join('; ')}.`);
}

function count(agents: number): string {
  return agents === 1 ? '1 is' : `${agents} are`;
}

function roomText({ state, framework }: Asked, { found, example }: Group, total: number): string {
  const agents = `${found.length} of ${total} ${total === 1 ? 'agent' : 'agents'}`;
  if (framework === undefined) return `It would fit: ${agents} ${found.length === 1 ? 'has' : 'have'} room for it now.`;
  const ahead = example.explanation?.ahead;
  const [next] = ahead?.first ?? [];
  const before =
    next === undefined
      ? 'nobody comes before it'
      : `${ahead?.count} before it, first ${frameworkName(state, next.frameworkId)} (${next.frameworkId}) in role ${next.role}`;
  return `Nothing stands in the way: ${agents} would be offered to it in the next allocation; ${ahead === undefined ? 'turns are drawn' : before}.`;
}
