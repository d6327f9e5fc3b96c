/** Clusters for B1: an allocator with agents and frameworks in it, and what is done to it and timed. */
import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createAllocator, SLICE_UNITS } from '@mesolite/allocator';
import { seededRandom } from '@mesolite/base';
import { parseResources, Resources } from '@mesolite/resources';

/** As a framework that declines for good does it. */
export const FOR_EVER_MS = 365 * 86_400_000;

const MODERN = new Set(['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT']);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** Bytes of live objects, and of typed arrays, which lie beside the heap. */
export function liveBytes() {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

export function resourcesOf(text) {
  return Resources.from(parseResources(text, '*').value);
}

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export class Cluster {
  allocator;
  nowMs = 0;
  /** Durations of whole cycles and of the longest slice of each. */
  cycles = [];
  stalls = [];
  /** Processor time of the longest slice of each, all threads of the process together. */
  stallsCpu = [];
  /** Processor time of whole cycles, which a busy machine does not lengthen. */
  cpu = [];
  #hash = createHash('sha256');
  #round = 0;

  constructor({ sorter = 'drf' } = {}) {
    this.allocator = createAllocator({
      random: seededRandom(1),
      allocationIntervalMs: 1000,
      minAllocatable: [{ cpus: 0.01 }, { mem: 32 }],
      excludedResourceNames: [],
      roleSorter: sorter,
      frameworkSorter: sorter,
    });
  }

  addFrameworks(count, options = {}) {
    for (let i = 0; i < count; i += 1) this.addFramework(`f${i}`, options);
  }

  addFramework(id, { roles = ['*'], suppressedRoles = [] } = {}) {
    this.allocator.addFramework(id, { roles, suppressedRoles, capabilities: new Set(['MULTI_ROLE']) }, true);
  }

  /** `used(i)` answers what is held on the agent from the start, by framework. */
  addAgents(count, total, used = () => new Map()) {
    for (let i = 0; i < count; i += 1) {
      this.allocator.addAgent(`a${i}`, {
        hostname: `host${i}`,
        total: typeof total === 'function' ? total(i) : total,
        used: used(i),
        capabilities: MODERN,
        attributes: [],
        active: true,
      });
    }
  }

  /** One cycle in slices, timed; what it hands out goes into the hash. */
  cycle(scope = 'all') {
    this.nowMs += 1000;
    const allocations = [];
    let longest = 0;
    const cpuFrom = cpuMs();
    const from = performance.now();
    let last = from;
    let longestCpu = 0;
    let lastCpu = cpuMs();
    const lap = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      const cpu = cpuMs();
      longestCpu = Math.max(longestCpu, cpu - lastCpu);
      lastCpu = cpu;
    };
    this.allocator.beginCycle(scope);
    lap();
    while (this.allocator.cycling) {
      for (const allocation of this.allocator.continueCycle(this.nowMs, SLICE_UNITS)) allocations.push(allocation);
      lap();
    }
    this.cpu.push(cpuMs() - cpuFrom);
    this.cycles.push(last - from);
    this.stalls.push(longest);
    this.stallsCpu.push(longestCpu);
    this.#round += 1;
    for (const { frameworkId, role, agentId, resources } of allocations)
      this.#hash.update(`${this.#round} ${agentId} ${frameworkId} ${role} ${resources.scalarMillis('cpus')}\n`);
    return allocations;
  }

  decline(allocations, refuseMs) {
    for (const { frameworkId, agentId, resources } of allocations)
      this.allocator.recover(frameworkId, agentId, resources, { nowMs: this.nowMs, refuseMs });
  }

  /** The same figure means the same decisions. */
  digest() {
    return this.#hash.copy().digest('hex').slice(0, 12);
  }
}
