/** Metrics: values, timers over their window, the two texts. */
import type { Clock } from '@mesolite/ports';
import { describe, expect, it } from 'vitest';
import { createLog, MetricsRegistry, mountProcessEndpoints, systemMetrics, TIMER_SAMPLES } from '../src/index.ts';
import { mapped, textInParts } from '../src/text-in-parts.ts';
import { ask, serve } from './sockets.ts';

/** A clock the test moves. */
class HandClock implements Clock {
  now = 0;
  wallMs(): number {
    return this.now;
  }
  monotonicMs(): number {
    return this.now;
  }
}

describe('MetricsRegistry', () => {
  it('shows counters and gauges sorted by name', () => {
    const metrics = new MetricsRegistry();
    const lost = metrics.counter('master/tasks_lost');
    lost.add();
    lost.add(4);
    expect(metrics.counter('master/tasks_lost')).toBe(lost);
    metrics.gauge('master/elected', () => 1);
    metrics.gauge('master/elected', () => 0);
    metrics.gauge('allocator/broken', () => {
      throw new Error('nobody knows');
    });
    metrics.gauge('allocator/none', () => Number.NaN);
    expect(Object.entries(metrics.snapshot())).toEqual([
      ['master/elected', 0],
      ['master/tasks_lost', 5],
    ]);
    metrics.remove('master/elected');
    expect(metrics.snapshot()).toEqual({ 'master/tasks_lost': 5 });
  });

  it('gives timers as the last value, counts and percentiles of the last hour', () => {
    const clock = new HandClock();
    const metrics = new MetricsRegistry(clock);
    const timer = metrics.timer('allocator/mesos/allocation_run');
    expect(metrics.snapshot()).toEqual({});
    for (let i = 1; i <= 100; i++) timer.record(i);
    const name = 'allocator/mesos/allocation_run_ms';
    expect(metrics.snapshot()).toMatchObject({
      [name]: 100,
      [`${name}/count`]: 100,
      [`${name}/min`]: 1,
      [`${name}/max`]: 100,
      [`${name}/p50`]: 50.5,
      [`${name}/p90`]: expect.closeTo(90.1, 9),
      [`${name}/p9999`]: expect.closeTo(99.9901, 9),
    });
    clock.now = 3_600_001;
    expect(metrics.snapshot()).toEqual({ [name]: 100 });
    timer.record(7);
    expect(metrics.snapshot()).toMatchObject({ [name]: 7, [`${name}/count`]: 1, [`${name}/p99`]: 7 });
  });

  it('keeps a bounded number of samples', () => {
    const metrics = new MetricsRegistry();
    const timer = metrics.timer('t');
    for (let i = 0; i < 3 * TIMER_SAMPLES; i++) timer.record(i);
    const snapshot = metrics.snapshot();
    expect(snapshot['t_ms/count']).toBe(TIMER_SAMPLES);
    expect(snapshot['t_ms/min']).toBe(2 * TIMER_SAMPLES);
  });

  it('refuses one name for two kinds', () => {
    const metrics = new MetricsRegistry();
    metrics.counter('x');
    expect(() => metrics.gauge('x', () => 1)).toThrow('metric x');
  });

  it('speaks Prometheus', () => {
    const metrics = new MetricsRegistry();
    metrics.counter('master/tasks_lost').add(2);
    metrics.gauge('system/load_1min', () => 0.5);
    metrics.timer('run').record(4);
    metrics.gauge('a/b', () => 1);
    metrics.gauge('a_b', () => 2);
    const lines = metrics.prometheus().split('\n');
    const typed = lines.indexOf('# TYPE mesos_master_tasks_lost counter');
    expect(lines[typed - 1]).toBe('# HELP mesos_master_tasks_lost master/tasks_lost of /metrics/snapshot');
    expect(lines).toContain('mesos_master_tasks_lost 2');
    expect(lines).toContain('mesos_system_load_1min 0.5');
    expect(lines).toContain('mesos_run_ms{quantile="0.5"} 4');
    expect(lines).toContain('mesos_run_ms_count 1');
    expect(lines).toContain('mesos_a_b 1');
    expect(lines).toContain('mesos_a_b{metric="a_b"} 2');
    const types = lines.filter((line) => line.startsWith('# TYPE'));
    expect(new Set(types).size).toBe(types.length);
    for (const line of lines.filter((text) => text !== '')) {
      expect(line).toMatch(
        /^(# HELP [a-z_0-9]+ \S.*|# TYPE [a-z_0-9]+ (counter|gauge|summary)|[a-zA-Z_][a-zA-Z0-9_]*(\{[^}]*\})? -?[0-9.e+-]+)$/,
      );
    }
  });
});

describe('the endpoints of a process', () => {
  const lines: string[] = [];
  const log = createLog({ program: 'test', level: 'INFO', write: (line) => lines.push(line) });

  async function start(): Promise<number> {
    const metrics = new MetricsRegistry();
    systemMetrics(metrics);
    metrics.counter('master/calls').add(9);
    return serve((server) => mountProcessEndpoints(server, { metrics, log }));
  }

  it('answer as recorded from the original', async () => {
    const port = await start();
    const snapshot = await ask(port, '/metrics/snapshot?timeout=1secs');
    expect(snapshot.headers['content-type']).toBe('application/json');
    expect(snapshot.text).toMatch(/"master\/calls":9\.0[,}]/);
    const values = JSON.parse(snapshot.text) as Record<string, number>;
    for (const name of ['cpus_total', 'load_1min', 'load_5min', 'load_15min', 'mem_total_bytes', 'mem_free_bytes']) {
      expect(values[`system/${name}`]).toBeGreaterThanOrEqual(0);
    }
    expect((await ask(port, '/metrics/snapshot?timeout=soon')).status).toBe(400);
    expect((await ask(port, '/metrics')).text).toContain('\nmesos_master_calls 9\n');
    expect((await ask(port, '/version')).text).toMatch(
      /^\{"build_date":"[^"]+ UTC","build_time":\d+\.0,"build_user":"","version":"1\.12\.0"\}$/,
    );
    expect(Object.keys(JSON.parse((await ask(port, '/system/stats.json')).text))).toEqual([
      'avg_load_15min',
      'avg_load_1min',
      'avg_load_5min',
      'cpus_total',
      'mem_free_bytes',
      'mem_total_bytes',
    ]);
    expect((await ask(port, '/help')).text.split('\n')).toContain('/metrics/snapshot');
  });

  it('raise the verbosity for a while', async () => {
    const port = await start();
    const toggle = async (query: string): Promise<string> => {
      const { status, text } = await ask(port, `/logging/toggle${query}`);
      return `${status} ${text}`;
    };
    expect(await toggle('')).toBe('200 0\n');
    expect(await toggle('?level=1')).toBe("400 Expecting 'duration=value' in query.\n");
    expect(await toggle('?duration=1mins')).toBe("400 Expecting 'level=value' in query.\n");
    expect(await toggle('?level=-1&duration=1mins')).toBe("400 Invalid level '-1'.\n");
    expect(await toggle('?level=x&duration=1mins')).toBe("400 Failed to convert 'x' to number.\n");
    lines.length = 0;
    expect(await toggle('?level=1&duration=1mins')).toBe('200 ');
    expect(await toggle('')).toBe('200 1\n');
    expect(lines.join('')).toMatch(/\] HTTP GET for \/logging\/toggle from 127\.0\.0\.1:\d+\n/);
    expect(await toggle('?level=0&duration=1mins')).toBe('200 ');
    expect(await toggle('')).toBe('200 0\n');
  });
});

describe('a long text', () => {
  it('is put together while others get their turn', async () => {
    let turns = 0;
    let over = false;
    const turn = (): void => {
      turns++;
      if (!over) setImmediate(turn);
    };
    setImmediate(turn);
    const pieces = Array.from({ length: 2600 }, (_, i) => String(i));
    const text = await textInParts(pieces, ',');
    over = true;
    expect(text).toBe(pieces.join(','));
    expect(turns).toBeGreaterThanOrEqual(4);
    expect(await textInParts([], ',')).toBe('');
  });

  it('of metrics minds those that go on the way', async () => {
    const metrics = new MetricsRegistry();
    for (let i = 0; i < 1200; i++) metrics.counter(`m/${String(i).padStart(4, '0')}`);
    const gone = textInParts(
      mapped(metrics.figures(), ([name]) => name),
      ',',
    );
    metrics.remove('m/1199');
    metrics.counter('m/9999');
    const names = (await gone).split(',');
    expect(names).toHaveLength(1199);
    expect(names).not.toContain('m/1199');
  });
});
