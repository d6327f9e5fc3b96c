/** The fault domain of `--domain`, for master and agent alike. */
import { err, ok, type Result } from '@mesolite/base';
import { DomainInfo, WireError } from '@mesolite/wire';

/** `json` is text that parsed as JSON. Nothing stays nothing. */
export function parseDomain(json: string | undefined): Result<DomainInfo | undefined> {
  if (json === undefined) return ok(undefined);
  try {
    const domain = DomainInfo.fromJson(json);
    return domain.fault_domain === undefined ? err('`domain` must define `fault_domain`') : ok(domain);
  } catch (error) {
    if (error instanceof WireError) return err(error.message);
    throw error;
  }
}
