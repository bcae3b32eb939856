// What a job adds to its storage: how it is called there, which is the newest, when a picture is black and why.
import { expect, test } from 'vitest';
import type { JobState } from '../../src/core/jobs/job-state.ts';
import { blackWarning } from '../../src/core/jobs/watch/black.ts';
import { noRoomFacts, type JobFacts, type RoomFacts } from '../../src/core/jobs/watch/facts.ts';
import { growingOutputs, isBlack, newestNumber } from '../../src/core/jobs/watch/outputs.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';
import { programRequest, type JobRequest } from '../../src/shared/model/job-request.ts';

type Suffix = 'index' | 'timestamp' | 'overwrite';
const program = programRequest('a');
const imagesOf = (filenameSuffix: Suffix) => ({
  captureIntervalS: 10,
  width: 0,
  height: 0,
  filenamePrefix: 'p',
  filenameSuffix,
  hasManifest: false,
  storageId: 'sto',
});
const job = (suffixes: readonly Suffix[], request: JobRequest = program): JobState =>
  ({
    stopAskedAtMs: null,
    request: { ...request, outputs: { ...program.outputs, images: suffixes.map(imagesOf) } },
    egress: {
      at: 'active',
      results: { ...noResults, images: suffixes.map((_, index) => ({ filenamePrefix: `p${index}`, imageCount: 0 })) },
    },
  }) as unknown as JobState; // what is asked of it

test('images are looked for by their number or as the one that is written over; a time in the name is not known', () => {
  const nameOf = (...suffixes: Suffix[]): string | undefined => {
    const [output] = growingOutputs(job(suffixes));
    return typeof output?.name === 'function' ? output.name(11) : output?.name;
  };
  expect(nameOf('index')).toBe('p0_00011.jpeg');
  expect(nameOf('overwrite')).toBe('p0.jpeg');
  expect(nameOf('timestamp', 'index')).toBe('p1_00011.jpeg');
  expect(nameOf('timestamp')).toBeUndefined();
});

test('the newest of many is found with few questions, from any of them on', async () => {
  for (const [count, from] of [
    [0, 0],
    [1, 0],
    [7, 3],
    [1_000, 0],
    [1_000, 996],
    [5, 5],
  ] as const) {
    let asked = 0;
    const newest = await newestNumber(from, async (number) => (asked++, number < count));
    expect(newest).toBe(from < count ? count - 1 : null);
    expect(asked).toBeLessThanOrEqual(2 + 2 * Math.ceil(Math.log2(Math.max(2, count - from + 1))));
  }
});

test('black is 0 or 16 with noise, also under a small logo; dark is not black', () => {
  const picture = (value: number, logo = 0) => Uint8Array.from({ length: 1_000 }, (_, i) => (i < logo ? 235 : value));
  expect([picture(0), picture(16), picture(20), picture(16, 15)].map(isBlack)).toEqual([true, true, true, true]);
  expect([picture(23), picture(16, 40), picture(128), new Uint8Array()].map(isBlack)).toEqual(Array(4).fill(false));
});

test('why it is black: nobody shows a camera, every camera is muted, or the room does not tell', () => {
  const camera = (sid: string, isMuted: boolean) => ({ sid, kind: 'video' as const, isMuted });
  const person = (identity: string, ...tracks: ReturnType<typeof camera>[]) => ({ identity, tracks });
  const say = (people: RoomFacts['people'], request: JobRequest = program): string | undefined =>
    blackWarning({
      job: job(['index'], request),
      outputs: { growing: [], blackSinceMs: 5 },
      room: { ...noRoomFacts, people },
    } as Partial<JobFacts> as JobFacts)?.text; // what is asked of it
  const ada = { ...program, kind: 'participant', identity: 'ada', screenShare: false } as unknown as JobRequest;
  expect(say(null)).toBe('The picture is black.');
  expect(say([person('ada', camera('a', false))])).toBe('The picture is black.');
  expect(say([person('ada')])).toBe('The picture is black. No camera and no screen in the room is published.');
  expect(say([person('ada', camera('a', true)), person('ben')])).toBe(
    'The picture is black. Every camera and screen in the room is muted.',
  );
  const both = [person('ada', camera('a', true)), person('ben', camera('b', false))];
  expect(say(both)).toBe('The picture is black.');
  expect(say(both, ada)).toBe('The picture is black. Every camera and screen of ada is muted.');
});
