import { afterEach, describe, expect, it } from 'vitest';
import { CaptionBus, type CaptionChunk, type CaptionHole } from '../../src/core/audio/caption-bus.ts';
import { Resampler48To16 } from '../../src/core/audio/resample.ts';
import { ChannelMap } from '../../src/core/audio/channel-map.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { FakeClock } from '../support/fake-clock.ts';

const lagMs = 60;
interface Sent extends CaptionChunk {
  readonly atMs: number;
}
/** A clock whose time can pass without anybody running, as while this computer stands still. */
class StallingClock extends FakeClock {
  skippedMs = 0;
  override nowMs(): number {
    return super.nowMs() + this.skippedMs;
  }
  override monotonicMs(): number {
    return this.nowMs();
  }
}
let open: CaptionBus | null = null;
afterEach(async () => {
  await open?.close();
});

function bench(channels: number) {
  const clock = new StallingClock();
  const beganMs = clock.nowMs();
  const chunks: Sent[] = [];
  const holes: CaptionHole[] = [];
  const fits: string[] = [];
  const bus = new CaptionBus({
    channels,
    lagMs,
    clock,
    log: silentLog,
    onChunk: (chunk) => chunks.push({ ...chunk, atMs: clock.nowMs() - beganMs }),
    onHole: (hole) => holes.push(hole),
    onFit: (fit) => fits.push(fit),
  });
  open = bus;
  const counts = new Map<string, number>();
  /** Opens a source whose first sample was made at this session time. */
  const join = (identity: string, startMs: number, sourceId = identity): void => {
    counts.set(sourceId, 0);
    bus.open({ sourceId, identity, startedAtMs: bus.startedAtMs + startMs, lagMs });
  };
  const push = (sourceId: string, value = 1_000, count = 1): void => {
    for (let index = 0; index < count; index++) {
      const block = counts.get(sourceId) ?? 0;
      counts.set(sourceId, block + 1);
      bus.push(sourceId, block * 480, new Int16Array(480).fill(value));
    }
  };
  /** Passes `ms` of time in steps of 10; each step every named source delivers a block. */
  const play = async (ms: number, values: Readonly<Record<string, number>>): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 10) {
      await clock.advance(10);
      for (const [sourceId, value] of Object.entries(values)) push(sourceId, value);
    }
  };
  const levels = (chunk: CaptionChunk): number[] =>
    Array.from({ length: channels }, (_value, channel) => chunk.pcm.readInt16LE((800 * channels + channel) * 2));
  return { clock, bus, chunks, holes, fits, join, push, play, levels };
}

describe('the caption bus', () => {
  it('goes on with zeros at the pace of the clock where nobody is', async () => {
    const { clock, chunks } = bench(2);
    await clock.advance(10_000);
    expect(chunks.length).toBeGreaterThanOrEqual(98);
    expect(chunks.length).toBeLessThanOrEqual(99);
    expect(chunks.map(({ index }) => index)).toEqual(chunks.map((_chunk, index) => index));
    expect(
      chunks.every(
        ({ pcm, startMs, index }) => pcm.length === 1_600 * 2 * 2 && startMs === index * 100 && !pcm.some(Boolean),
      ),
    ).toBe(true);
    expect(chunks.every(({ atMs, startMs }) => atMs - (startMs + 100) <= 40 + 25)).toBe(true);
  });

  it('sends a chunk the moment that all have delivered it, each on a channel alone', async () => {
    const { bus, chunks, join, play, levels, holes } = bench(3);
    expect([bus.assign('ada'), bus.assign('bob'), bus.assign('cyd')]).toEqual([0, 1, 2]);
    join('ada', 0);
    join('bob', 0);
    await play(1_000, { ada: 1_000, bob: 2_000 });
    expect(chunks.map(({ atMs }) => atMs)).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000]);
    expect(levels(chunks[5] as Sent)).toEqual([1_000, 2_000, 0]);
    expect(chunks[5]?.pcm.length).toBe(1_600 * 3 * 2);
    expect(holes).toEqual([]);
    expect(bus.speakerOf(1)).toBe('bob');
  });

  it('lets silence past the filter, and what follows it sounds as if none had been left out', async () => {
    const { chunks, bus, join, clock } = bench(2);
    join('ada', 0);
    const sound = Int16Array.from({ length: 9_600 }, (_value, index) => 9_000 * Math.sin(index / 11));
    const silence = new Int16Array(14_400);
    const all = Int16Array.of(...silence, ...sound, ...silence, ...sound, ...silence);
    for (let at = 0; at < all.length; at += 480) {
      await clock.advance(10);
      bus.push('ada', at, all.subarray(at, at + 480));
    }
    const heard = chunks.flatMap(({ pcm }) =>
      Array.from({ length: pcm.length / 4 }, (_value, frame) => pcm.readInt16LE(4 * frame)),
    );
    const expected = new Int16Array(all.length / 3);
    new Resampler48To16().process(all, expected);
    expect(heard.slice(0, expected.length)).toEqual(Array.from(expected));
  });

  it('waits 40 ms for a slower channel and no longer; what comes later is counted and dated', async () => {
    const { bus, chunks, holes, join, play, push, clock, levels } = bench(2);
    join('ada', 0);
    join('bob', 0);
    await play(300, { ada: 1_000, bob: 2_000 });
    await play(200, { ada: 1_000 }); // bob stalls
    expect(chunks.at(-1)?.index).toBe(3);
    await clock.advance(0);
    expect(chunks[3]?.atMs).toBe(440);
    expect(levels(chunks[3] as Sent)[0]).toBe(1_000);
    push('bob', 2_000, 20); // the chunk of 300 to 400 is gone; that of 400 to 500 still waits
    expect(chunks.at(-1)).toMatchObject({ index: 4, atMs: 500 });
    expect(levels(chunks[4] as Sent)).toEqual([1_000, 2_000]);
    await play(500, { ada: 1_000, bob: 2_000 });
    expect(holes).toEqual([{ identity: 'bob', startMs: 300, endMs: 400, cause: 'late' }]);
    expect(bus.lateMs).toBe(100);
    expect(chunks.slice(5).every(({ index, atMs }) => atMs === (index + 1) * 100)).toBe(true);
  });

  it('does not wait for somebody who has stalled, and hears them again when they are back', async () => {
    const { chunks, holes, join, play, clock, bus, levels } = bench(2);
    join('ada', 0);
    join('bob', 0);
    await play(300, { ada: 1_000, bob: 2_000 });
    await play(3_000, { ada: 1_000 });
    expect(chunks.at(-1)).toMatchObject({ index: 32, atMs: 3_300 });
    bus.closeSource('bob');
    join('bob', 3_300, 'bob again');
    await play(500, { ada: 1_000, 'bob again': 3_000 });
    expect(levels(chunks.at(-1) as Sent)).toEqual([1_000, 3_000]);
    expect(holes).toEqual([]); // what never came of a source that ended is told by the feed
    // And with nobody there at all the clock takes over without a hole in the count.
    await clock.advance(2_000);
    expect(chunks.length).toBeGreaterThan(56);
    expect(chunks.every(({ index }, position) => index === position)).toBe(true);
  });

  it('moves a source that is always late instead of losing a part of every chunk', async () => {
    const { chunks, holes, join, play, push, clock, levels } = bench(2);
    join('ada', 0);
    join('bob', 0);
    await play(500, { ada: 1_000, bob: 2_000 });
    await play(90, { ada: 1_000 }); // from now on bob is 90 ms behind
    await play(3_000, { ada: 1_000, bob: 2_000 });
    const lost = holes.reduce((sum, hole) => sum + hole.endMs - hole.startMs, 0);
    expect(lost).toBeLessThan(700);
    const before = holes.length;
    await play(3_000, { ada: 1_000, bob: 2_000 });
    expect(holes.length).toBe(before);
    expect(levels(chunks.at(-1) as Sent)).toEqual([1_000, 2_000]);
    push('ada');
    await clock.advance(0);
  });

  it('keeps a burst of seconds after this computer stood still', async () => {
    const { clock, chunks, holes, join, play, push, levels } = bench(2);
    join('ada', 0);
    join('bob', 0);
    await play(200, { ada: 1_000, bob: 2_000 });
    clock.skippedMs = 2_000; // nothing ran: the blocks come in one turn, of ada first
    push('ada', 1_000, 200);
    push('bob', 2_000, 200);
    expect(chunks.length).toBe(22);
    expect(chunks.slice(3, 22).every((chunk) => levels(chunk).join() === '1000,2000')).toBe(true);
    expect(holes).toEqual([]);
  });

  it('dates what a source lacks', async () => {
    const { bus, holes, join, play } = bench(1);
    join('ada', 0);
    await play(200, { ada: 1_000 });
    await play(100, {});
    for (let index = 30; index < 60; index++) bus.push('ada', index * 480, new Int16Array(480));
    bus.closeSource('ada');
    expect(holes).toEqual([{ identity: 'ada', startMs: 200, endMs: 300, cause: 'missing' }]);
  });

  it('mixes all onto one channel while there are more speakers than channels, and says so', async () => {
    const { bus, chunks, fits, join, play, levels } = bench(2);
    for (const identity of ['ada', 'bob', 'cyd']) join(identity, 0);
    expect([bus.fit, ...fits]).toEqual(['mix', 'mix']);
    expect(bus.speakerOf(0)).toBe(null);
    await play(300, { ada: 1_000, bob: 2_000, cyd: 4_000 });
    expect(levels(chunks.at(-1) as Sent)).toEqual([7_000, 0]);
    bus.closeSource('ada');
    bus.release('ada');
    expect(fits).toEqual(['mix', 'channels']);
    await play(300, { bob: 2_000, cyd: 4_000 });
    expect(levels(chunks.at(-1) as Sent)).toEqual([4_000, 2_000]);
    expect([bus.speakerOf(0), bus.speakerOf(1)]).toEqual(['cyd', 'bob']);
  });

  it('sends nothing after the closing and leaves no timer', async () => {
    const { bus, chunks, clock, join, push } = bench(1);
    join('ada', 0);
    push('ada', 1_000, 5);
    await bus.close();
    await bus.close();
    const sent = chunks.length;
    push('ada', 1_000, 50);
    await clock.advance(1_000);
    expect(chunks.length).toBe(sent);
    expect(clock.waiting).toBe(0);
  });
});

describe('channels of speakers', () => {
  it('keeps a speaker on their channel and gives a free one to the next', () => {
    const map = new ChannelMap(2, () => {});
    map.assign('ada');
    map.assign('bob');
    map.assign('ada');
    map.release('ada');
    expect(map.of('bob')).toBe(1);
    map.assign('cyd');
    expect([map.of('cyd'), map.of('bob'), map.fit]).toEqual([0, 1, 'channels']);
    map.release('nobody');
    expect(map.fit).toBe('channels');
  });
});
