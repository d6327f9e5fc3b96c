/**
 * How drivers, agents and HTTP schedulers prove to this master who they are: what the flags demand, and the credentials they
 * are held against.
 */
import { err, ok, type Result } from '@mesolite/base';
import { basicAuthentication, type Flags, type HttpRequest, loadSecrets, type Secrets } from '@mesolite/daemon';
import type { Log } from '@mesolite/ports';
import type { MasterOptions } from '../core/index.ts';

export interface IdentityChecks {
  /** Empty without `--credentials`: then nobody can prove anything. */
  readonly secrets: Secrets;
  readonly options: Pick<MasterOptions, 'authenticates' | 'authenticateFrameworks' | 'authenticateAgents'>;
  /** Set when HTTP schedulers have to: answers the principal, or throws the 401. */
  readonly httpScheduler: ((request: Pick<HttpRequest, 'headers'>) => string) | undefined;
}

const CRAM_MD5 = 'crammd5';
const BASIC = 'basic';

export async function identityChecks(flags: Flags, log: Log): Promise<Result<IdentityChecks>> {
  const names = flags.required('authenticators').split(',');
  if (names.length > 1) return err('Multiple authenticators not supported');
  if (names[0] !== CRAM_MD5)
    return err(
      `Authenticator '${names[0]}' not found. Check the spelling (compare to '${CRAM_MD5}'); modules cannot be loaded`,
    );
  const path = flags.text('credentials');
  const secrets: Result<Secrets> = path === undefined ? ok(new Map()) : await loadSecrets(path, log);
  if (!secrets.ok) return err(`${secrets.error} (see --credentials flag)`);
  const [frameworks, agents] = [flags.bool('authenticate_frameworks'), flags.bool('authenticate_agents')];
  if (path === undefined && (frameworks || agents))
    log.warning('No credentials provided, authentication requests will be refused');
  const http = httpScheduler(flags, secrets.value);
  if (!http.ok) return http;
  return ok({
    secrets: secrets.value,
    options: { authenticates: true, authenticateFrameworks: frameworks, authenticateAgents: agents },
    httpScheduler: http.value,
  });
}

function httpScheduler(flags: Flags, secrets: Secrets): Result<IdentityChecks['httpScheduler']> {
  if (!flags.bool('authenticate_http_frameworks')) return ok(undefined);
  const name = flags.text('http_framework_authenticators');
  if (name === undefined)
    return err(
      'Missing `--http_framework_authenticators` flag. This must be used in conjunction with ' +
        '`--authenticate_http_frameworks`',
    );
  if (name !== BASIC) return err(`HTTP authenticator '${name}' not found. Check the spelling (compare to '${BASIC}')`);
  if (flags.text('credentials') === undefined)
    return err(`No credentials provided for the default '${BASIC}' HTTP authenticator for realm '${REALM}'`);
  return ok(basicAuthentication(REALM, secrets));
}

const REALM = 'mesos-master-scheduler';
