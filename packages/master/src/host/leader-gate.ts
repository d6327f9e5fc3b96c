/**
 * What a master answers that does not lead: everything about the cluster is the leader's to tell, so that clients are sent
 * there; what is about this process it tells itself.
 */
import type { HttpReply, HttpServer } from '@mesolite/daemon';
import { textReply } from '@mesolite/daemon';
import type { Leadership } from './leadership.ts';

/** First parts of paths that every master answers for itself. */
const OWN = new Set([
  'health',
  'flags',
  'version',
  'redirect',
  'registrar(1)',
  'metrics',
  'files',
  'logging',
  'system',
  'help',
]);

export interface LeaderGateOptions {
  readonly leadership: Leadership;
  /** The registry is read, and the core runs. */
  readonly isRecovered: () => boolean;
}

export function mountLeaderGate(server: HttpServer, { leadership, isRecovered }: LeaderGateOptions): void {
  server.guard(({ path, target }): HttpReply | undefined => {
    if (OWN.has(path.split('/')[1] ?? '')) return undefined;
    if (!leadership.leads) return redirectToLeader(leadership, target);
    return isRecovered() ? undefined : textReply(503, 'Master has not finished recovery');
  });
  server.route('/redirect', ({ path }) => (path === '/redirect' ? redirectToLeader(leadership, '') : notHere()), {
    prefix: true,
  });
}

/** Without a scheme: the client's own holds. */
function redirectToLeader({ leader }: Leadership, target: string): HttpReply {
  if (leader === undefined) return textReply(503, 'No leader elected');
  // Of an absolute form only what follows the host.
  const rest = target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/]*/i, '');
  return { status: 307, headers: { 'Location': `//${leader.hostname}:${leader.port}${rest}` } };
}

/** Deeper paths would come back here for ever. */
function notHere(): HttpReply {
  return textReply(404, '404 Not Found.');
}
