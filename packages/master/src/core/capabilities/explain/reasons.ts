/**
 * Every answer there is to "why is my task not running": what each means, in the order from nearest to a launch to farthest
 * from it, and what can be done about it. Of many agents the nearest answer is the one that is told first.
 */

/** `what` completes "… agents"; `hint` is for an operator. */
interface Meaning {
  readonly what: string;
  readonly hint: string;
}

const MEANINGS = {
  'waits-its-turn': {
    what: 'nothing stands in the way',
    hint: 'Wait for the next allocation. Shares, weights and quota decide who comes first.',
  },
  'offered': {
    what: 'offered to it already, and not answered',
    hint: "Look at the scheduler: it holds these offers. They are rescinded after the master's --offer_timeout.",
  },
  'refused': {
    what: 'refused by the framework itself',
    hint: 'The framework asked not to be offered them for that long. A REVIVE call ends it; smaller refuse_seconds avoid it.',
  },
  'held-by-offers': {
    what: 'in offers to other frameworks',
    hint: 'mesolite offers shows who holds them. A smaller --offer_timeout takes them back sooner.',
  },
  'quota-limit': {
    what: 'kept from it by the quota limit of its role',
    hint: "Raise the role's limit (/quota), or end tasks of the role. What is in offers to it counts, too (mesolite offers).",
  },
  'held-back': {
    what: 'held back for guarantees of other roles',
    hint: 'Lower guarantees that nobody uses (/quota), add agents, or give this role a guarantee of its own.',
  },
  'used-by-tasks': {
    what: 'in use by tasks',
    hint: 'Wait for tasks to end, end some, or add agents.',
  },
  'below-minimum': {
    what: 'with less free than is worth an offer',
    hint: "What is left there is below the master's --min_allocatable_resources, or the framework's own threshold.",
  },
  'agent-awaited': {
    what: 'known, but not back since the master began',
    hint: 'Start these agents, or wait until --agent_reregister_timeout gives them up.',
  },
  'agent-disconnected': {
    what: 'disconnected',
    hint: 'Look at the agents and at the network to them. They come back by themselves.',
  },
  'agent-deactivated': {
    what: 'deactivated',
    hint: 'An operator took them out of service: the call REACTIVATE_AGENT takes them back.',
  },
  'agent-draining': {
    what: 'being drained',
    hint: 'An operator has them emptied. When nothing runs there any more they are drained, or gone if that was asked for.',
  },
  'agent-drained': {
    what: 'drained',
    hint: 'An operator had them emptied: the call REACTIVATE_AGENT takes them back.',
  },
  'machine-down': {
    what: 'down for maintenance',
    hint: 'End the maintenance of these machines (/machine/up).',
  },
  'not-whitelisted': {
    what: "not on the master's whitelist",
    hint: "Add their hostnames to the master's --whitelist.",
  },
  'excluded-by-constraint': {
    what: "excluded by the framework's offer constraints",
    hint: 'The framework told the master which agents it wants by attributes, hostname, region or zone; none of its groups holds there.',
  },
  'gpus-withheld': {
    what: 'with GPUs, kept for frameworks that use them',
    hint: 'Give the framework the capability GPU_RESOURCES, or run the master with --no-filter_gpu_resources.',
  },
  'other-region': {
    what: 'in another region',
    hint: 'Give the framework the capability REGION_AWARE.',
  },
  'no-multi-role': {
    what: 'too old for frameworks with several roles',
    hint: 'Upgrade these agents: they lack the capability MULTI_ROLE.',
  },
  'no-hierarchical-role': {
    what: 'too old for roles with a slash',
    hint: 'Upgrade these agents: they lack the capability HIERARCHICAL_ROLE.',
  },
  'not-understood': {
    what: 'with resources free that the framework does not understand',
    hint: 'Give the framework the capabilities SHARED_RESOURCES, REVOCABLE_RESOURCES or RESERVATION_REFINEMENT.',
  },
  'reserved-for-others': {
    what: 'reserved for other roles',
    hint: 'Use the role they are reserved for, or unreserve them (/unreserve).',
  },
  'lacks-attributes': {
    what: 'without the attributes asked for',
    hint: 'Ask for other attributes, or set them on agents (--attributes).',
  },
  'too-small': {
    what: 'too small for it',
    hint: 'Ask for less, or add larger agents.',
  },
  'awaiting-agents': {
    what: 'not offered to anybody until enough agents are back',
    hint: 'After a failover the master waits for agents to honour quota: start those that are missing.',
  },
  'framework-disconnected': {
    what: 'not offered while its scheduler is disconnected',
    hint: 'Start the scheduler: it must subscribe again with its framework id.',
  },
  'framework-inactive': {
    what: 'not offered while the framework is inactive',
    hint: 'The scheduler must subscribe again.',
  },
  'role-not-subscribed': {
    what: 'not offered in a role the framework does not have',
    hint: "Add the role to the framework's roles.",
  },
  'role-suppressed': {
    what: 'not offered because it wants no offers',
    hint: 'The scheduler suppressed offers for the role: it must make a REVIVE call.',
  },
  'no-agents': {
    what: 'not there: no agent is registered',
    hint: 'Start agents with --master of this master.',
  },
} as const satisfies Readonly<Record<string, Meaning>>;

export type Reason = keyof typeof MEANINGS;

export const REASONS: readonly Reason[] = Object.keys(MEANINGS) as Reason[];

const RANKS = new Map(REASONS.map((reason, rank) => [reason, rank]));

/** The smaller, the nearer. */
export function rankOf(reason: Reason): number {
  return RANKS.get(reason)!;
}

export function meaningOf(reason: Reason): Meaning {
  return MEANINGS[reason];
}
