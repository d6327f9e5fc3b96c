/** A master's core by itself, with the defaults of the flags: no sockets, no registry on disk. */
import { seededRandom } from '@mesolite/base';
import { MetricsRegistry } from '@mesolite/daemon';
import { MasterCore } from '@mesolite/master/core';
import { silentLog } from '@mesolite/ports';

export function newMasterCore() {
  return new MasterCore({
    info: { id: 'new-master', ip: 16777343, port: 5050, pid: 'master@127.0.0.1:5050', hostname: '127.0.0.1' },
    log: silentLog,
    metrics: new MetricsRegistry(),
    random: seededRandom(1),
    allocationIntervalMs: 1000,
    minAllocatable: [{ cpus: 0.01 }, { mem: 32 }],
    fairSharingExcludedResourceNames: [],
    filterGpuResources: true,
    agentPingTimeoutMs: 15_000,
    maxAgentPingTimeouts: 5,
    agentReregisterTimeoutMs: 600_000,
    agentRemovalRateLimit: undefined,
    recoveryAgentRemovalLimit: 1,
    offerTimeoutMs: 300_000,
    maxCompletedFrameworks: 50,
    maxCompletedTasksPerFramework: 1000,
    maxUnreachableTasksPerFramework: 1000,
    rootSubmissions: true,
  });
}
