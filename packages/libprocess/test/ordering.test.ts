/** Whatever is sent, linked and terminated in whatever order: what arrives is a prefix of what was sent, per sender and receiver. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Node, startNode } from './loopback.ts';
import { RecordingProcess } from './recording-process.ts';

const SENDERS = ['s1', 's2'];
const RECEIVERS = ['r1', 'r2', 'r(3)'];

const send = fc.record({
  kind: fc.constant('send' as const),
  from: fc.constantFrom(...SENDERS),
  to: fc.constantFrom(...RECEIVERS),
  size: fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 2, max: 3_000 }), fc.constant(200_000)),
});
const link = fc.record({
  kind: fc.constant('link' as const),
  from: fc.constantFrom(...SENDERS),
  to: fc.constantFrom(...RECEIVERS),
});
const pause = fc.record({ kind: fc.constant('pause' as const) });
const steps = fc.array(fc.oneof({ weight: 8, arbitrary: send }, link, pause), { maxLength: 60 });

type Step =
  | { kind: 'send'; from: string; to: string; size: number }
  | { kind: 'link'; from: string; to: string }
  | { kind: 'pause' };

class Exchange {
  readonly sender: Node;
  readonly receiver: Node;
  readonly processes = new Map(RECEIVERS.map((id) => [id, new RecordingProcess()]));
  readonly sent = new Map<string, string[]>();
  #count = 0;

  constructor(sender: Node, receiver: Node) {
    this.sender = sender;
    this.receiver = receiver;
    for (const id of SENDERS) sender.libprocess.spawn(id, new RecordingProcess());
    for (const [id, process] of this.processes) receiver.libprocess.spawn(id, process);
  }

  async run(step: Step): Promise<void> {
    if (step.kind === 'pause') {
      await new Promise((resolve) => setImmediate(resolve));
      return;
    }
    const to = `${step.to}@${this.receiver.libprocess.address}`;
    if (step.kind === 'link') {
      this.sender.libprocess.link(step.from, to);
      return;
    }
    const name = `n${this.#count++}`;
    const key = `${step.from}>${step.to}`;
    this.sent.set(key, [...(this.sent.get(key) ?? []), name]);
    this.sender.libprocess.send(step.from, to, name, Buffer.alloc(step.size));
  }

  /** Names received, by sender and receiver. */
  received(from: string, to: string): string[] {
    const pid = `${from}@${this.sender.libprocess.address}`;
    return (this.processes.get(to)?.messages ?? []).filter((message) => message.from === pid).map(({ name }) => name);
  }

  async untilArrived(): Promise<void> {
    for (const [key, names] of this.sent) {
      const [from = '', to = ''] = key.split('>');
      await this.processes.get(to)?.until(`all of ${key}`, () => this.received(from, to).length >= names.length);
    }
  }
}

describe('order', () => {
  it('holds over a linked connection, and nothing is lost', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const [sender, receiver] = [await startNode(), await startNode()];
        const exchange = new Exchange(sender, receiver);
        for (const id of SENDERS) sender.libprocess.link(id, `r1@${receiver.libprocess.address}`);
        for (const step of steps) await exchange.run(step);
        await exchange.untilArrived();
        for (const [key, names] of exchange.sent) {
          const [from = '', to = ''] = key.split('>');
          expect(exchange.received(from, to)).toEqual(names);
        }
        await Promise.all([sender.stop(), receiver.stop()]);
      }),
      { numRuns: 25 },
    );
  });

  it('holds up to the moment the receiver dies', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (steps, moment) => {
        const [sender, receiver] = [await startNode(), await startNode()];
        const exchange = new Exchange(sender, receiver);
        for (const id of SENDERS) sender.libprocess.link(id, `r1@${receiver.libprocess.address}`);
        const dies = moment % (steps.length + 1);
        for (const [index, step] of steps.entries()) {
          if (index === dies) await receiver.stop();
          await exchange.run(step);
        }
        await Promise.all([sender.stop(), receiver.stop()]);
        for (const [key, names] of exchange.sent) {
          const [from = '', to = ''] = key.split('>');
          const received = exchange.received(from, to);
          expect(received).toEqual(names.slice(0, received.length));
        }
      }),
      { numRuns: 25 },
    );
  });
});
