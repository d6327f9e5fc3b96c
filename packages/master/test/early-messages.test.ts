/** Messages a moment before a master leads. */
import { describe, expect, it } from 'vitest';
import { EarlyMessages } from '../src/host/early-messages.ts';

function early() {
  const heard: string[] = [];
  const state = { leads: false, nowMs: 0, dropped: 0 };
  const messages = new EarlyMessages({
    process: {
      message: (from, name, body) => heard.push(`${from} ${name} ${body.length}`),
      exited: (pid) => heard.push(`exited ${pid}`),
    },
    leads: () => state.leads,
    dropped: { add: () => state.dropped++ },
    now: () => state.nowMs,
  });
  return { messages, heard, state };
}

describe('messages before a master leads', () => {
  it('wait for it, in order', () => {
    const { messages, heard, state } = early();
    messages.message('a', 'Register', new Uint8Array(1));
    messages.message('b', 'Register', new Uint8Array(2));
    messages.exited('c');
    expect(heard).toEqual([]);
    state.leads = true;
    messages.message('d', 'Register', new Uint8Array(3));
    messages.release();
    messages.exited('e');
    expect(heard).toEqual(['a Register 1', 'b Register 2', 'd Register 3', 'exited e']);
    expect(state.dropped).toBe(0);
  });

  it('are dropped and counted when they have waited for long', () => {
    const { messages, heard, state } = early();
    messages.message('a', 'Register', new Uint8Array(1));
    state.nowMs = 1500;
    messages.message('b', 'Register', new Uint8Array(1));
    state.nowMs = 3000;
    state.leads = true;
    messages.release();
    expect(heard).toEqual(['b Register 1']);
    expect(state.dropped).toBe(1);
  });

  it('are dropped beyond a bound', () => {
    const { messages, heard, state } = early();
    for (let i = 0; i < 70; i++) messages.message('a', `m${i}`, new Uint8Array(1024 * 1024));
    expect(state.dropped).toBe(6);
    state.leads = true;
    messages.release();
    expect(heard).toHaveLength(64);
  });
});
