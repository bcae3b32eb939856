import { describe, expect, test } from 'vitest';
import type { JobEvent } from '../../src/core/jobs/job-event.ts';
import { advance, type JobEffect } from '../../src/core/jobs/job-machine.ts';
import type { JobState } from '../../src/core/jobs/job-state.ts';
import { viewOf } from '../../src/core/jobs/job-view.ts';
import type { EgressSnapshot } from '../../src/core/jobs/ports.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';
import { askedJob } from '../support/asked-job.ts';

const base = askedJob();
const snapshot = (
  status: EgressSnapshot['status'],
  updatedAtNs: number,
  more: Partial<EgressSnapshot> = {},
): EgressSnapshot => ({
  egressId: 'EG_1',
  roomName: 'town-hall',
  kind: 'room-composite',
  status,
  startedAtMs: 1_500,
  mediaStartedAtMs: status === 'starting' ? null : 2_000,
  endedAtMs: ['complete', 'failed', 'aborted', 'limit-reached'].includes(status) ? 9_000 : null,
  updatedAtNs: BigInt(updatedAtNs),
  error: '',
  errorCode: 0,
  details: '',
  results: noResults,
  ...more,
});
const limitReached = {
  code: 'egress-limit',
  fault: 'server',
  retryable: false,
  text: 'The plan allows no further egress session.',
  said: 'concurrent egress sessions limit exceeded',
} as const;
const file = {
  id: 'desk-1-mix',
  engine: 'desk',
  content: 'program',
  identity: null,
  name: 'mix.wav',
  location: '/r/mix.wav',
  isLocal: true,
  bytes: 10,
  durationMs: 1,
  startedAtMs: 1_100,
  isComplete: true,
} as const;

function run(state: JobState, events: readonly JobEvent[]): { state: JobState; effects: JobEffect[] } {
  const effects: JobEffect[] = [];
  for (const event of events) {
    const step = advance(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}
const begun: JobEvent = { type: 'begun', atMs: 1_000 };
const deskBegan: JobEvent = { type: 'deskBegan', atMs: 1_200, startedAtMs: 1_100 };

describe('the bridge', () => {
  test('the desk is asked before the server', () => {
    expect(run(base, [begun]).effects.map((effect) => effect.do)).toEqual(['openDesk', 'startEgress']);
  });
  test('the desk lets go when egress reports media, not when it says active', () => {
    const active = run(base, [
      begun,
      deskBegan,
      { type: 'egressSeen', atMs: 3, snapshot: snapshot('active', 2, { mediaStartedAtMs: null }) },
    ]);
    expect(active.effects.map((effect) => effect.do)).not.toContain('closeDesk');
    const media = run(active.state, [{ type: 'egressSeen', atMs: 4_000, snapshot: snapshot('active', 3) }]);
    expect(media.effects).toEqual([{ do: 'closeDesk' }]);
    expect(viewOf(media.state)).toMatchObject({ phase: 'recording', engine: 'egress', startedAtMs: 2_000 });
  });
  test('a refusal keeps the desk, with its three parts', () => {
    const { state, effects } = run(base, [
      begun,
      deskBegan,
      { type: 'egressRefused', atMs: 23_000, problem: limitReached },
    ]);
    expect(effects.map((effect) => effect.do)).toEqual(['openDesk', 'startEgress', 'tellRefusal']);
    const view = viewOf(state);
    expect(view).toMatchObject({ phase: 'recording', engine: 'desk', startedAtMs: 1_100 });
    expect(view.refusal?.said).toBe(limitReached.said);
    expect(view.refusal?.cuedeskDid).toContain('the press of Start');
  });
  test('egress that dies is taken over by a second take', () => {
    const { state, effects } = run(base, [
      begun,
      deskBegan,
      { type: 'egressSeen', atMs: 4_000, snapshot: snapshot('active', 3) },
      { type: 'deskClosed', atMs: 4_100, files: [file] },
      { type: 'egressSeen', atMs: 9_000, snapshot: snapshot('failed', 9, { errorCode: 500, error: 'signal: killed' }) },
    ]);
    expect(effects.slice(-3).map((effect) => effect.do)).toEqual(['tellEgressEnded', 'openDesk', 'tellFallback']);
    expect(state.desk).toEqual({ at: 'opening', take: 2 });
    expect(viewOf(state)).toMatchObject({ engine: 'desk', phase: 'starting' });
  });
  test('egress that a worker ends in order, since it has too much to do, is taken over too', () => {
    const { state, effects } = run(base, [
      begun,
      deskBegan,
      { type: 'egressSeen', atMs: 4_000, snapshot: snapshot('active', 3) },
      { type: 'deskClosed', atMs: 4_100, files: [file] },
      { type: 'egressSeen', atMs: 9_000, snapshot: snapshot('complete', 9, { details: 'End reason: CPU exhausted' }) },
    ]);
    expect(effects.slice(-3).map((effect) => effect.do)).toEqual(['tellEgressEnded', 'openDesk', 'tellFallback']);
    expect(viewOf(state)).toMatchObject({ engine: 'desk', phase: 'starting' });
    expect(viewOf(state).egress?.text).toBe(
      'Ended before its time: its worker had too little CPU. Complete at the server.',
    );
  });
  test('egress only, where somebody else asks again: a refusal is the end', () => {
    const { state } = run({ ...base, mode: 'egress-only', desk: { at: 'none' } }, [
      begun,
      { type: 'egressRefused', atMs: 5, problem: limitReached },
    ]);
    expect(state.phase).toBe('failed');
  });
});

test('egress that is killed while it ends has failed, though the sound from before it was kept, and that is told', () => {
  const { state, effects } = run(base, [
    begun,
    deskBegan,
    { type: 'egressSeen', atMs: 4_000, snapshot: snapshot('active', 3) },
    { type: 'deskClosed', atMs: 4_100, files: [file] },
    { type: 'stopAsked', atMs: 8_000 },
    { type: 'egressSeen', atMs: 8_100, snapshot: snapshot('ending', 4) },
    { type: 'egressSeen', atMs: 9_000, snapshot: snapshot('failed', 9, { errorCode: 500, error: 'signal: killed' }) },
  ]);
  expect(viewOf(state)).toMatchObject({
    phase: 'failed',
    text: 'Failed at the server: 500 signal: killed. Kept here is only the sound from before the server recorded.',
  });
  expect(effects.at(-1)).toEqual({ do: 'tellEgressEnded', said: '500 signal: killed' }); // as an upload that fails at the end
});

test('egress whose process is killed keeps what is known of it: its server falls back to how it began', () => {
  const results = { ...noResults, files: [{ name: 'hall-20.mp4', location: '', bytes: 0, durationMs: 0 }] };
  const begins = { mediaStartedAtMs: null, results: noResults };
  const { state } = run(askedJob({ mode: 'egress-only' }), [
    begun,
    { type: 'egressSeen', atMs: 4_000, snapshot: snapshot('active', 3, { results }) },
    {
      type: 'egressSeen',
      atMs: 9_000,
      snapshot: snapshot('failed', 9, { errorCode: 500, error: 'signal: killed', ...begins }),
    },
  ]);
  expect(viewOf(state)).toMatchObject({ phase: 'failed', startedAtMs: 2_000, files: [{ name: 'hall-20.mp4' }] });
});

test('a recording here says what a full disk did not take, while it lasts and at its end', () => {
  const here = { ...base, mode: 'desk-only', egress: { at: 'none' } } as const;
  const cause = 'The disk did not take the sound.';
  const grew = (toMs: number, files: readonly (typeof file)[]): JobEvent => ({
    type: 'deskGrew',
    atMs: toMs,
    files,
    peopleCount: 2,
    holes: [{ fromMs: 3_000, toMs, cause }],
  });
  const none = run(here, [begun, deskBegan, grew(9_000, [])]).state;
  expect(viewOf(none).text).toMatch(/^Nothing could be kept here yet\. It lacks 6\.0 s, /);
  const { state } = run(none, [grew(33_000, [file])]);
  const lack = 'It lacks 30.0 s, from 00:00:03.0 to 00:00:33.0 UTC: The disk did not take the sound.';
  expect(viewOf(state)).toMatchObject({
    text: `Recording the sound here. ${lack}`,
    desk: { peopleCount: 2, holes: [{ fromMs: 3_000, toMs: 33_000 }], takesNothing: true },
  });
  const back = run(state, [{ ...grew(33_000, [file]), atMs: 40_000 }]).state;
  expect(viewOf(back).desk?.takesNothing).toBeUndefined(); // the disk has room again
  const full = { code: 'disk-full', fault: 'yours', retryable: true, text: 'The disk is full.' } as const;
  const over = run(state, [
    { type: 'deskFailed', atMs: 33_000, problem: full },
    { type: 'deskClosed', atMs: 33_100, files: [file], holes: [{ fromMs: 3_000, toMs: 33_000, cause }] },
  ]);
  expect(viewOf(over.state).text).toBe(`The sound was recorded here. ${lack} It ended: The disk is full.`);
});

describe('a recording here that the end of the console cut off', () => {
  const here = { ...base, mode: 'desk-only', egress: { at: 'none' } } as const;
  const found = { type: 'deskFound', atMs: 20_000, endedAtMs: 9_000, files: [file] } as const;
  const names = (effects: readonly JobEffect[]): string[] => effects.map((effect) => effect.do);

  test('goes on as its next part, and says what it lacks', () => {
    const cut = run(here, [begun, deskBegan, found]);
    expect(cut.effects.slice(-2)).toEqual([
      { do: 'tellConsoleWasKilled', endedAtMs: 9_000 },
      { do: 'openDesk', take: 2, goesOn: true },
    ]);
    expect(viewOf(cut.state)).toMatchObject({ phase: 'starting', startedAtMs: 1_100, files: [{ isComplete: true }] });
    const again = run(cut.state, [{ type: 'deskBegan', atMs: 21_000, startedAtMs: 20_500 }]);
    const hole = { fromMs: 9_000, toMs: 20_500 };
    expect(again.effects).toMatchObject([{ do: 'tellDeskHole', hole }]);
    expect(viewOf(again.state)).toMatchObject({ phase: 'recording', startedAtMs: 1_100, desk: { holes: [hole] } });
    expect(viewOf(again.state).text).toBe(
      'Recording the sound here. It lacks 11.5 s, from 00:00:09.0 to 00:00:20.5 UTC: The console was ended, and started again.',
    );
    const over = run(again.state, [
      { type: 'stopAsked', atMs: 30_000 },
      { type: 'deskClosed', atMs: 30_100, files: [] },
    ]);
    expect(viewOf(over.state).text).toMatch(/^The sound was recorded here\. It lacks 11\.5 s, /);
  });
  test('ends where it was cut off when its room is gone', () => {
    const gone = { code: 'room-gone-meanwhile', fault: 'server', retryable: false, text: 'It was gone.' } as const;
    const { state } = run(here, [
      begun,
      deskBegan,
      found,
      { type: 'deskFailed', atMs: 20_100, problem: gone },
      { type: 'deskClosed', atMs: 20_200, files: [] },
    ]);
    expect(viewOf(state)).toMatchObject({ phase: 'done', endedAtMs: 9_000 });
  });
  test.each([
    ['was stopped before', [{ type: 'stopAsked', atMs: 8_000 } as const], found],
    ['was cut off long ago', [], { ...found, atMs: 9_000 + 600_001 }],
    ['had failed by itself', [{ type: 'deskFailed', atMs: 8_000, problem: limitReached } as const], found],
  ])('does not go on where it %s', (_name, before, event) => {
    const { state, effects } = run(here, [begun, deskBegan, ...before, event]);
    expect(names(effects)).not.toContain('tellDeskHole');
    expect(names(effects).filter((name) => name === 'openDesk')).toHaveLength(1);
    expect(viewOf(state).phase).toBe('done');
  });
  test('goes on as the bridge too, and lets go when egress reports media', () => {
    const { state, effects } = run(base, [begun, deskBegan, found]);
    expect(names(effects)).toEqual(['openDesk', 'startEgress', 'tellConsoleWasKilled', 'openDesk']);
    const runs = run(state, [{ type: 'egressSeen', atMs: 20_100, snapshot: snapshot('active', 3) }]);
    expect(names(runs.effects)).toEqual(['closeDesk']);
    const over = run(runs.state, [{ type: 'deskClosed', atMs: 20_200, files: [] }]).state; // it had not even begun
    expect(viewOf(over)).toMatchObject({ engine: 'egress', desk: { status: 'released', endedAtMs: 9_000, holes: [] } });
  });
  test('does not go on where egress had taken over before', () => {
    const seen: JobEvent = { type: 'egressSeen', atMs: 4_000, snapshot: snapshot('active', 3) };
    const { effects } = run(base, [begun, deskBegan, seen, found]);
    expect(names(effects)).toEqual(['openDesk', 'startEgress', 'closeDesk', 'tellConsoleWasKilled']);
  });
});

test('a recording here that loses its room ends, says why, and keeps its finished files', () => {
  const problem = { code: 'room-left', fault: 'server', retryable: false, text: 'The room was closed.' } as const;
  const here = { ...base, mode: 'desk-only', egress: { at: 'none' } } as const;
  const lost = run(here, [begun, deskBegan, { type: 'deskFailed', atMs: 9_000, problem }]);
  expect(lost.effects.slice(-2).map((effect) => effect.do)).toEqual(['tellDeskFailed', 'closeDesk']);
  expect(viewOf(lost.state).phase).toBe('stopping');
  const { state } = run(lost.state, [{ type: 'deskClosed', atMs: 9_100, files: [file] }]);
  expect(viewOf(state)).toMatchObject({ phase: 'done', desk: { status: 'failed' }, files: [{ isComplete: true }] });
  expect(viewOf(state).text).toBe('The sound was recorded here. It ended: The room was closed.');
});

test('a job that waits for its hour cannot be recorded here before', () => {
  const armed = askedJob({ startAtMs: 60_000 });
  const { state, effects } = run(armed, [
    { type: 'takeOverAsked', atMs: 2_000, because: 'The producer asked for it.' },
  ]);
  expect([state, effects]).toEqual([armed, []]);
});

describe('stopping', () => {
  test('a stop before the answer is sent with the answer, once', () => {
    const { effects } = run(base, [
      begun,
      { type: 'stopAsked', atMs: 2 },
      { type: 'stopAsked', atMs: 3 },
      { type: 'egressSeen', atMs: 4, snapshot: snapshot('starting', 1) },
      { type: 'egressSeen', atMs: 5, snapshot: snapshot('starting', 2) },
    ]);
    expect(effects.filter((effect) => effect.do === 'stopEgress')).toHaveLength(1);
    expect(effects.filter((effect) => effect.do === 'closeDesk')).toHaveLength(1);
  });
  test('a job that the server ended meanwhile is done, not failed', () => {
    const { state } = run(base, [
      begun,
      deskBegan,
      { type: 'stopAsked', atMs: 5_000 },
      { type: 'egressSeen', atMs: 6_000, snapshot: snapshot('complete', 9) },
      { type: 'deskClosed', atMs: 6_100, files: [file] },
    ]);
    expect(viewOf(state)).toMatchObject({ phase: 'done', engine: 'egress' });
  });
  test('one that somebody else stopped is over, and that is told; ours, and one of others, is no news', () => {
    const stopped: JobEvent = {
      type: 'egressSeen',
      atMs: 9_000,
      snapshot: snapshot('complete', 9, { details: 'End reason: StopEgress API' }),
    };
    const told = (state: JobState, events: readonly JobEvent[]): boolean =>
      run(state, events).effects.some((effect) => effect.do === 'tellStoppedElsewhere');
    const active: JobEvent = { type: 'egressSeen', atMs: 4_000, snapshot: snapshot('active', 3) };
    expect(told(base, [begun, active, stopped])).toBe(true);
    expect(told(base, [begun, active, { type: 'stopAsked', atMs: 5_000 }, stopped])).toBe(false);
    expect(told({ ...base, startedBy: 'elsewhere' }, [active, stopped])).toBe(false);
  });
  test('a server that is removed ends its jobs here: nothing is stopped there, and no desk takes their place', () => {
    const { state, effects } = run(base, [
      begun,
      { type: 'egressSeen', atMs: 4_000, snapshot: snapshot('active', 3) },
      { type: 'deskClosed', atMs: 4_100, files: [file] },
      { type: 'serverRemoved', atMs: 5_000 },
    ]);
    expect(state.egress).toMatchObject({ at: 'ended', outcome: 'lost', endedAtMs: 5_000 });
    expect(viewOf(state).egress).toMatchObject({ text: expect.stringContaining('what ran there runs on') as string });
    const done = effects.map((effect) => effect.do);
    expect(done).not.toContain('stopEgress');
    expect(done.filter((what) => what === 'openDesk')).toHaveLength(1); // at its begin
  });
});
