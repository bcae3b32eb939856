// What the watchdogs hear of a room: no sound is a silence only while the room is heard at all.
import { afterEach, expect, test } from 'vitest';
import { HeardRooms } from '../../src/core/console/heard-rooms.ts';
import { RoomsForJobs, type RoomFactsOptions } from '../../src/core/console/room-facts.ts';
import type { AudioFeed, FeedEvent } from '../../src/core/feeds/audio-feed.ts';
import type { JobState } from '../../src/core/jobs/job-state.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { Scope } from '../../src/core/live/scope.ts';
import { FakeClock } from '../support/fake-clock.ts';

const scopes: Scope[] = [];
afterEach(async () => {
  await Promise.all(scopes.splice(0).map((scope) => scope.close()));
});

function setUp(more: Partial<RoomFactsOptions> = {}) {
  const clock = new FakeClock();
  const scope = new Scope('test');
  scopes.push(scope);
  let listener: (event: FeedEvent) => void = () => {};
  const feed: AudioFeed = {
    kind: 'direct',
    on: (told) => {
      listener = told;
      return () => {};
    },
    close: async () => {},
  };
  const heard = new HeardRooms(clock);
  const openFeed = async () => heard.overhear('s', 'hall', feed);
  const options = { heard, openFeed, recordersEveryMs: 8_000, scope, clock, log: silentLog, ...more };
  const facts = new RoomsForJobs(options as never as RoomFactsOptions); // no rooms and servers are asked here
  const job = (roomName: string, more_: Partial<JobState> = {}): JobState =>
    ({ serverId: 's', roomName, egress: { at: 'starting' }, autoStop: null, ...more_ }) as JobState; // what is asked of it
  return { facts, clock, job, heard, feed, tell: (event: FeedEvent) => listener(event) };
}

test('a room whose connection is lost is not silent, and its silence begins anew', async () => {
  const { facts, clock, job, tell } = setUp();
  const autoStop = { afterMs: null, atMs: null, emptyForMs: null, silentForMs: 60_000 };
  const heard = (): number | null => facts.of(job('hall', { autoStop, egress: { at: 'none' } })).heardAtMs;
  const state = (to: 'live' | 'reconnecting') => tell({ type: 'state', state: to, text: '' });
  expect(heard()).toBeNull();
  await clock.advance(1_000);
  expect(heard()).toBeNull();
  state('live');
  const liveAtMs = clock.nowMs();
  expect(heard()).toBe(liveAtMs);
  await clock.advance(3_000);
  tell({ type: 'pcm', sourceId: 'a', firstSample: 0, samples: Int16Array.of(0, -2_000) });
  expect(heard()).toBe(liveAtMs + 3_000);
  tell({ type: 'pcm', sourceId: 'a', firstSample: 2, samples: Int16Array.of(3, -3) });
  await clock.advance(2_000);
  expect(heard()).toBe(liveAtMs + 3_000);
  state('reconnecting');
  expect(heard()).toBeNull();
  await clock.advance(2_000);
  state('live');
  expect(heard()).toBe(clock.nowMs());
});

test('the rooms of jobs that are over take no turn of the others', async () => {
  const asked: string[] = [];
  const listRecorders = async (roomName: string): Promise<string[]> => (asked.push(roomName), []);
  const access = { api: async () => ({ listRecorders }) };
  const { facts, clock, job } = setUp({ access: access as never }); // the one call that is made
  const look = (roomName: string) => facts.of(job(roomName, { egress: { at: 'active' } as JobState['egress'] }));
  for (let number = 0; number < 100; number++) look(`over-${number}`);
  await clock.advance(61_000);
  asked.length = 0;
  for (let second = 0; second < 20; second++) {
    look('hall');
    await clock.advance(1_000);
  }
  expect(asked).toEqual(['hall', 'hall', 'hall']);
});

test('a room is heard by the feeds that are open anyway, and none is opened without a rule', async () => {
  const state = (to: 'live' | 'ended', identity?: string): FeedEvent => ({
    type: 'state',
    state: to,
    text: '',
    ...(identity === undefined ? {} : { identity }),
  });
  const openFeed = () => Promise.reject(new Error('nothing is to be opened'));
  const { facts, clock, job, heard, feed, tell } = setUp({ openFeed });
  const heardAtMs = (): number | null => facts.of(job('hall', { egress: { at: 'none' } })).heardAtMs;
  const meters = heard.overhear('s', 'hall', feed);
  expect(heardAtMs()).toBeNull();
  meters.on(() => {});
  tell(state('live'));
  const liveAtMs = clock.nowMs();
  await clock.advance(70_000);
  expect(heardAtMs()).toBe(liveAtMs);
  tell(state('ended', 'ada')); // one person's sound was lost, and the others are heard
  expect(heardAtMs()).toBe(liveAtMs);
  expect(facts.of(job('another hall', { egress: { at: 'none' } })).heardAtMs).toBeNull();
  await meters.close();
  expect(heardAtMs()).toBeNull();
});
