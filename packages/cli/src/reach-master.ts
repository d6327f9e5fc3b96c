/** The way to a master, and who else may stand at the address that was given for one. */
import { AgentClient, MasterClient } from '@mesolite/sdk';
import type { MasterOptions } from './commands/options.ts';
import { describeApiError } from './describe-api-error.ts';
import { CommandError } from './exit-codes.ts';
import { leaderAddress, namesNoAddress } from './find-master.ts';

const NOT_FOUND = 404;
/** How long an agent may take to say that it is one, in milliseconds. */
const AGENT_LIMIT_MS = 5_000;

/** A client of the leading master, which the caller closes. Throws CommandError when nobody answers, or an agent does. */
export async function reachMaster(options: MasterOptions): Promise<MasterClient> {
  const master = new MasterClient(await leaderAddress(options.master), options);
  // Agents understand some calls of masters, and answer with what is theirs; but only masters know this path.
  const probe = await master.http.request({ method: 'GET', path: '/redirect' });
  const problem = !probe.ok
    ? describeApiError(probe.error)
    : probe.value.status === NOT_FOUND
      ? await agentNotMaster(options)
      : undefined;
  if (problem === undefined) return master;
  await master.close();
  throw new CommandError(problem);
}

/** What to tell a person who gave an agent's address for a master's; nothing when it is no agent's. */
export async function agentNotMaster(options: MasterOptions): Promise<string | undefined> {
  if (namesNoAddress(options.master)) return undefined;
  // In JSON, calls go by name: the number of this one in protobuf means something else to a master.
  const agent = new AgentClient(options.master, { ...options, codec: 'json', timeoutMs: AGENT_LIMIT_MS });
  try {
    if (!(await agent.getAgent()).ok) return undefined;
    const origin = await agent.http.origin();
    return `${origin.ok ? origin.value : options.master} is an agent, not a master; say where the master is: --master=HOST:PORT`;
  } finally {
    await agent.close();
  }
}
