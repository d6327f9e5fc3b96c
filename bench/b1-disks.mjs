/**
 * Beneath B1: a master's core with agents that have disks or volumes of their own, which never merge into one. What it
 * takes to register them all, and the turns of a batch that offers all of them. No sockets, no registry on disk.
 */
import { newMasterCore } from './master-core.mjs';
import { quantile } from './measure.mjs';

const SIZES = { smoke: [[100, 3]], reference: [[4_000, 12]] };
SIZES.full = [...SIZES.reference, [10_000, 12]];

/** Batches before the code is warm. */
const COLD_BATCHES = 4;
const PER_AGENT = 4;

const CAPABILITIES = ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT'].map((type) => ({ type }));

const scalar = (name, value) => ({ name, type: 'SCALAR', scalar: { value } });

const KINDS = {
  'MOUNT disks': (_agent, k) => ({
    ...scalar('disk', 1000),
    disk: { source: { type: 'MOUNT', mount: { root: `/d${k}` } } },
  }),
  'volumes': (agent, k) => ({
    ...scalar('disk', 10),
    reservations: [{ type: 'STATIC', role: 'dev' }],
    disk: { persistence: { id: `v${agent}-${k}` }, volume: { mode: 'RW', container_path: 'data' } },
  }),
};

class Master {
  /** Durations of turns since last looked at. */
  turns = [];
  #core = newMasterCore();
  #nowMs = 0;
  #streams = new Map();

  get offers() {
    return [...this.#core.state.offers.values()];
  }

  feed(input) {
    for (const queue = [input]; queue.length > 0; ) {
      const from = performance.now();
      this.#core.step(queue.shift(), { wallMs: 1e12 + this.#nowMs, monotonicMs: this.#nowMs });
      const effects = this.#core.drain();
      this.turns.push(performance.now() - from);
      for (const effect of effects)
        if (effect.kind === 'continue-soon') queue.push({ kind: 'turn-came' });
        else if (effect.kind === 'write-registry') queue.push({ kind: 'registry-written', pending: effect.pending });
        else if (effect.kind === 'open-stream') this.#streams.set(effect.connection, effect.streamId);
    }
  }

  addAgent(i, resources) {
    const agent = { hostname: `h${i}`, port: 5051, resources, checkpoint: true };
    const message = { agent, version: '1.12.0', agent_capabilities: CAPABILITIES };
    this.feed({ kind: 'register-agent', from: `slave(1)@10.0.${i >> 8}.${i & 255}:5051`, message });
  }

  subscribe() {
    const framework_info = {
      user: 'u',
      name: 'f',
      roles: ['dev'],
      capabilities: CAPABILITIES.filter(({ type }) => type !== 'HIERARCHICAL_ROLE'),
    };
    this.feed({ kind: 'subscribe-scheduler', connection: 1, subscribe: { framework_info } });
  }

  declineAll() {
    for (const { id, frameworkId } of this.offers)
      this.feed({
        kind: 'call-scheduler',
        connection: 2,
        streamId: this.#streams.get(1),
        call: {
          type: 'DECLINE',
          framework_id: { value: frameworkId },
          decline: { offer_ids: [{ value: id }], filters: { refuse_seconds: 0 } },
        },
      });
  }

  /** Everything that is due within a batch and a little. */
  pass() {
    const { state } = this.#core;
    for (const until = this.#nowMs + 1100; state.deadlines.nextMs <= until; ) {
      this.#nowMs = Math.max(this.#nowMs, state.deadlines.nextMs);
      this.feed({ kind: 'timer-fired' });
      for (const { pongReceived, observer } of state.agents.registered.values())
        if (!pongReceived)
          this.#core.step({ kind: 'pong-received', observer }, { wallMs: 1e12, monotonicMs: this.#nowMs });
    }
  }
}

export function runDisks(figures, size) {
  for (const [agents, batches] of SIZES[size])
    for (const [kind, make] of Object.entries(KINDS)) {
      const params = { scenario: 'Disks', agents, of_each: `${PER_AGENT} ${kind}`, batches };
      const master = new Master();
      master.feed({ kind: 'started' });
      const from = performance.now();
      for (let i = 0; i < agents; i += 1)
        master.addAgent(i, [scalar('cpus', 24), scalar('mem', 4096), ...[0, 1, 2, 3].map((k) => make(i, k))]);
      figures.add('register_agents_ms', performance.now() - from, 'ms', { params });
      master.subscribe();
      const longest = [];
      const all = [];
      for (let batch = 0; batch < batches; batch += 1) {
        master.declineAll();
        master.turns = [];
        master.pass();
        if (master.offers.length !== agents) throw new Error(`${master.offers.length} offers of ${agents} agents`);
        if (batch < Math.min(COLD_BATCHES, batches - 1)) continue;
        longest.push(Math.max(...master.turns));
        all.push(master.turns.reduce((sum, turn) => sum + turn, 0));
      }
      figures.add('master_batch_p50_ms', quantile(all, 0.5), 'ms', { params });
      figures.add('longest_turn_p50_ms', quantile(longest, 0.5), 'ms', { params, aim: { atMost: 10 } });
      figures.add('longest_turn_ms', quantile(longest, 1), 'ms', { params });
    }
}
