import { describe, expect, it } from 'vitest';
import { SourceTimeline } from '../../src/core/audio/timeline.ts';

const block = new Int16Array(480).fill(100);

/** A source whose clock is wrong by `ppm`, whose sound takes `lagMs` and at times `jitterMs` more. */
function run(options: {
  readonly ppm: number;
  readonly minutes: number;
  readonly timeline: SourceTimeline;
  readonly startMs: number;
  readonly lagMs: number;
  readonly firstSample?: number;
  readonly jitterMs?: number;
  readonly each: (truthMs: number, at: number, length: number) => void;
}): void {
  const { ppm, minutes, timeline, startMs, lagMs, firstSample = 0, jitterMs = 0 } = options;
  const msPerBlock = 10 * (1 - ppm / 1e6); // a fast clock counts 480 samples in less than 10 ms
  let seed = 1;
  for (let index = 0; index < minutes * 6_000; index++) {
    const madeMs = startMs + (firstSample / 480 + index) * msPerBlock;
    seed = (seed * 48_271) % 2_147_483_647;
    const arrivalMs = madeMs + msPerBlock + lagMs + (jitterMs * seed) / 2_147_483_647;
    const { at, samples } = timeline.place(firstSample + index * 480, block, arrivalMs);
    options.each(madeMs, at, samples.length);
  }
}

describe('a source on the shared clock', () => {
  it.each([200, -200])(
    'stays within 10 ms of the truth for 10 minutes with a clock wrong by %i ppm and jitter',
    (ppm) => {
      const timeline = new SourceTimeline({ originMs: 1_000, startedAtMs: 6_000, lagMs: 60 });
      let worstMs = 0;
      let next: number | null = null;
      run({
        ppm,
        minutes: 10,
        timeline,
        startMs: 6_000,
        lagMs: 60,
        jitterMs: 25,
        each: (truthMs, at, length) => {
          worstMs = Math.max(worstMs, Math.abs(1_000 + at / 48 - truthMs));
          if (next !== null) expect(at).toBe(next); // no hole, no overlap: single samples only
          expect(Math.abs(length - 480)).toBeLessThanOrEqual(1);
          next = at + length;
        },
      });
      expect(worstMs).toBeLessThan(10);
      expect(timeline.correctedSamples / (600_000 * 48)).toBeCloseTo(ppm === 200 ? -0.0002 : 0.0002, 4);
    },
  );

  it('does not touch a source whose clock is right', () => {
    const timeline = new SourceTimeline({ originMs: 0, startedAtMs: 0, lagMs: 60 });
    run({
      ppm: 0,
      minutes: 1,
      timeline,
      startMs: 0,
      lagMs: 60,
      jitterMs: 20,
      each: (_truth, _at, length) => expect(length).toBe(480),
    });
    expect(timeline.correctedSamples).toBe(0);
  });

  it('dates a source anew whose count drifted for hours before we listened', () => {
    const timeline = new SourceTimeline({ originMs: 0, startedAtMs: -7_200_000, lagMs: 60 });
    const firstSample = 7_200_000 * 48 + 69_120; // 1.44 s ahead: two hours at 200 ppm
    const { at } = timeline.place(firstSample, block, 70);
    expect(at).toBe(0);
  });

  it('tells a hole, cuts what was heard already, and takes a count that began anew', () => {
    const timeline = new SourceTimeline({ originMs: 0, startedAtMs: 100, lagMs: 60 });
    expect(timeline.place(0, block, 170)).toMatchObject({ at: 4_800, holeFrom: 4_800 });
    expect(timeline.place(480, block, 180)).toMatchObject({ at: 5_280, holeFrom: 5_280 });
    expect(timeline.place(9_600, block, 370)).toMatchObject({ at: 14_400, holeFrom: 5_760 });
    const again = timeline.place(9_840, block, 380);
    expect([again.at, again.samples.length, again.holeFrom]).toEqual([14_880, 240, 14_880]);
    expect(timeline.place(9_600, block, 380).samples.length).toBe(0);
    // Far beyond the time of its arrival, or back to the start: dated by its arrival.
    expect(timeline.place(2 ** 40, block, 1_070).at).toBe(48_000);
    expect(timeline.place(0, block, 2_070).at).toBe(96_000);
  });

  it('puts a clock that jumped where it belongs at once, and takes blocks that come in a burst as they are', () => {
    const timeline = new SourceTimeline({ originMs: 0, startedAtMs: 0, lagMs: 60 });
    const at: number[] = [];
    let count = 0;
    const push = (arrivalMs: number): void => void at.push(timeline.place(480 * count++, block, arrivalMs).at);
    for (let index = 0; index < 300; index++) push(10 * count + 70);
    const stalledMs = 10 * count + 70 + 3_000;
    for (let index = 0; index < 300; index++) push(stalledMs); // held up for 3 s, then all at once
    for (let index = 0; index < 300; index++) push(10 * count + 70);
    expect(at).toEqual(at.map((_value, index) => 480 * index));
    for (let index = 0; index < 300; index++) push(10 * count + 70 + 1_000); // it stood still for a second
    expect(at.at(-1)).toBe(480 * (count - 1) + 48_000);
  });
});
