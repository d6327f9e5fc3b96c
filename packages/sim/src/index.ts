/** @packageDocumentation Whole clusters under virtual time. For tests and benchmarks only. */
export { AgentLoad } from './agent-load.ts';
export { AgentNode, type AgentNodeOptions, type AgentObserver } from './agent-node.ts';
export { Faults, type FaultWeights, NO_FAULTS } from './faults.ts';
export { MasterDues } from './master-dues.ts';
export { allOf, MasterNode, type MasterNodeOptions, type MasterObserver } from './master-node.ts';
export { Host, Network, type NetworkOptions } from './network.ts';
export { OfferLedger } from './offer-ledger.ts';
export { plainMetrics } from './plain-metrics.ts';
export { scenarioNamed, scenarioNames } from './scenarios.ts';
export { type SchedulerClient, SchedulerSession } from './scheduler-session.ts';
export { type Outcome, type Scenario, type SimulateOptions, simulate } from './simulate.ts';
export { UpdateWatch } from './update-watch.ts';
export { Violation } from './violation.ts';
export { Workload, type WorkloadOptions } from './workload.ts';
export { World } from './world.ts';
