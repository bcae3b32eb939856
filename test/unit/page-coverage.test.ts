// Which second is in which copy, from the parts of jobs and the gaps of captions.
import { describe, expect, it } from 'vitest';
import { coverageOf, holes, ruler, union } from '../../src/renderer/src/features/captions/coverage.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';
import type { Gap } from '../../src/shared/model/captions.ts';
import type { Job } from '../../src/shared/model/job.ts';
import { recording, session } from '../support/scripted-scene.ts';

const zero = 1_000_000_000;
const nowMs = zero + 600_000;
const span = (fromMs: number, toMs: number) => ({ fromMs: zero + fromMs, toMs: zero + toMs });
const egress = (part: Partial<NonNullable<Job['egress']>>): NonNullable<Job['egress']> => ({
  egressId: 'EG',
  status: 'active',
  startedAtMs: null,
  endedAtMs: null,
  text: '',
  results: noResults,
  ...part,
});
const desk = (part: Partial<NonNullable<Job['desk']>>): NonNullable<Job['desk']> => ({
  status: 'recording',
  startedAtMs: null,
  endedAtMs: null,
  peopleCount: 3,
  holes: [],
  text: '',
  ...part,
});
const job = (part: Partial<Job>): Job =>
  recording('s', 'r', nowMs, 0, { requestedAtMs: zero, startedAtMs: zero, files: [], ...part });
const gap = (startMs: number, endMs: number | null, identity: string | null = null): Gap => ({
  type: 'gap',
  id: `g${startMs}`,
  seq: 1,
  identity,
  name: identity,
  startMs,
  endMs,
  cause: 'The feed dropped.',
});

describe('coverage', () => {
  it('unites stretches and finds what is in none', () => {
    const united = union([span(40, 60), span(0, 10), span(5, 20), span(20, 30)]);
    expect(united).toEqual([span(0, 30), span(40, 60)]);
    expect(holes(span(0, 100), united)).toEqual([span(30, 40), span(60, 100)]);
  });

  it('tells the parts of a recording here, and the hole between them', () => {
    const [file] = recording('s', 'r', nowMs, 0).files;
    if (!file) throw new Error('The recording of the scene has a file.');
    const part = { ...file, engine: 'desk', content: 'program', startedAtMs: zero, durationMs: 60_000 } as const;
    const holed = desk({ startedAtMs: zero + 90_000, holes: [span(60_000, 90_000), span(100_000, 110_000)] });
    const { desk: lane, recorded } =
      coverageOf([job({ egress: null, desk: holed, files: [part] })], null, [], nowMs) ?? {};
    expect(lane).toEqual([span(0, 60_000), span(90_000, 100_000), span(110_000, 600_000)]);
    expect(recorded?.neither).toEqual([span(60_000, 90_000), span(100_000, 110_000)]);
  });

  it('counts as missing what a full disk does not take now', () => {
    const full = desk({ startedAtMs: zero, holes: [span(590_000, 600_000)] });
    expect(coverageOf([job({ egress: null, desk: full })], null, [], nowMs)?.recorded?.neither).toEqual([
      span(590_000, 600_000),
    ]);
  });

  it('is nothing where nothing was recorded or captioned', () => {
    expect(coverageOf([], null, [], nowMs)).toBeNull();
  });

  it('counts no stream as kept, and misses nothing before the recording that came after it', () => {
    const { request } = job({});
    if (request.kind !== 'room-composite') throw new Error('The recording of the scene is a room composite.');
    const stream = { protocol: 'rtmp' as const, destinationIds: ['a'] };
    const streamed = job({
      id: 'stream',
      request: { ...request, outputs: { ...request.outputs, file: null, stream } },
      egress: egress({ startedAtMs: zero }),
    });
    expect(coverageOf([streamed], null, [], nowMs)).toBeNull();
    const recorded = job({ requestedAtMs: zero + 300_000, egress: egress({ startedAtMs: zero + 302_000 }) });
    expect(coverageOf([recorded, streamed], null, [], nowMs)?.recorded).toMatchObject({
      allMs: 300_000,
      missingStarts: [span(300_000, 302_000)],
    });
  });

  it('misses the seconds from the press to the first media where egress alone records', () => {
    const found = coverageOf([job({ egress: egress({ startedAtMs: zero + 3_000 }) })], null, [], nowMs);
    expect(found?.recorded).toEqual({
      allMs: 600_000,
      keptMs: 597_000,
      missingStarts: [span(0, 3_000)],
      neither: [],
    });
  });

  it('misses nothing where the desk records from the press', () => {
    const found = coverageOf(
      [
        job({
          engine: 'desk',
          egress: egress({ status: 'refused' }),
          desk: desk({ startedAtMs: zero + 200 }),
        }),
      ],
      null,
      [],
      nowMs,
    );
    expect(found?.recorded).toMatchObject({ missingStarts: [], neither: [], keptMs: 599_800 });
    expect(found?.egress).toEqual([]);
  });

  it('finds the seconds in neither copy after a recording that ended by itself, and none in a pause that was asked for', () => {
    const first = job({
      id: 'a',
      phase: 'done',
      endedAtMs: zero + 100_000,
      egress: egress({ status: 'complete', startedAtMs: zero, endedAtMs: zero + 100_000 }),
    });
    const second = job({
      id: 'b',
      requestedAtMs: zero + 112_000,
      egress: egress({ startedAtMs: zero + 115_000 }),
    });
    const found = coverageOf([second, first], null, [], nowMs);
    expect(found?.recorded?.neither).toEqual([span(100_000, 115_000)]);
    expect(found?.recorded?.missingStarts).toEqual([]);
    const stopped = { ...first, stopAskedAtMs: zero + 99_000 };
    expect(coverageOf([second, stopped], null, [], nowMs)?.recorded).toEqual({
      allMs: 588_000,
      keptMs: 585_000,
      missingStarts: [span(112_000, 115_000)],
      neither: [],
    });
  });

  it('misses the end that egress lost with its file, where the desk kept the beginning alone', () => {
    const killed = job({
      phase: 'done',
      endedAtMs: zero + 27_000,
      egress: egress({ status: 'failed', startedAtMs: zero + 13_000, endedAtMs: zero + 27_000 }),
      desk: desk({ status: 'kept', startedAtMs: zero, endedAtMs: zero + 13_000 }),
    });
    expect(coverageOf([killed], null, [], nowMs)?.recorded).toMatchObject({
      allMs: 27_000,
      keptMs: 13_000,
      neither: [span(13_000, 27_000)],
    });
  });

  it('leaves a recording of long ago out, and a failed one without a file', () => {
    const old = job({
      id: 'a',
      requestedAtMs: zero - 3_600_000,
      phase: 'done',
      endedAtMs: zero - 3_000_000,
      egress: egress({ status: 'complete', startedAtMs: zero - 3_600_000, endedAtMs: zero - 3_000_000 }),
    });
    const failed = job({
      id: 'b',
      phase: 'failed',
      endedAtMs: zero + 50_000,
      egress: egress({ status: 'failed', startedAtMs: zero, endedAtMs: zero + 50_000 }),
    });
    const runs = job({ id: 'c', requestedAtMs: zero + 60_000, egress: egress({ startedAtMs: zero + 60_000 }) });
    const found = coverageOf([runs, failed, old], null, [], nowMs);
    expect(found?.fromMs).toBe(zero);
    expect(found?.egress).toEqual([span(60_000, 600_000)]);
    expect(found?.recorded?.missingStarts).toEqual([span(0, 60_000)]);
  });

  it('cuts captions at the gaps of the whole room, an open one to the present', () => {
    const heard = session('s', 'r', nowMs, { startedAtMs: zero });
    const found = coverageOf([], heard, [gap(10_000, 14_000), gap(20_000, 30_000, 'ada'), gap(590_000, null)], nowMs);
    expect(found?.captions).toEqual([span(0, 10_000), span(14_000, 590_000)]);
    expect(found?.captionGaps).toEqual([span(10_000, 14_000), span(590_000, 600_000)]);
    expect(found?.recorded).toBeNull();
  });

  it('has at most nine marks on its ruler, at round times', () => {
    for (const lengthMs of [1_000, 42_000, 180_000, 2_467_000, 4 * 3_600_000, 30 * 3_600_000]) {
      const marks = ruler(lengthMs);
      expect(marks.length).toBeLessThanOrEqual(10);
      expect(marks[0]).toBe(0);
      expect(marks.every((mark) => mark % 5_000 === 0 && mark <= Math.max(0, lengthMs))).toBe(true);
    }
  });
});
