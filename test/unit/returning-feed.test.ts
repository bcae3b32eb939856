// A recording here outlives its room: it is ended, opened again by others, and heard on.
import { expect, test } from 'vitest';
import type { AudioFeed, FeedEvent } from '../../src/core/feeds/audio-feed.ts';
import { ReturningFeed, type ReturningFeedOptions } from '../../src/core/feeds/returning-feed.ts';
import { Listeners } from '../../src/core/live/listeners.ts';
import { silentLog } from '../../src/core/live/log.ts';
import type { Problem } from '../../src/shared/model/common.ts';
import { FakeClock } from '../support/fake-clock.ts';

class OneRoom implements AudioFeed {
  readonly kind = 'direct';
  readonly events = new Listeners<FeedEvent>();
  isClosed = false;
  on(listener: (event: FeedEvent) => void): () => void {
    return this.events.on(listener);
  }
  async close(): Promise<void> {
    this.isClosed = true;
  }
  ends(code: string): void {
    const problem: Problem = { code, fault: 'server', retryable: false, text: 'It is over.' };
    this.events.emit({ type: 'state', state: 'ended', text: problem.text, problem });
  }
  speaks(startedAtMs: number): void {
    const who = { identity: 'ada', name: 'Ada', trackSid: 'TR_1', lagMs: 60 };
    this.events.emit({ type: 'sourceOpened', sourceId: 'TR_1#1', startedAtMs, ...who });
  }
}

async function setUp({ wasKilled = false, isOpen = false } = {}) {
  const clock = new FakeClock();
  const rooms: OneRoom[] = [];
  const world = { isOpen, looks: 0 };
  const options: ReturningFeedOptions = {
    open: async () => {
      rooms.push(new OneRoom());
      return rooms.at(-1) as OneRoom;
    },
    isOpen: async () => {
      world.looks++;
      return world.isOpen;
    },
    clock,
    log: silentLog,
  };
  const feed = wasKilled ? ReturningFeed.goOn(options) : await ReturningFeed.open(options);
  const heard: FeedEvent[] = [];
  feed.on((event) => heard.push(event));
  return { clock, rooms, world, feed, heard };
}

test('a room that is ended is not made anew; opened again it is heard on, and the hole is told', async () => {
  const { clock, rooms, world, feed, heard } = await setUp();
  rooms[0]?.speaks(clock.nowMs());
  rooms[0]?.ends('room-left-room-deleted');
  await clock.advance(60_000);
  expect([rooms.length, rooms[0]?.isClosed]).toEqual([1, true]);
  expect(heard.at(-1)).toMatchObject({ type: 'state', state: 'reconnecting' });
  const lastClosedAtMs = clock.nowMs();
  world.isOpen = true;
  await clock.advance(4_000);
  expect(rooms).toHaveLength(2);
  rooms[1]?.events.emit({ type: 'state', state: 'live', text: 'In hall' });
  rooms[1]?.speaks(clock.nowMs());
  expect(heard.slice(-3)).toMatchObject([
    { type: 'state', state: 'live' },
    { type: 'sourceOpened', sourceId: '2:TR_1#1' },
    { type: 'gap', sourceId: '2:TR_1#1', fromMs: lastClosedAtMs, toMs: clock.nowMs() },
  ]);
  expect(heard.find((event) => event.type === 'sourceOpened')).toMatchObject({ sourceId: '1:TR_1#1' });
  await feed.close();
  expect(rooms[1]?.isClosed).toBe(true);
});

test('a room that does not come back within five minutes is over, for the reason of its end', async () => {
  const { clock, rooms, world, feed, heard } = await setUp();
  rooms[0]?.ends('room-left-room-closed');
  await clock.advance(299_000);
  expect(heard.at(-1)).toMatchObject({ state: 'reconnecting' });
  await clock.advance(10_000);
  expect(heard.at(-1)).toMatchObject({ state: 'ended', problem: { code: 'room-left-room-closed' } });
  const { looks } = world;
  await clock.advance(60_000);
  expect([world.looks, rooms.length]).toEqual([looks, 1]);
  await feed.close();
});

test('an end against our will stays one, and nobody waits for a room once it is closed', async () => {
  const one = await setUp();
  one.rooms[0]?.ends('room-left-participant-removed');
  await one.clock.advance(10_000);
  expect(one.heard.at(-1)).toMatchObject({ state: 'ended', problem: { code: 'room-left-participant-removed' } });
  expect(one.world.looks).toBe(0);
  await one.feed.close();
  const other = await setUp();
  other.rooms[0]?.ends('room-left-room-closed');
  await other.clock.advance(4_000);
  await other.feed.close();
  const { looks } = other.world;
  await other.clock.advance(10_000);
  expect([other.world.looks, other.clock.waiting]).toEqual([looks, 0]);
});

test('after a kill of the console the room is heard on where it is still open, and not made anew where it is not', async () => {
  const lives = await setUp({ wasKilled: true, isOpen: true });
  await lives.clock.advance(0);
  lives.rooms[0]?.events.emit({ type: 'state', state: 'live', text: 'In hall' });
  expect([lives.rooms.length, lives.heard]).toMatchObject([1, [{ type: 'state', state: 'live' }]]);
  await lives.feed.close();
  expect(lives.rooms[0]?.isClosed).toBe(true);
  const gone = await setUp({ wasKilled: true });
  await gone.clock.advance(0);
  expect(gone.heard).toMatchObject([{ type: 'state', state: 'ended', problem: { code: 'room-gone-meanwhile' } }]);
  expect([gone.rooms.length, gone.clock.waiting]).toEqual([0, 0]);
  await gone.feed.close();
});
