/** The catalog of every flag master and agent know. */
import { agentFlags } from './agent-flags.ts';
import { daemonFlags } from './daemon-flags.ts';
import type { FlagProgram, FlagSpec } from './flag-spec.ts';
import { masterFlags } from './master-flags.ts';

const CATALOGS: Readonly<Record<FlagProgram, readonly FlagSpec[]>> = {
  master: sorted([...daemonFlags('master'), ...masterFlags]),
  agent: sorted([...daemonFlags('agent'), ...agentFlags]),
};

/** Sorted by name. */
export function flagCatalog(program: FlagProgram): readonly FlagSpec[] {
  return CATALOGS[program];
}

function sorted(specs: readonly FlagSpec[]): readonly FlagSpec[] {
  return [...specs].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
