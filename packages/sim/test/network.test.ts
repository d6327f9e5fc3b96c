import { describe, expect, it } from 'vitest';
import { type Host, Network, World } from '../src/index.ts';

function pair(): { world: World; network: Network; a: Host; b: Host; heard: string[]; exits: string[] } {
  const world = new World(5);
  const network = new Network(world, { minDelayMs: 1, maxDelayMs: 50 });
  const [a, b] = [network.host('a:1'), network.host('b:1')];
  const heard: string[] = [];
  const exits: string[] = [];
  b.spawn('p', { message: (from, name) => heard.push(`${name} from ${from}`), exited: () => {} });
  a.spawn('q', { message: () => {}, exited: (pid) => exits.push(pid) });
  return { world, network, a, b, heard, exits };
}

const send = (host: Host, names: readonly string[]): void => {
  for (const name of names) host.send('q', 'p@b:1', name, new Uint8Array());
};

describe('the network', () => {
  it('is late, in order, and names the sender', () => {
    const { world, a, heard } = pair();
    send(a, ['1', '2', '3', '4', '5']);
    expect(heard).toEqual([]);
    world.run(1000);
    expect(heard).toEqual(['1', '2', '3', '4', '5'].map((name) => `${name} from q@a:1`));
  });

  it('loses what is under way when a link breaks, and tells who linked', () => {
    const { world, network, a, heard, exits } = pair();
    a.link('q', 'p@b:1');
    send(a, ['1']);
    network.breakLink('a:1', 'b:1');
    send(a, ['2']);
    world.run(1000);
    expect(heard).toEqual(['2 from q@a:1']);
    expect(exits).toEqual(['p@b:1']);
  });

  it('swallows in silence while parted, and breaks what was torn when it heals', () => {
    const { world, network, a, heard, exits } = pair();
    a.link('q', 'p@b:1');
    network.part('b:1', 'a:1');
    send(a, ['1']);
    world.run(1000);
    expect([heard, exits]).toEqual([[], []]);
    network.heal('a:1', 'b:1');
    send(a, ['2']);
    world.run(2000);
    expect(heard).toEqual(['2 from q@a:1']);
    expect(exits).toEqual(['p@b:1']);
  });

  it('brings what was sent before a link broke late and in order, beside the next connection, while its host lingers', () => {
    const { world, network, a, exits } = pair();
    const heard: string[] = [];
    const over: number[] = [];
    network.host('b:1').spawn('p', {
      message: (_from, name, _body, connection = 0) => {
        heard.push(name);
        over.push(connection);
      },
      exited: () => {},
    });
    a.link('q', 'p@b:1');
    network.linger('a:1', 10_000);
    network.part('a:1', 'b:1');
    send(a, ['1', '2']);
    world.run(1000);
    expect(heard).toEqual([]);
    network.heal('a:1', 'b:1');
    expect(exits).toEqual(['p@b:1']);
    send(a, ['3']);
    network.linger('a:1', 0);
    world.run(20_000);
    expect(heard).toEqual(['3', '1', '2']);
    expect(over[1]).toBe(over[2]);
    expect(over[0]).toBeGreaterThan(over[1] ?? 0);
  });

  it('tells of the end of a host, and delivers nothing to the next one at its address from before', () => {
    const { world, network, a, heard, exits } = pair();
    a.link('q', 'p@b:1');
    send(a, ['1']);
    network.crash('b:1');
    expect(exits).toEqual(['p@b:1']);
    network.host('b:1').spawn('p', { message: (_from, name) => heard.push(name), exited: () => {} });
    world.run(1000);
    expect(heard).toEqual([]);
    send(a, ['2']);
    world.run(2000);
    expect(heard).toEqual(['2']);
  });

  it('finds out that nobody is there', () => {
    const { world, network, a, exits } = pair();
    network.crash('b:1');
    a.link('q', 'p@b:1');
    world.run(1000);
    expect(exits).toEqual(['p@b:1']);
  });
});

describe('the world', () => {
  it('runs what is due by time and then by order, cancelled things not at all', () => {
    const world = new World(1);
    const done: string[] = [];
    world.after(5, () => done.push('b'));
    world.after(1, () => done.push('a'));
    world.after(5, () => done.push('c'));
    world.after(2, () => done.push('never')).cancel();
    expect(world.run(4)).toBe(false);
    expect([done, world.nowMs]).toEqual([['a'], 4]);
    expect(world.run(10, () => done.length === 2)).toBe(true);
    world.run(10);
    expect(done).toEqual(['a', 'b', 'c']);
  });

  it('keeps the last lines of its log and the hash of all', () => {
    const [short, long] = [new World(1, { logLines: 2 }), new World(1)];
    for (const world of [short, long]) for (const line of ['x', 'y', 'z']) world.note('who', line);
    expect(short.log.map((line) => line.trim().split(/\s+/).at(-1))).toEqual(['y', 'z']);
    expect(short.hash).toBe(long.hash);
  });
});
