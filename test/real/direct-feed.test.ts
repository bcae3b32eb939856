import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FeedEvent } from '../../src/core/feeds/audio-feed.ts';
import { DirectFeed } from '../../src/core/feeds/direct-feed.ts';
import { RoomChild } from '../../src/core/feeds/room-child.ts';
import { RoomLinks, type RoomLink } from '../../src/core/feeds/room-link.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { createLog } from '../../src/core/live/log.ts';
import type { Person } from '../../src/shared/model/room.ts';
import type { PublisherCommand, PublisherEvent } from '../programs/publisher.ts';
import { forkNode } from '../support/fork-node.ts';
import { onQuietMachine } from '../support/quiet-machine.ts';
import { describeWithLivekit, startLivekitServer, type RealLivekit } from '../support/livekit-server.ts';
import { Recorder } from '../support/recorder.ts';

const logLines: string[] = [];
const printed: string[] = [];
const log = createLog((line) => logLines.push(line), { level: 'debug' });
const closers: (() => Promise<unknown>)[] = [];
type Timed = FeedEvent & { readonly arrivedMs: number };
const isType =
  <K extends FeedEvent['type']>(type: K) =>
  (event: Timed): event is Extract<FeedEvent, { type: K }> & Timed =>
    event.type === type;

async function tokenOf(server: RealLivekit, identity: string, more: Record<string, boolean>): Promise<string> {
  const token = new AccessToken(server.apiKey, server.apiSecret, { identity, name: identity.toUpperCase(), ttl: 600 });
  token.addGrant({ roomJoin: true, room: 'hall', canSubscribe: true, ...more });
  return token.toJwt();
}

async function publish(server: RealLivekit, identity: string) {
  const token = await tokenOf(server, identity, { canPublish: true });
  const child = fork(resolve('test/programs/publisher.ts'), [], {
    env: { ...process.env, NODE_ENV: 'production', PUBLISHER_URL: server.wsUrl, PUBLISHER_TOKEN: token },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const events = new Recorder<PublisherEvent>();
  child.on('message', (event) => events.take(event as PublisherEvent));
  const gone = new Promise((done) => child.once('close', done));
  closers.push(() => {
    child.kill('SIGKILL');
    return gone;
  });
  const published = await events.until('its track', (event) => event.type === 'published', { limitMs: 40_000 });
  return {
    events,
    sid: published.type === 'published' ? published.sid : '',
    tell: (what: PublisherCommand['do']) => void child.send({ do: what } satisfies PublisherCommand),
  };
}

describeWithLivekit('the direct feed on a real livekit-server', (program) => {
  let server: RealLivekit;
  let child: RoomChild;
  let links: RoomLinks;
  const enter = (): RoomLink =>
    links.acquire({
      serverId: 's',
      roomName: 'hall',
      ticket: async () => ({
        url: server.wsUrl,
        token: await tokenOf(server, `cuedesk-${Math.random().toString(36).slice(2)}`, {
          hidden: true,
          agent: true,
          canPublish: false,
        }),
      }),
      child,
    });
  const feedOf = (link: RoomLink) => {
    const feed = new DirectFeed({ link, nowMs: () => Date.now(), log });
    const events = new Recorder<Timed>();
    feed.on((event) => events.take({ ...event, arrivedMs: Date.now() }));
    closers.push(() => feed.close());
    return { feed, events };
  };
  const untilPeople = async (link: RoomLink, fits: (people: readonly Person[]) => boolean) => {
    for await (const people of link.people.read(AbortSignal.timeout(40_000))) if (people && fits(people)) return people;
    throw new Error(`people were never so, but ${JSON.stringify(link.people.value)}`);
  };

  const begin = async (): Promise<void> => {
    server = await startLivekitServer(program, { remoteUnmute: true });
    closers.push(() => server.close());
    child = await RoomChild.open({
      program: resolve('src/core/feeds/rtc-child.ts'),
      env: {},
      fork: forkNode(printed),
      clock: systemClock,
      log,
    });
    closers.push(() => child.close());
    links = new RoomLinks({ clock: systemClock, log });
    closers.push(() => links.close());
  };
  const end = async (): Promise<void> => {
    for (let close = closers.pop(); close; close = closers.pop()) await close();
    expect(printed.filter((line) => line.startsWith('{"level":20') || line.includes('eyJ'))).toEqual([]);
    expect(logLines.join('\n')).not.toMatch(/eyJ[\w-]{10,}\./);
  };
  beforeEach(begin);
  afterEach(end);

  test(
    'sound arrives steadily and dated; mute, unmute, republishing and leaving are told',
    { timeout: 120_000 },
    async () => {
      let isFirst = true;
      await onQuietMachine(async () => {
        if (!isFirst) {
          await end();
          await begin();
        }
        isFirst = false;
        const link = enter();
        const { events } = feedOf(link);
        const anna = await publish(server, 'anna');
        const source = await events.until('the source', isType('sourceOpened'));
        expect(source).toMatchObject({ identity: 'anna', name: 'ANNA', trackSid: anna.sid, lagMs: 60 });
        const [person] = await untilPeople(link, (people) => (people[0]?.tracks.length ?? 0) > 0);
        expect(person).toMatchObject({ identity: 'anna', kind: 'standard', isMuted: false });
        expect(Math.abs((person?.joinedAtMs ?? 0) - Date.now())).toBeLessThan(30_000);
        await untilPeople(link, (people) => people.some(({ isSpeaking }) => isSpeaking));

        await events.until('6 s of sound', (event) => event.type === 'pcm' && event.firstSample >= 6 * 48_000, {
          limitMs: 40_000,
        });
        const blocks = events.all.filter((event) => event.type === 'pcm');
        blocks.forEach((block, index) => expect(block.firstSample).toBe(index * 480));
        expect(events.all.filter(isType('gap'))).toEqual([]);
        // The count is the clock: 5 s of samples later it is 5 s later. The earliest arrivals of a second are free of our load.
        const earliest = (from: number): number =>
          Math.min(...blocks.slice(from, from + 100).map((block) => block.arrivedMs - block.firstSample / 48));
        expect(Math.abs(earliest(500) - earliest(0))).toBeLessThan(60);

        const bursts = anna.events.all.flatMap((event) => (event.type === 'burst' ? [event.atMs] : [])).slice(2);
        const onsets = blocks.flatMap((block, index) => {
          const at = block.samples.findIndex((sample) => Math.abs(sample) > 2_000);
          const isOnset =
            at >= 0 &&
            blocks
              .slice(Math.max(0, index - 10), index)
              .every(({ samples }) => samples.every((s) => Math.abs(s) <= 2_000));
          return isOnset
            ? [{ arrivedMs: block.arrivedMs, madeMs: source.startedAtMs + (block.firstSample + at) / 48 }]
            : [];
        });
        const pairs = onsets.flatMap((onset) => {
          const burst = bursts.find((atMs) => Math.abs(atMs - onset.madeMs) < 200);
          return burst === undefined ? [] : [{ delayMs: onset.arrivedMs - burst, wrongMs: onset.madeMs - burst }];
        });
        expect(pairs.length).toBeGreaterThanOrEqual(4);
        const median = (values: number[]): number =>
          values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
        const delayMs = median(pairs.map((pair) => pair.delayMs));
        const wrongMs = median(pairs.map((pair) => pair.wrongMs));
        console.log(
          `delay from sound to PCM ${delayMs.toFixed(0)} ms, dated ${wrongMs.toFixed(0)} ms wrong, n=${pairs.length}`,
        );
        expect(delayMs).toBeGreaterThan(15);
        expect(delayMs).toBeLessThan(200);
        expect(Math.abs(wrongMs)).toBeLessThan(150);

        const api = new RoomServiceClient(server.url, server.apiKey, server.apiSecret);
        await api.mutePublishedTrack('hall', 'anna', anna.sid, true);
        await events.until('the mute', (event) => event.type === 'muted' && event.isMuted);
        const mutedFrom = events.all.length;
        await events.until('zeros', (event) => event.type === 'pcm' && event.samples.every((sample) => sample === 0), {
          from: mutedFrom,
        });
        await api.mutePublishedTrack('hall', 'anna', anna.sid, false);
        await events.until('the unmute', (event) => event.type === 'muted' && !event.isMuted, { from: mutedFrom });
        await events.until(
          'sound again',
          (event) => event.type === 'pcm' && event.samples.some((sample) => sample > 2_000),
          { from: events.all.length },
        );

        anna.tell('unpublish');
        expect((await events.until('the end', isType('sourceClosed'))).reason).toBe('unpublished');
        const republishedFrom = events.all.length;
        anna.tell('publish');
        const second = await events.until('the next source', isType('sourceOpened'), { from: republishedFrom });
        expect(second.trackSid).not.toBe(source.trackSid);
        const leftFrom = events.all.length;
        anna.tell('leave');
        const closed = await events.until('the leaving', isType('sourceClosed'), { from: leftFrom });
        expect(['left', 'unpublished']).toContain(closed.reason);
        await untilPeople(link, (people) => people.length === 0);
        expect(events.all.filter(isType('gap'))).toEqual([]);
      });
    },
  );

  test('a server that is killed and comes back is joined again, and the gap is dated', async () => {
    const { events } = feedOf(enter());
    await publish(server, 'anna');
    const first = await events.until('the source', isType('sourceOpened'));
    await events.until('sound', (event) => event.type === 'pcm' && event.firstSample > 48_000);
    const killedMs = Date.now();
    process.kill(server.pid, 'SIGKILL');
    await events.until('the loss', (event) => event.type === 'state' && event.state === 'reconnecting');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    server = await startLivekitServer(program, { ports: server.ports });
    closers.push(() => server.close());
    const backMs = Date.now();
    const gap = await events.until('the gap', isType('gap'), { limitMs: 40_000 });
    expect(Math.abs(gap.fromMs - killedMs)).toBeLessThan(1_500);
    expect(gap.toMs).toBeGreaterThan(backMs - 500);
    const again = events.all.filter(isType('sourceOpened')).at(-1);
    expect(again?.sourceId).not.toBe(first.sourceId);
    expect(again?.identity).toBe('anna');
    console.log(`server away ${backMs - killedMs} ms, gap ${Math.round(gap.toMs - gap.fromMs)} ms`);
    await events.until(
      'her voice',
      (event) => event.type === 'pcm' && event.sourceId === again?.sourceId && event.samples.some((s) => s > 2_000),
    );
  });

  test('the death of the child is a dated gap, and a wrong key is told', async () => {
    const { events } = feedOf(enter());
    await publish(server, 'anna');
    await events.until('sound', (event) => event.type === 'pcm' && event.firstSample > 24_000);
    const started = logLines.findLast((line) => line.includes('room child started')) ?? '';
    process.kill((JSON.parse(started) as { pid: number }).pid, 'SIGKILL');
    const killedMs = Date.now();
    const gap = await events.until('the gap', isType('gap'), { limitMs: 40_000 });
    console.log(`child killed: gap ${Math.round(gap.toMs - gap.fromMs)} ms`);
    expect(Math.abs(gap.fromMs - killedMs)).toBeLessThan(1_500);
    expect(gap.cause).toBe('The program that joins rooms ended.');

    const refused = links.acquire({
      serverId: 's',
      roomName: 'other',
      ticket: async () => ({
        url: server.wsUrl,
        token: await tokenOf({ ...server, apiSecret: 'b-secret-of-thirty-six-chars-0123456' }, 'x', { hidden: true }),
      }),
      child,
    });
    for await (const state of refused.state.read(AbortSignal.timeout(40_000)))
      if (state.state === 'ended') {
        expect(state.problem).toMatchObject({ code: 'join-refused', retryable: false });
        break;
      }
    expect(refused.state.value.state).toBe('ended');
  });
});
