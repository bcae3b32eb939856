import { afterEach, describe, expect, test } from 'vitest';
import type { ListedPeople } from '../../src/core/livekit/api.ts';
import { RoomWatchers, type RoomWatchersOptions } from '../../src/core/livekit/rooms/room-watchers.ts';
import type { RoomEvents, RoomsApi } from '../../src/core/livekit/rooms/sources.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { StateCell } from '../../src/core/live/state-cell.ts';
import type { Person, RoomDetail } from '../../src/shared/model/room.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import { FakeClock } from '../support/fake-clock.ts';

const person = (identity: string): Person => ({
  sid: `PA_${identity}`,
  identity,
  name: identity,
  kind: 'standard',
  joinedAtMs: 1,
  tracks: [],
  isMuted: true,
  isSpeaking: false,
});

/** A server of rooms with people, that counts what it is asked. */
class Server implements RoomsApi {
  readonly rooms = new Map<string, string[]>();
  readonly asked: string[] = [];
  isAway = false;
  isWrongKey = false;
  busy = 0;
  busiest = 0;
  async listRooms(_signal?: AbortSignal, names?: readonly string[]): ReturnType<RoomsApi['listRooms']> {
    this.asked.push(names ? `rooms ${names.join()}` : 'rooms');
    await this.#answer();
    return Array.from(this.rooms.keys())
      .filter((name) => names?.includes(name) ?? true)
      .sort()
      .map((name) => ({ name, sid: `RM_${name}`, createdAtMs: 5, laggingCount: 99 }));
  }
  async listPeople(roomName: string, _signal?: AbortSignal, known?: ListedPeople): Promise<ListedPeople> {
    this.asked.push(`people ${roomName}`);
    await this.#answer();
    const body = (this.rooms.get(roomName) ?? []).join();
    return known?.body === body ? known : { body, people: (this.rooms.get(roomName) ?? []).map(person) };
  }
  async #answer(): Promise<void> {
    this.busiest = Math.max(this.busiest, ++this.busy);
    await new Promise((resolve) => setImmediate(resolve));
    this.busy--;
    if (this.isAway)
      throw new ProblemError({ code: 'not-listening', fault: 'network', retryable: true, text: 'Nobody listens.' });
    if (this.isWrongKey)
      throw new ProblemError({ code: 'wrong-key', fault: 'yours', retryable: false, text: 'Not known.' });
  }
}

const clock = new FakeClock();
let watchers: RoomWatchers | null = null;
const stop = new AbortController();
function open(server: RoomsApi, options: Partial<RoomWatchersOptions> = {}): RoomWatchers {
  watchers = new RoomWatchers({
    clock,
    log: silentLog,
    apiOf: () => Promise.resolve(server),
    tallyOf: () => ({ room: [], people: () => ({}) }),
    eventsOf: () => null,
    requestsPerMinuteOf: () => Infinity,
    ...options,
  });
  return watchers;
}
afterEach(async () => {
  await watchers?.close();
  expect(clock.waiting).toBe(0);
});

/** Time passes in small steps, so that looks of many turns end in their own moment. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    await clock.advance(100);
    await settle();
  }
}
async function settle(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve));
}
function follow(rooms: AsyncIterable<RoomDetail>): { latest: RoomDetail | null; count: number; ended: Promise<void> } {
  const seen = { latest: null as RoomDetail | null, count: 0, ended: Promise.resolve() };
  seen.ended = (async () => {
    for await (const detail of rooms) {
      seen.latest = detail;
      seen.count++;
    }
  })();
  return seen;
}

describe('the list', () => {
  test('counts people itself, and sees a change elsewhere within 5 s', async () => {
    const server = new Server();
    server.rooms.set('hall', ['ada', 'ben']).set('stage', []);
    const cell = open(server).rooms('s');
    expect(cell.value.sight.state).toBe('connecting');
    const off = cell.on(() => {});
    await settle();
    expect(cell.value).toMatchObject({ sight: { state: 'current', by: 'polling', triesSoFar: 0 } });
    expect(cell.value.rooms.map((room) => [room.name, room.peopleCount])).toEqual([
      ['hall', 2],
      ['stage', 0],
    ]);
    server.rooms.set('hall', ['ada']).set('new', ['cem']).delete('stage');
    await pass(5_000);
    expect(cell.value.rooms.map((room) => [room.name, room.peopleCount])).toEqual([
      ['hall', 1],
      ['new', 1],
    ]);
    off();
  });

  test('keeps the same rooms where nothing has changed', async () => {
    const server = new Server();
    server.rooms.set('hall', ['ada']);
    const cell = open(server).rooms('s');
    const off = cell.on(() => {});
    await settle();
    const { rooms } = cell.value;
    await pass(6_500);
    expect(cell.value.rooms).toBe(rooms);
    expect(server.asked.filter((what) => what === 'rooms').length).toBe(3);
    off();
  });

  test('a webhook makes it look at once, at that room only, and a burst is one look', async () => {
    const server = new Server();
    for (let i = 0; i < 50; i++) server.rooms.set(`room-${i}`, []);
    const rooms = open(server);
    const cell = rooms.rooms('s');
    await settle();
    server.asked.length = 0;
    server.rooms.set('room-7', ['ada']);
    for (let i = 0; i < 20; i++) rooms.hint({ serverId: 's', roomName: 'room-7' });
    await settle();
    expect(cell.value.rooms.find((room) => room.name === 'room-7')?.peopleCount).toBe(1);
    expect(cell.value.sight.by).toBe('webhooks');
    expect(server.asked).toEqual(['rooms', 'people room-7']);
    rooms.hint({ serverId: 'unknown', roomName: null });
    await settle();
    expect(server.asked.length).toBe(2);
  });

  test('200 rooms are asked a few at a time', async () => {
    const server = new Server();
    for (let i = 0; i < 200; i++) server.rooms.set(`room-${i}`, ['ada']);
    const cell = open(server).rooms('s');
    await settle();
    expect(cell.value.rooms.length).toBe(200);
    expect(cell.value.rooms.every((room) => room.peopleCount === 1)).toBe(true);
    expect(server.busiest).toBeLessThanOrEqual(8);
  });

  test('where requests are counted, the longest unseen rooms come first', async () => {
    const server = new Server();
    for (let i = 0; i < 60; i++) server.rooms.set(`room-${i}`, ['ada']);
    const cell = open(server, { requestsPerMinuteOf: () => 600 }).rooms('s');
    const off = cell.on(() => {});
    await settle();
    expect(server.asked.length).toBeLessThanOrEqual(30);
    await pass(6_100);
    expect(new Set(server.asked).size).toBe(61);
    expect(cell.value.rooms.every((room) => room.peopleCount === 1)).toBe(true);
    off();
  });
});

describe('a server that is away', () => {
  test('keeps what was seen with its age, counts the tries, and is found again', async () => {
    const server = new Server();
    server.rooms.set('hall', ['ada']);
    const cell = open(server).rooms('s');
    const off = cell.on(() => {});
    await settle();
    const asOfMs = cell.value.sight.asOfMs;
    server.isAway = true;
    await pass(3_100);
    expect(cell.value).toMatchObject({
      sight: { state: 'stale', asOfMs, triesSoFar: 1, problem: { code: 'not-listening' } },
    });
    expect(cell.value.rooms.length).toBe(1);
    await pass(10_000);
    expect(cell.value.sight.triesSoFar).toBeGreaterThan(3);
    expect(cell.value.sight.triesSoFar).toBeLessThan(9);
    expect((cell.value.sight.nextTryAtMs ?? 0) - clock.nowMs()).toBeLessThanOrEqual(10_000);
    server.isAway = false;
    await pass(10_000);
    expect(cell.value.sight).toMatchObject({ state: 'current', triesSoFar: 0, nextTryAtMs: null });
    expect(cell.value.sight.problem).toBeUndefined();
    off();
  });
  test('is asked at once when the producer says so', async () => {
    const server = new Server();
    server.isWrongKey = true;
    const rooms = open(server);
    const cell = rooms.rooms('s');
    await settle();
    expect(cell.value.sight).toMatchObject({ state: 'stale', problem: { code: 'wrong-key' }, asOfMs: null });
    server.isWrongKey = false;
    await pass(2_000);
    expect(cell.value.sight.state).toBe('stale');
    rooms.lookNow('s');
    await settle();
    expect(cell.value.sight.state).toBe('current');
  });
  test('a server that nobody looks at is not watched because of a single look', async () => {
    const server = new Server();
    const rooms = open(server);
    rooms.lookNow('gone');
    await pass(2_000);
    expect(rooms.sight('gone')).toBeNull();
  });
  test('another address under the same server shows nothing of the first', async () => {
    const one = new Server();
    one.rooms.set('hall', ['ada']);
    const two = new Server();
    two.rooms.set('studio', []);
    let current: Server = one;
    const rooms = open(one, { apiOf: () => Promise.resolve(current) });
    const cell = rooms.rooms('s');
    await settle();
    current = two;
    rooms.reset('s');
    expect(cell.value).toMatchObject({ rooms: [], sight: { state: 'connecting' } });
    await pass(200);
    expect(cell.value.rooms.map((room) => room.name)).toEqual(['studio']);
  });
});

describe('the open room', () => {
  test('is looked at each second while it is read, and no longer', async () => {
    const server = new Server();
    server.rooms.set('hall', ['ada']);
    const own = new AbortController();
    const rooms = open(server, { tallyOf: () => ({ room: ['REC'], people: () => ({ ada: ['CAP'] }) }) });
    const seen = follow(rooms.room('s', 'hall', own.signal));
    await settle();
    expect(seen.latest).toMatchObject({ name: 'hall', exists: true, createdAtMs: 5, tally: { ada: ['CAP'] } });
    server.rooms.set('hall', ['ada', 'ben']);
    await pass(1_100);
    expect(seen.latest?.people.map((one) => one.identity)).toEqual(['ada', 'ben']);
    expect(rooms.rooms('s').value.rooms[0]).toMatchObject({ peopleCount: 2, tally: ['REC'] });
    server.rooms.delete('hall');
    await pass(1_100);
    expect(seen.latest).toMatchObject({ exists: false });
    expect(seen.latest?.people.length).toBe(2);
    own.abort();
    await seen.ended;
    server.asked.length = 0;
    await pass(2_500);
    expect(server.asked.filter((what) => what === 'rooms hall')).toEqual([]);
  });

  test('its own events win where we are in it, also while the server is away', async () => {
    const server = new Server();
    server.rooms.set('hall', ['ada']);
    let events: RoomEvents | null = null;
    const rooms = open(server, { eventsOf: () => events });
    const seen = follow(rooms.room('s', 'hall', stop.signal));
    const cell = rooms.rooms('s');
    await settle();
    expect(seen.latest?.sight.by).toBe('polling');
    const people = new StateCell<readonly Person[] | null>([{ ...person('ada'), isSpeaking: true }, person('ben')]);
    const state = new StateCell({ state: 'live' });
    events = { people, state };
    rooms.refresh('s');
    await settle();
    expect(seen.latest).toMatchObject({ sight: { by: 'events', state: 'current' } });
    expect(seen.latest?.people.map((one) => one.isSpeaking)).toEqual([true, false]);
    expect(cell.value.rooms[0]?.peopleCount).toBe(2);
    server.isAway = true;
    await pass(4_000);
    people.set([person('cem')]);
    await settle();
    expect(seen.latest).toMatchObject({ sight: { state: 'current' }, people: [{ identity: 'cem' }] });
    state.set({ state: 'reconnecting' });
    await settle();
    expect(seen.latest).toMatchObject({ sight: { state: 'stale' }, people: [{ identity: 'ada' }] });
    await watchers?.close();
    expect([people.readers, state.readers]).toEqual([0, 0]);
  });

  test('two readers share one look', async () => {
    const server = new Server();
    server.rooms.set('hall', ['ada']);
    const own = new AbortController();
    const rooms = open(server);
    const first = follow(rooms.room('s', 'hall', own.signal));
    const second = follow(rooms.room('s', 'hall', stop.signal));
    await settle();
    expect(server.asked.filter((what) => what === 'rooms hall').length).toBe(1);
    own.abort();
    await first.ended;
    server.rooms.set('hall', []);
    await pass(1_100);
    expect(second.latest?.people).toEqual([]);
  });
});
