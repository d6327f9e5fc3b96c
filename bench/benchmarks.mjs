/** The benchmarks by id, with the parameters that every figure of theirs carries. */
import { runFloors } from './b0-floors.mjs';
import { B1_PARAMS, runOfferCycles } from './b1-offer-cycles.mjs';
import { B2_PARAMS, runLaunches } from './b2-launches.mjs';
import { runAgentUpdates } from './b3-agent-updates.mjs';
import { B3_PARAMS, runUpdates } from './b3-updates.mjs';
import { B4_PARAMS, runFailover } from './b4-failover.mjs';
import { B7_PARAMS, runCommandTasks } from './b7-command-tasks.mjs';

export const BENCHMARKS = [
  { id: 'B0', title: 'floors of this machine', params: {}, run: runFloors },
  { id: 'B1', title: 'offer cycles of the allocator', params: B1_PARAMS, run: runOfferCycles },
  { id: 'B2', title: 'launches through /api/v1/scheduler with fake agents', params: B2_PARAMS, run: runLaunches },
  { id: 'B3', title: 'status updates through the master', params: B3_PARAMS, run: runUpdates },
  {
    id: 'B3-agent',
    title: 'status updates by one agent, in both modes of durability',
    params: {},
    run: runAgentUpdates,
  },
  { id: 'B4', title: 'agents come back: storm, live failover', params: B4_PARAMS, run: runFailover },
  { id: 'B7', title: 'bare command tasks on one agent', params: B7_PARAMS, run: runCommandTasks },
];
