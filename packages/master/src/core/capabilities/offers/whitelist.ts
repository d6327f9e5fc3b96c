/** Which hosts are offered at all. Only new offers follow: those that are out stay out, as in the original. */
import type { Handler } from '../../context.ts';

export const whitelistRead: Handler<'whitelist-read'> = ({ allocator, options: { log } }, { hostnames }) => {
  allocator.updateWhitelist(hostnames === undefined ? undefined : new Set(hostnames));
  if (hostnames === undefined) log.info('Advertising offers for all agents');
  else if (hostnames.length === 0) log.warning('Whitelist is empty, no offers will be made!');
  else log.info(`Offers are made for ${hostnames.length} whitelisted hosts`);
};
