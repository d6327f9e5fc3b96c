/** The clusters that are simulated, by name. */
import { NO_FAULTS } from './faults.ts';
import type { Scenario } from './simulate.ts';

const SMALL: Omit<Scenario, 'name'> = {
  agents: 4,
  frameworks: 3,
  tasksPerFramework: 40,
  faults: NO_FAULTS,
  meanFaultMs: 4000,
  stormMs: 120_000,
  restMs: 3_600_000,
  failoverTimeouts: [604_800],
  checkEvery: 1,
  maxWriteMs: 0,
};

const SCENARIOS: readonly Scenario[] = [
  { ...SMALL, name: 'calm' },
  {
    ...SMALL,
    name: 'network',
    faults: { ...NO_FAULTS, breakLink: 4, partition: 3, dropScheduler: 2, failOverScheduler: 1, crashContainer: 1 },
  },
  {
    ...SMALL,
    name: 'agents',
    maxWriteMs: 30,
    faults: { ...NO_FAULTS, crashAgent: 3, crashContainer: 3, dropExecutor: 2, breakLink: 2 },
  },
  {
    ...SMALL,
    name: 'frameworks',
    // Without crashes of the master: a new one does not know that a framework has ended.
    faults: {
      ...NO_FAULTS,
      dropScheduler: 3,
      failOverScheduler: 2,
      tearDown: 2,
      breakLink: 2,
      partition: 1,
      crashAgent: 1,
    },
    failoverTimeouts: [0, 2, 604_800],
  },
  {
    ...SMALL,
    name: 'storm',
    maxWriteMs: 2000,
    faults: {
      breakLink: 3,
      partition: 3,
      dropScheduler: 2,
      failOverScheduler: 1,
      tearDown: 0,
      crashAgent: 2,
      crashContainer: 2,
      dropExecutor: 2,
      crashMaster: 1,
      failRegistry: 1,
      maintain: 0,
    },
  },
  {
    ...SMALL,
    name: 'maintenance',
    maxWriteMs: 30,
    faults: {
      ...NO_FAULTS,
      maintain: 8,
      breakLink: 2,
      partition: 1,
      dropScheduler: 1,
      failOverScheduler: 1,
      crashAgent: 1,
      crashMaster: 1,
      failRegistry: 1,
    },
  },
];

export function scenarioNames(): string[] {
  return SCENARIOS.map(({ name }) => name);
}

export function scenarioNamed(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
