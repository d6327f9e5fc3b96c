/**
 * Metrics of each framework, while it is there and for as long as it is remembered after its end.
 *
 * Departs from Mesos: of a very long name only the beginning is in the names of metrics.
 */
import type { MasterContext } from '../context.ts';
import { type FrameworkRecord, isConnected } from '../state/frameworks.ts';

const LONGEST_NAME = 255;

export function publishMetrics({ options }: MasterContext, framework: FrameworkRecord): void {
  if (options.publishPerFrameworkMetrics === true)
    options.metrics.family(framework.metricsPrefix, () => metricsOf(framework));
}

export function withdrawMetrics({ options }: MasterContext, framework: FrameworkRecord): void {
  if (options.publishPerFrameworkMetrics === true) options.metrics.remove(framework.metricsPrefix);
}

/** In order of names: those of roles, and whether it is subscribed, come after the counts. */
function* metricsOf(framework: FrameworkRecord): Iterable<readonly [string, number]> {
  const after: (readonly [string, number])[] = [...framework.roles]
    .sort()
    .map((role) => [`roles/${role}/suppressed`, framework.suppressedRoles.has(role) ? 1 : 0]);
  after.push(['subscribed', isConnected(framework) ? 1 : 0]);
  for (const entry of framework.counts.entries()) {
    if (entry[0].startsWith('tasks/')) yield* after.splice(0);
    yield entry;
  }
}

/** `master/frameworks/<name>/<id>/`, the name percent-encoded as the original does it. */
export function metricsPrefix(name: string, id: string): string {
  return `master/frameworks/${encoded(name.slice(0, LONGEST_NAME))}/${id}/`;
}

function encoded(name: string): string {
  let text = '';
  for (const byte of Buffer.from(name, 'utf8')) {
    const character = String.fromCharCode(byte);
    text += /[A-Za-z0-9!'()*._-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}
