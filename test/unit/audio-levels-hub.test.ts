import { afterEach, describe, expect, it } from 'vitest';
import type { LevelEvent } from '../../src/core/audio/feed-event.ts';
import { LevelsHub } from '../../src/core/audio/levels-hub.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { FakeClock } from '../support/fake-clock.ts';

let hub: LevelsHub | null = null;
afterEach(async () => {
  await hub?.close();
});

function bench() {
  const clock = new FakeClock();
  const listeners = new Set<(event: LevelEvent) => void>();
  const opened = new LevelsHub({
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    clock,
    log: silentLog,
  });
  hub = opened;
  const emit = (event: LevelEvent): void => listeners.forEach((listener) => listener(event));
  const join = (identity: string): void =>
    emit({ type: 'sourceOpened', sourceId: identity, identity, startedAtMs: clock.nowMs() - 60, lagMs: 60 });
  const counts = new Map<string, number>();
  const play = async (ms: number, values: Readonly<Record<string, number>>): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 10) {
      await clock.advance(10);
      for (const [sourceId, value] of Object.entries(values)) {
        const firstSample = counts.get(sourceId) ?? 0;
        counts.set(sourceId, firstSample + 480);
        emit({ type: 'pcm', sourceId, firstSample, samples: new Int16Array(480).fill(value) });
      }
    }
  };
  const heard: (string | number[][])[] = [];
  const take = (data: string | Uint8Array): void => {
    if (typeof data === 'string') heard.push(data);
    else {
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
      heard.push(
        Array.from({ length: data.byteLength / 4 }, (_value, index) => [
          view.getInt16(index * 4, true),
          view.getInt16(index * 4 + 2, true),
        ]),
      );
    }
  };
  return { clock, hub: opened, listeners, emit, join, play, heard, take };
}

describe('the levels of a room', () => {
  it('sends the people, then frames at 20 Hz: the mix, then each person', async () => {
    const { hub, join, play, heard, take } = bench();
    hub.setPeople(['bob', 'ada']);
    hub.subscribe(take);
    join('ada');
    join('bob');
    await play(1_000, { ada: 3_277, bob: 16_384 });
    expect(heard[0]).toBe('{"people":["bob","ada"]}');
    const frames = heard.slice(1);
    expect(frames.length).toBeGreaterThanOrEqual(19);
    expect(frames.length).toBeLessThanOrEqual(21);
    expect(frames.at(-1)).toEqual([
      [-44, -44],
      [-60, -60],
      [-200, -200],
    ]);
  });

  it('tells silence from no sound, and somebody who comes or leaves', async () => {
    const { hub, join, play, heard, take, emit } = bench();
    hub.setPeople(['ada']);
    hub.subscribe(take);
    await play(200, {});
    expect(heard.at(-1)).toEqual([
      [-32_768, -32_768],
      [-32_768, -32_768],
    ]);
    join('ada');
    join('cyd');
    await play(400, { ada: 0, cyd: 32_767 });
    expect(heard.filter((message) => typeof message === 'string')).toEqual([
      '{"people":["ada"]}',
      '{"people":["ada","cyd"]}',
    ]);
    expect(heard.at(-1)).toEqual([
      [0, 0],
      [-1_000, -1_000],
      [0, 0],
    ]);
    await play(400, { ada: 0 });
    expect(heard.at(-1)).toEqual([
      [-1_000, -1_000],
      [-1_000, -1_000],
      [-32_768, -32_768],
    ]);
    emit({ type: 'sourceClosed', sourceId: 'cyd' });
    expect(heard.at(-1)).toBe('{"people":["ada"]}');
  });

  it('does nothing while nobody looks, and goes on for the others when one fails', async () => {
    const { clock, hub, listeners, join, play, heard, take } = bench();
    await clock.advance(1_000);
    expect([listeners.size, clock.waiting]).toEqual([0, 0]);
    let failures = 0;
    hub.subscribe(() => {
      failures++;
      throw new Error('gone');
    });
    const leave = hub.subscribe(take);
    join('ada');
    await play(300, { ada: 100 });
    expect(failures).toBe(1);
    expect(heard.length).toBeGreaterThan(5);
    leave();
    await clock.advance(0);
    expect([listeners.size, clock.waiting, hub.subscriberCount]).toEqual([0, 0, 0]);
    const leaveAgain = hub.subscribe(take);
    join('ada');
    const before = heard.length;
    await play(300, { ada: 16_384 });
    expect(heard.length).toBeGreaterThan(before + 4);
    expect((heard.at(-1) as number[][])[1]).toEqual([-60, -60]);
    leaveAgain();
  });
});
