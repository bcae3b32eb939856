import { connect } from 'node:net';
import { resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { FeedEvent } from '../../src/core/feeds/audio-feed.ts';
import { DirectFeed } from '../../src/core/feeds/direct-feed.ts';
import type { LinkState } from '../../src/core/feeds/joined-room.ts';
import { RoomChild, type RoomChildOptions } from '../../src/core/feeds/room-child.ts';
import { RoomLinks, type RoomLink } from '../../src/core/feeds/room-link.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { createLog } from '../../src/core/live/log.ts';
import type { Person } from '../../src/shared/model/room.ts';
import type { Step } from '../programs/scripted-child.ts';
import { forkNode } from '../support/fork-node.ts';
import { settledHeapBytes } from '../support/heap.ts';
import { Recorder } from '../support/recorder.ts';
import { openResources, risenResources } from '../support/resources.ts';

const program = resolve('test/programs/scripted-child.ts');
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
});

const logLines: string[] = [];
const log = createLog((line) => logLines.push(line), { level: 'debug' });

async function openChild(options: Partial<RoomChildOptions> = {}): Promise<RoomChild> {
  const child = await RoomChild.open({ program, env: {}, fork: forkNode(), clock: systemClock, log, ...options });
  closers.push(() => child.close());
  return child;
}

/** Joins a room whose joins play these scripts, one after the other; the last is repeated. */
function enter(child: RoomChild, links: RoomLinks, scripts: Step[][], roomName = 'hall'): RoomLink {
  let joins = 0;
  return links.acquire({
    serverId: 's',
    roomName,
    ticket: () =>
      Promise.resolve({
        url: 'ws://nowhere',
        token: JSON.stringify(scripts[Math.min(joins++, scripts.length - 1)]),
      }),
    child,
  });
}

function openLinks(): RoomLinks {
  const links = new RoomLinks({ clock: systemClock, log });
  closers.push(() => links.close());
  return links;
}

const anna = {
  sid: 'PA_1',
  identity: 'anna',
  name: 'Anna',
  kind: 'standard',
  joinedAtMs: 1,
  tracks: [{ sid: 'TR_1', kind: 'audio', source: 'microphone', name: 'mic', muted: false, encrypted: false }],
};
const joined: Step = { say: { ev: 'joined', sid: 'RM_1', people: [anna] } };
const opened = (streamId: number, atMs: number, sid = 'TR_1'): Step => ({
  say: { ev: 'streamOpened', streamId, identity: 'anna', sid, atMs },
});
const sound = (firstSample: number, count = 480, value = 100, streamId = 1): Step => ({
  sound: { streamId, firstSample, count, value },
});

const untilState = async (link: RoomLink, state: LinkState['state']): Promise<LinkState> => {
  for await (const value of link.state.read(AbortSignal.timeout(30_000))) if (value.state === state) return value;
  throw new Error(`the link was never ${state}, but ${JSON.stringify(link.state.value)}`);
};
const untilPeople = async (
  link: RoomLink,
  fits: (people: readonly Person[]) => boolean,
): Promise<readonly Person[]> => {
  for await (const people of link.people.read(AbortSignal.timeout(30_000))) if (people && fits(people)) return people;
  throw new Error(`people were never so, but ${JSON.stringify(link.people.value)}`);
};
const feedOf = (link: RoomLink, nowMs: () => number = Date.now): { feed: DirectFeed; events: Recorder<FeedEvent> } => {
  const feed = new DirectFeed({ link, nowMs, log });
  const events = new Recorder<FeedEvent>();
  feed.on(events.take);
  closers.push(() => feed.close());
  return { feed, events };
};
const isType =
  <K extends FeedEvent['type']>(type: K) =>
  (event: FeedEvent): event is Extract<FeedEvent, { type: K }> =>
    event.type === type;

test('the child starts with the first join, tells people as they change, and is shared', async () => {
  const child = await openChild();
  const links = openLinks();
  expect(child.starts).toBe(0);
  const script: Step[] = [
    joined,
    { say: { ev: 'personJoined', person: { ...anna, sid: 'PA_2', identity: 'ben', name: 'Ben', tracks: [] } } },
    { say: { ev: 'nameChanged', identity: 'ben', name: 'Benjamin' } },
    { say: { ev: 'trackPublished', identity: 'ben', track: { ...anna.tracks[0], sid: 'TR_2' } } },
    { say: { ev: 'trackMuted', identity: 'anna', sid: 'TR_1', muted: true } },
    { say: { ev: 'speakers', identities: ['ben'] } },
  ];
  const link = enter(child, links, [script]);
  const second = enter(child, links, [script]);
  const other = enter(child, links, [[joined]], 'lobby');
  await untilState(other, 'live');
  const people = await untilPeople(link, (all) => all.some((person) => person.isSpeaking));
  expect(people.map(({ name, isMuted, isSpeaking }) => ({ name, isMuted, isSpeaking }))).toEqual([
    { name: 'Anna', isMuted: true, isSpeaking: false },
    { name: 'Benjamin', isMuted: false, isSpeaking: true },
  ]);
  expect(link.speaking.value).toEqual(['ben']);
  expect(second.people).toBe(link.people);
  expect(child.starts).toBe(1);
  await link.release();
  expect(second.state.value.state).toBe('live');
  await second.release();
  expect(second.state.value.state).toBe('ended');
});

test('sound comes as a source; a jump of its count, a mute and the leaving are told', async () => {
  const child = await openChild();
  const startMs = 1_700_000_000_000;
  const { events, feed } = feedOf(
    enter(child, openLinks(), [
      [
        joined,
        opened(1, startMs),
        sound(0),
        sound(480),
        sound(4800),
        { say: { ev: 'trackMuted', identity: 'anna', sid: 'TR_1', muted: true } },
        { say: { ev: 'streamEnded', streamId: 1, reason: 'left' } },
        { say: { ev: 'personLeft', identity: 'anna' } },
      ],
    ]),
  );
  await events.until('the end of the source', isType('sourceClosed'));
  const told = events.all.filter((event) => event.type !== 'state');
  expect(told.map((event) => (event.type === 'pcm' ? event.firstSample : event.type))).toEqual([
    'sourceOpened',
    0,
    480,
    'gap',
    4800,
    'muted',
    'sourceClosed',
  ]);
  const source = await events.until('source', isType('sourceOpened'));
  expect(source).toMatchObject({ identity: 'anna', name: 'Anna', trackSid: 'TR_1', startedAtMs: startMs, lagMs: 10 });
  const gap = await events.until('gap', isType('gap'));
  expect(gap).toMatchObject({ sourceId: source.sourceId, fromMs: startMs + 20, toMs: startMs + 100 });
  const pcm = await events.until('pcm', isType('pcm'));
  expect(pcm.samples.length).toBe(480);
  expect(pcm.samples.every((sample) => sample === 100)).toBe(true);
  await feed.close();
  expect(events.all.at(-1)).toMatchObject({ type: 'state', state: 'ended' });
});

test('when the child dies every room is joined anew and the gap is dated', async () => {
  const child = await openChild();
  const links = openLinks();
  const lobby = enter(child, links, [[joined]], 'lobby');
  await untilState(lobby, 'live');
  const firstMs = 1_700_000_000_000;
  const { events } = feedOf(
    enter(child, links, [
      [joined, opened(1, firstMs), sound(0), { exit: 7 }],
      [joined, opened(1, firstMs + 3_000, 'TR_9'), sound(0)],
    ]),
  );
  const gap = await events.until('gap', isType('gap'));
  const sources = events.all.filter(isType('sourceOpened'));
  expect(sources.map((source) => source.identity)).toEqual(['anna', 'anna']);
  expect(gap).toEqual({
    type: 'gap',
    sourceId: sources[1]?.sourceId,
    fromMs: firstMs + 10,
    toMs: firstMs + 3_000,
    cause: 'The program that joins rooms ended.',
  });
  expect(events.all.filter(isType('sourceClosed')).map((closed) => closed.reason)).toEqual(['died']);
  expect(child.starts).toBe(2);
  await untilState(lobby, 'live');
  expect(events.all.filter(isType('state')).map(({ state }) => state)).toEqual([
    'connecting',
    'live',
    'reconnecting',
    'live',
  ]);
});

test.each([
  ['a message of 1 GB', 'ffffff3f'],
  ['an empty message', '00000000'],
  ['an unknown type', '0200000009ff'],
  ['text that is no JSON', '0500000001deadbeef'],
  ['a message that is none', `0c00000001${Buffer.from('{"ev":"no"}').toString('hex')}`],
  ['sound of half a sample', `1400000002${'00'.repeat(16)}aabbcc`],
  ['a line of HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex')],
])('%s from the child ends that child, and a new one takes its place', async (_what, hex) => {
  const child = await openChild();
  const link = enter(child, openLinks(), [
    [joined, { hex }],
    [joined, { say: { ev: 'speakers', identities: ['anna'] } }],
  ]);
  await untilPeople(link, (people) => people.some((person) => person.isSpeaking));
  expect(child.starts).toBe(2);
});

test('a child that never says hello, or the wrong one, gets no room', async () => {
  for (const hello of ['none', 'wrong']) {
    const before = logLines.length;
    let starts = 0;
    const fork = forkNode();
    const child = await openChild({
      // The first start is bad, the second good.
      fork: (file, options) =>
        fork(file, { ...options, env: { ...options.env, SCRIPT_HELLO: starts++ === 0 ? hello : 'right' } }),
    });
    const link = enter(child, openLinks(), [[joined]]);
    await untilState(link, 'live');
    expect(child.starts).toBe(2);
    const refused = logLines.slice(before).find((line) => line.includes('was refused')) ?? '';
    expect(refused).toContain(hello === 'none' ? 'no hello came' : 'wrong token');
  }
});

test('a stranger at the port is refused and disturbs nobody', async () => {
  let port = 0;
  const fork = forkNode();
  const child = await openChild({
    fork: (file, options) => {
      port = Number(options.env['CUEDESK_CHILD_PORT']);
      return fork(file, options);
    },
  });
  const link = enter(child, openLinks(), [[joined]]);
  await untilState(link, 'live');
  for (const bytes of [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from('ffffff3f01', 'hex'),
    Buffer.alloc(100_000),
  ]) {
    const stranger = connect(port, '127.0.0.1');
    stranger.on('error', () => {});
    stranger.write(bytes);
    await new Promise((done) => stranger.once('close', done)); // by a reset or by an end: both are a refusal
  }
  expect(link.state.value.state).toBe('live');
  expect(child.starts).toBe(1);
});

test('a join that ended is repeated only where that may help, and its token is never told', async () => {
  const child = await openChild();
  const links = openLinks();
  const secret = `eyJhbGciOiJIUzI1NiJ9.${'a'.repeat(40)}.sig`;
  const again = enter(child, links, [
    [{ say: { ev: 'joinFailed', code: 'join-timeout', text: `timed out with ${secret}`, retryable: true } }],
    [{ say: { ev: 'left', reason: 'SERVER_SHUTDOWN', retryable: true } }],
    [joined],
  ]);
  const waiting = await untilState(again, 'reconnecting');
  expect(waiting.problem).toMatchObject({ code: 'join-timeout', said: 'timed out with {token}' });
  await untilState(again, 'live');
  const ended = enter(
    child,
    links,
    [[joined, { say: { ev: 'left', reason: 'ROOM_DELETED', retryable: false } }]],
    'gone',
  );
  expect(await untilState(ended, 'ended')).toMatchObject({ text: 'The room was deleted.' });
  const refused = enter(
    child,
    links,
    [[{ say: { ev: 'joinFailed', code: 'join-refused', text: '401', retryable: false } }]],
    'no',
  );
  expect((await untilState(refused, 'ended')).problem).toMatchObject({ code: 'join-refused', fault: 'yours' });
  expect(logLines.join('\n')).not.toContain('aaaaaaaa');
  // Taken anew by somebody, it is joined anew.
  await untilState(enter(child, links, [[joined]], 'gone'), 'live');
});

test('a connection that comes back leaves a gap from the last sound that was heard', async () => {
  const child = await openChild();
  const startMs = 1_700_000_000_000;
  let nowMs = startMs + 400;
  const { events } = feedOf(
    enter(child, openLinks(), [
      [
        joined,
        opened(1, startMs),
        sound(0, 9_600),
        sound(9_600, 9_600, 0),
        { say: { ev: 'connection', state: 'reconnecting' } },
        { say: { ev: 'connection', state: 'connected' } },
      ],
    ]),
    () => nowMs++, // the loss is seen at 400 ms, the return at 401 ms or later
  );
  const gap = await events.until('gap', isType('gap'));
  expect(gap.fromMs).toBe(startMs + 200);
  expect(gap.toMs).toBeGreaterThan(startMs + 400);
  expect(gap.toMs).toBeLessThan(nowMs);
});

test('a stream that stood still while the connection was away lacks what its count has jumped, and no more', async () => {
  const child = await openChild();
  const startMs = 1_700_000_000_000;
  const { events } = feedOf(
    enter(child, openLinks(), [
      [
        joined,
        opened(1, startMs),
        sound(0, 9_600),
        sound(9_600, 9_600, 0),
        { say: { ev: 'connection', state: 'reconnecting' } },
        { say: { ev: 'connection', state: 'connected' } },
        sound(96_000),
      ],
    ]),
    () => startMs + 5_000,
  );
  await events.until('sound behind it', (event) => event.type === 'pcm' && event.firstSample === 96_000);
  expect(events.all.filter(isType('gap'))).toMatchObject([
    { fromMs: startMs + 400, toMs: startMs + 2_000, cause: 'The connection to the room was interrupted.' },
  ]);
});

test.each([
  ['comes back some seconds after us was missing meanwhile', 5_000, 1],
  ['comes back later had left', 60_000, 0],
])('who is not there when we are back and %s', async (_what, awayMs, gaps) => {
  const child = await openChild();
  const startMs = 1_700_000_000_000;
  let nowMs = startMs;
  const { events, feed } = feedOf(
    enter(child, openLinks(), [
      [joined, opened(1, startMs), sound(0), { say: { ev: 'left', reason: 'SIGNAL_CLOSE', retryable: true } }],
      [
        { say: { ev: 'joined', sid: 'RM_1', people: [] } },
        { say: { ev: 'personJoined', person: anna } },
        opened(2, startMs + awayMs),
        sound(0, 480, 100, 2),
      ],
    ]),
    () => nowMs,
  );
  // The time passes in the very turn in which we are back.
  feed.on((event) => {
    const isBack = event.type === 'state' && event.state === 'live' && events.all.some(isType('sourceClosed'));
    if (isBack) nowMs += awayMs;
  });
  await events.until('the sound', (event) => event.type === 'pcm' && event.sourceId.endsWith('#2'));
  expect(events.all.filter(isType('gap'))).toHaveLength(gaps);
});

test('it is recycled when nobody needs it, and started again when somebody does', async () => {
  const child = await openChild({ recycleAfterJoins: 2, idleMs: 20 });
  const links = openLinks();
  for (let round = 0; round < 2; round++) {
    const link = enter(child, links, [[joined]]);
    await untilState(link, 'live');
    await link.release();
  }
  await expect.poll(() => child.isRunning).toBe(false);
  expect(child.starts).toBe(1);
  await untilState(enter(child, links, [[joined]]), 'live');
  expect(child.starts).toBe(2);
});

test('300 rooms entered and left leave nothing in the core', { timeout: 120_000 }, async () => {
  const child = await openChild({ recycleAfterJoins: 10_000 });
  const links = openLinks();
  const cycle = async (): Promise<void> => {
    const { feed, events } = feedOf(enter(child, links, [[joined, opened(1, 1_700_000_000_000), sound(0)]]));
    closers.pop(); // closed here
    await events.until('sound', isType('pcm'));
    await feed.close();
  };
  for (let round = 0; round < 50; round++) await cycle();
  const before = { resources: openResources(), heapBytes: await settledHeapBytes() };
  for (let round = 0; round < 300; round++) await cycle();
  expect(await risenResources(before.resources)).toEqual({});
  const heapBytes = await settledHeapBytes();
  expect(heapBytes - before.heapBytes).toBeLessThan(3 * 1024 * 1024);
  expect(child.starts).toBe(1);
});
