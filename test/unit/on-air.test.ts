import { expect, test } from 'vitest';
import { tallyOf } from '../../src/renderer/src/features/jobs/job-words.ts';
import { onAir } from '../../src/renderer/src/features/roomhead/on-air.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import type { JobDestination } from '../../src/shared/model/job-destination.ts';
import type { Job } from '../../src/shared/model/job.ts';
import { recording } from '../support/scripted-scene.ts';

const nowMs = 1_800_000_000_000;
const destination = (id: string, state: JobDestination['state']): JobDestination => ({
  id,
  addressId: id,
  url: `rtmp://a.example/live/{${id}}`,
  state,
  sinceMs: nowMs,
  nextTryAtMs: null,
  tries: 1,
  meaning: '',
  said: '',
  replaces: null,
  canRetry: false,
  canDrop: true,
});
const stream = (destinations: JobDestination[]): Job => {
  const to = { protocol: 'rtmp' as const, destinationIds: ['one', 'two', 'three'] };
  const outputs = { file: null, stream: to, segments: null, images: [] };
  return { ...recording('s', 'hall', nowMs, 60_000), request: { ...programRequest('x'), outputs }, destinations };
};

test('a job that only streams is LIVE and no recording, with how many destinations it reaches and tries again', () => {
  const job = stream([destination('one', 'live'), destination('two', 'waiting'), destination('three', 'dropped')]);
  expect(onAir([job], null)).toMatchObject({
    rec: null,
    live: { sinceMs: nowMs - 60_000, okCount: 1, retryCount: 1, isStarting: false },
  });
});

test('a stream that reaches none of its destinations is lost, one that still connects is not', () => {
  const lost = (...states: JobDestination['state'][]) =>
    onAir([stream(states.map((state, index) => destination(`${index}`, state)))], null).live?.isLost;
  expect(lost('waiting', 'reconnecting')).toBe(true);
  expect(lost('waiting', 'live')).toBe(false);
  expect(lost('connecting')).toBe(false);
  expect(lost('failed', 'failed')).toBe(true); // given up: nobody sees it
  expect(lost('failed', 'connecting')).toBe(true);
});

test('a job that records and streams is both', () => {
  const job = { ...recording('s', 'hall', nowMs, 60_000), destinations: [destination('one', 'reconnecting')] };
  expect(onAir([job], null)).toMatchObject({ rec: { count: 1 }, live: { okCount: 0, retryCount: 1 } });
});

test('a recording here counts from the first part of what it holds alone, beside egress from what it adds now', () => {
  const desk = {
    status: 'recording' as const,
    startedAtMs: nowMs - 2_000,
    endedAtMs: null,
    peopleCount: 2,
    holes: [],
    text: '',
  };
  const alone: Job = { ...recording('s', 'hall', nowMs, 60_000), engine: 'desk', egress: null, desk };
  expect(onAir([alone], null).desk).toEqual({ sinceMs: nowMs - 60_000, count: 1, isStarting: false, isLost: false });
  expect(onAir([{ ...alone, engine: 'egress' }], null).desk?.sinceMs).toBe(nowMs - 2_000);
});

test('a recording here of which nothing is kept now is lost, as long as no other one keeps it', () => {
  const kept: Job = { ...recording('s', 'hall', nowMs, 60_000), engine: 'desk', egress: null };
  const desk = {
    status: 'recording' as const,
    startedAtMs: nowMs,
    endedAtMs: null,
    peopleCount: 2,
    holes: [],
    text: '',
  };
  const full: Job = { ...kept, desk: { ...desk, takesNothing: true } };
  const away = { code: 'desk-away', sinceMs: nowMs, text: '', advice: '', steps: [] };
  const deaf: Job = { ...kept, desk, warnings: [away] };
  expect(onAir([full, deaf], null).desk?.isLost).toBe(true);
  expect(tallyOf(full, false).tone).toBe('trouble');
  expect(onAir([full, { ...kept, desk }], null).desk?.isLost).toBe(false);
  expect(tallyOf({ ...kept, desk }, false).tone).toBe('live');
});
