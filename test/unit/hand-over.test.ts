// The session limit of a server: when a job meets it, and how another takes over before.
import { describe, expect, test } from 'vitest';
import {
  handOver,
  handOverTimes,
  type HandOver,
  type HandOverSight,
  type PartState,
} from '../../src/core/jobs/hand-over/hand-over.ts';
import { nextRequest, nextTitle } from '../../src/core/jobs/hand-over/next-part.ts';
import { lengthOf } from '../../src/core/jobs/hand-over/session-end.ts';
import { sessionLengths } from '../../src/core/observe/session-lengths.ts';
import { JobRequest, outputsOf, programRequest } from '../../src/shared/model/job-request.ts';

const hour = 3_600_000;
const { leadMs, bridgeLeadMs, overlapMs } = handOverTimes(hour);
const file = programRequest('show/{room_name}.mp4', 'grid');
const stream = JobRequest.parse({
  ...file,
  outputs: { ...file.outputs, file: null, stream: { protocol: 'rtmp', destinationIds: ['d'] } },
});

describe('the length of a session', () => {
  test('is the shortest that applies to the outputs', () => {
    const cloud = sessionLengths('cloud', {});
    expect(lengthOf(file, cloud)).toMatchObject({ output: 'file', limitMs: 3 * hour });
    expect(lengthOf(stream, cloud)).toMatchObject({ output: 'stream', limitMs: 12 * hour });
    const both = JobRequest.parse({ ...stream, outputs: { ...outputsOf(stream), file: outputsOf(file)?.file } });
    expect(lengthOf(both, cloud)).toMatchObject({ output: 'file' });
    expect(lengthOf({ kind: 'room-sound' }, cloud)).toBeNull();
  });
  test('is published for the Cloud, declared for a server of one’s own, and else unknown', () => {
    expect(lengthOf(file, sessionLengths('self-hosted', {}))).toBeNull();
    expect(lengthOf(file, sessionLengths('self-hosted', { file: hour }))).toMatchObject({
      limitMs: hour,
      from: 'declared by you',
    });
    expect(lengthOf(file, sessionLengths('cloud', { file: hour }))).toMatchObject({ limitMs: hour });
    for (const { from } of sessionLengths('cloud', {})) expect(from).toContain('November 2026');
  });
});

describe('the next part', () => {
  test.each([
    ['a.mp4', 'a-part2.mp4'],
    ['show/a-part2.mp4', 'show/a-part3.mp4'],
    ['show/{room_name}', 'show/{room_name}-part2'],
    ['show-{utc}', 'show-{utc}'],
    ['{room_name}-{time}.mp4', '{room_name}-{time}.mp4'],
    ['show/', 'show/'],
    ['', ''],
  ])('of %s is %s', (from, to) => {
    expect(outputsOf(nextRequest(programRequest(from)))?.file?.filePath).toBe(to);
  });
  test('counts in its title', () => {
    expect(nextTitle(nextTitle('a.mp4'))).toBe('a.mp4 (part 3)');
    expect(nextTitle('x'.repeat(120)).length).toBeLessThanOrEqual(120);
  });
});

/** One job on a server with a limit, second by second: what each course of a hand-over keeps of picture and sound. */
interface World {
  readonly limit: number | null;
  readonly others: number;
  readonly mayBridge: boolean;
  readonly sendsOut: boolean;
  readonly startS: number;
  readonly bridgeS: number;
  readonly refusesFirst: boolean;
  readonly bridgeFails: boolean;
}
interface Part {
  state: PartState;
  atS: number;
  stopAtS: number | null;
}
const endS = 200;
const lasts = (part: Part | null): boolean => part !== null && (part.state === 'starting' || part.state === 'runs');

function play(world: World) {
  let state: HandOver = 'waiting';
  let old = 'runs' as HandOverSight['old'];
  let oldStopsAtS: number | null = null;
  let successor: Part | null = null;
  let bridge: Part | null = null;
  let runsSinceMs: number | null = null;
  let starts = 0;
  let refused = false;
  const kept: { picture: boolean; sound: boolean }[] = [];
  let bothS = 0;
  const told: string[] = [];
  let doubled = false;
  for (let s = 0; s < endS + 120; s++) {
    if (old === 'runs' && s >= endS) old = 'over'; // the server ends it
    if (old === 'stopping' && oldStopsAtS !== null && s >= oldStopsAtS + 1) old = 'over';
    if (successor?.state === 'starting' && s >= successor.atS + world.startS) {
      const isRefused = refused;
      successor.state = isRefused ? 'over' : 'runs';
      refused = false;
    }
    if (bridge?.state === 'starting' && s >= bridge.atS + world.bridgeS)
      bridge.state = world.bridgeFails ? 'over' : 'runs';
    runsSinceMs = successor?.state === 'runs' ? (runsSinceMs ?? s * 1000) : null;
    const inUse = world.others + (old === 'over' ? 0 : 1) + (lasts(successor) ? 1 : 0);
    if (world.limit !== null && inUse > Math.max(world.limit, world.others + 1)) doubled = true;
    const step = handOver(state, {
      nowMs: s * 1000,
      endsAtMs: endS * 1000,
      limitMs: hour,
      free: world.limit === null ? null : Math.max(0, world.limit - inUse),
      mayBridge: world.mayBridge,
      sendsOut: world.sendsOut,
      old,
      isStopped: false,
      successor: successor?.state ?? 'none',
      successorRunsSinceMs: runsSinceMs,
      bridge: bridge?.state ?? 'none',
    });
    state = step.state;
    for (const effect of step.effects) {
      if (effect.do === 'startSuccessor') {
        starts++;
        successor = { state: 'starting', atS: s, stopAtS: null };
        refused = starts === 1 && world.refusesFirst;
      }
      if (effect.do === 'startBridge') bridge = { state: 'starting', atS: s, stopAtS: null };
      if (effect.do === 'stopOld' && old === 'runs') {
        old = 'stopping';
        oldStopsAtS = s;
      }
      if (effect.do === 'stopBridge' && bridge) bridge.state = 'over';
      if (effect.do === 'tell') told.push(effect.what);
    }
    const picture = old === 'runs' || successor?.state === 'runs';
    if (old === 'runs' && successor?.state === 'runs') bothS++;
    kept.push({ picture, sound: picture || bridge?.state === 'runs' });
  }
  return { state, kept, told, starts, doubled, bothS };
}

describe('a hand-over', () => {
  const usual: World = {
    limit: 2,
    others: 0,
    mayBridge: true,
    sendsOut: false,
    startS: 4,
    bridgeS: 3,
    refusesFirst: false,
    bridgeFails: false,
  };
  const missing = (kept: readonly { picture: boolean; sound: boolean }[], what: 'picture' | 'sound'): number =>
    kept.filter((second) => !second[what]).length;

  test('with a free session overlaps: not a second of the picture is missing', () => {
    const { state, kept, told, starts, bothS } = play(usual);
    expect(bothS).toBeGreaterThanOrEqual(overlapMs / 1000);
    expect([state, told, starts, missing(kept, 'picture')]).toEqual(['over', ['overlapped'], 1, 0]);
  });
  test('without one the desk keeps the sound while the old one makes room', () => {
    const { kept, told, starts, doubled } = play({ ...usual, limit: 1 });
    expect([told, starts, missing(kept, 'sound'), doubled]).toEqual([['bridged'], 1, 0, false]);
    expect(missing(kept, 'picture')).toBeLessThan(10);
  });
  test('of a stream does not push the same key twice, and says that it was cut where nothing may bridge', () => {
    const { told, doubled } = play({ ...usual, sendsOut: true, mayBridge: false });
    expect([told, doubled]).toEqual([['cut'], false]);
  });
  test('that is refused bridges, and asks once more when the old one is over', () => {
    const { told, starts, kept } = play({ ...usual, refusesFirst: true });
    expect([told, starts, missing(kept, 'sound')]).toEqual([['bridged'], 2, 0]);
  });
  test('does not begin while nobody needs it, and not for a job that somebody stopped', () => {
    const sight: HandOverSight = {
      nowMs: 0,
      endsAtMs: leadMs + 1,
      limitMs: hour,
      free: 1,
      mayBridge: true,
      sendsOut: false,
      old: 'runs',
      isStopped: false,
      successor: 'none',
      successorRunsSinceMs: null,
      bridge: 'none',
    };
    expect(handOver('waiting', sight)).toEqual({ state: 'waiting', effects: [] });
    expect(handOver('waiting', { ...sight, nowMs: 1 }).effects).toEqual([{ do: 'startSuccessor' }]);
    expect(handOver('waiting', { ...sight, nowMs: 1, isStopped: true })).toEqual({
      state: 'over',
      effects: [],
    });
    expect(bridgeLeadMs).toBeLessThan(leadMs - 26_000); // a refusal of 25 s leaves time for the other way
    const inOverlap: HandOverSight = { ...sight, isStopped: true, successor: 'runs' };
    expect(handOver('overlapping', inOverlap)).toEqual({ state: 'over', effects: [{ do: 'stopAll' }] });
  });

  test('in 5,000 random worlds: never over the limit, at most two starts, no sound missing where the desk may help', () => {
    let seed = 11;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 5_000; round++) {
      const limit = random(4) === 0 ? null : random(4) + 1;
      const world: World = {
        limit,
        others: limit === null ? 0 : random(limit),
        mayBridge: random(3) > 0,
        sendsOut: random(3) === 0,
        startS: random(26),
        bridgeS: random(15) + 1,
        refusesFirst: random(4) === 0,
        bridgeFails: random(6) === 0,
      };
      const { state, kept, told, starts, doubled } = play(world);
      const at = JSON.stringify(world);
      expect(state, at).toBe('over');
      expect(told, at).toHaveLength(1);
      expect(starts, at).toBeLessThanOrEqual(2);
      expect(doubled, at).toBe(false);
      if (world.mayBridge && !world.bridgeFails && told[0] !== 'not-taken-over')
        expect(missing(kept, 'sound'), at).toBe(0);
      const overlaps = !world.sendsOut && (limit === null || limit - world.others > 1) && !world.refusesFirst;
      if (overlaps) expect(missing(kept, 'picture'), at).toBe(0);
    }
  });
});
