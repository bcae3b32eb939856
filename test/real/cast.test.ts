import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { expect, test } from 'vitest';
import type { FeedEvent } from '../../src/core/feeds/audio-feed.ts';
import { DirectFeed } from '../../src/core/feeds/direct-feed.ts';
import { RoomChild } from '../../src/core/feeds/room-child.ts';
import { RoomLinks } from '../../src/core/feeds/room-link.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { createLog } from '../../src/core/live/log.ts';
import { account } from '../../src/rehearsal/accounting.ts';
import { openShow } from '../../src/rehearsal/scene/show.ts';
import { ToneDecoder } from '../../src/rehearsal/tones/decode.ts';
import { forkNode } from '../support/fork-node.ts';
import { onQuietMachine, webRtcStallMs } from '../support/quiet-machine.ts';
import { describeWithLivekit, type RealLivekit, startLivekitServer } from '../support/livekit-server.ts';

const log = createLog(() => {});
const seed = 9;
const room = 'town-hall';

describeWithLivekit('the cast on a real livekit-server', (program) => {
  const closers: (() => Promise<unknown>)[] = [];
  let server: RealLivekit;
  let cast: ChildProcess;
  let castEnded: Promise<unknown>;
  let castLines = '';
  let startedAtMs: number;

  const begin = async (): Promise<void> => {
    castLines = '';
    // No remote unmute, as on most servers: who unmutes publishes anew.
    server = await startLivekitServer(program);
    closers.push(() => server.close());
    // The 18th second of the script: Carla unmutes at 24 s and speaks at 27 s.
    startedAtMs = Date.now() - 18_000;
    const task = {
      scene: room,
      seed,
      startedAtMs,
      url: server.wsUrl,
      apiKey: server.apiKey,
      apiSecret: server.apiSecret,
    };
    cast = fork(resolve('src/rehearsal/cast-child.ts'), [], {
      env: { ...process.env, CUEDESK_CAST: JSON.stringify(task) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [cast.stdout, cast.stderr])
      stream?.on('data', (chunk: Buffer) => (castLines += chunk.toString()));
    castEnded = once(cast, 'exit');
    await once(cast, 'message');
  };
  const end = async (): Promise<void> => {
    cast.kill('SIGTERM');
    const [code] = (await castEnded) as [number | null];
    for (let close = closers.pop(); close; close = closers.pop()) await close();
    expect({ code, castLines }).toEqual({ code: 0, castLines: '' });
  };

  test('everybody is there, mutes by the script, and every word arrives', { timeout: 120_000 }, () =>
    onQuietMachine(async () => {
      await begin();
      try {
        await hearEverybody();
      } finally {
        await end();
      }
    }, webRtcStallMs),
  );

  async function hearEverybody(): Promise<void> {
    const show = openShow(room, { startedAtMs, seed });
    const api = new RoomServiceClient(server.url, server.apiKey, server.apiSecret);
    const people = await api.listParticipants(room);
    const named = (all: readonly { identity: string; name: string }[]): string[] =>
      all.map(({ identity, name }) => `${identity} ${name}`).sort();
    expect(named(people)).toEqual(named(show.people(room, startedAtMs)));
    const isMuted = async (identity: string): Promise<boolean | undefined> =>
      (await api.getParticipant(room, identity)).tracks[0]?.muted;
    await expect.poll(() => isMuted('carla-ferreira')).toBe(true);
    await expect.poll(() => isMuted('ada-lindqvist')).toBe(false);

    const child = await RoomChild.open({
      program: resolve('src/core/feeds/rtc-child.ts'),
      env: {},
      fork: forkNode(),
      clock: systemClock,
      log,
    });
    closers.push(() => child.close());
    const links = new RoomLinks({ clock: systemClock, log });
    closers.push(() => links.close());
    const token = new AccessToken(server.apiKey, server.apiSecret, { identity: 'listener', ttl: 600 });
    token.addGrant({ roomJoin: true, room, canSubscribe: true, canPublish: false, hidden: true, agent: true });
    const jwt = await token.toJwt();
    const link = links.acquire({
      serverId: 's',
      roomName: room,
      ticket: () => Promise.resolve({ url: server.wsUrl, token: jwt }),
      child,
    });
    const feed = new DirectFeed({ link, nowMs: () => Date.now(), log });
    closers.push(() => feed.close());

    const sources = new Map<string, { identity: string; startedAtMs: number; decoder: ToneDecoder }>();
    const heard: { identity: string; word: string; startMs: number }[] = [];
    feed.on((event: FeedEvent) => {
      if (event.type === 'sourceOpened')
        sources.set(event.sourceId, {
          identity: event.identity,
          startedAtMs: event.startedAtMs,
          decoder: new ToneDecoder(),
        });
      if (event.type !== 'pcm') return;
      const source = sources.get(event.sourceId);
      const third = event.samples.filter((_value, index) => (event.firstSample + index) % 3 === 0);
      for (const { word, startSample } of source?.decoder.push(third) ?? [])
        heard.push({
          identity: source?.identity ?? '',
          word: show.lexicon[word] ?? '',
          startMs: (source?.startedAtMs ?? 0) + startSample / 16,
        });
    });
    await expect.poll(() => sources.size).toBe(6);
    const fromMs = Date.now() + 500;
    await delay(18_000);
    const toMs = Date.now() - 1_000;
    expect(await isMuted('carla-ferreira')).toBe(false);

    const spoken = show.spoken(room, fromMs, toMs);
    expect(new Set(spoken.map(({ identity }) => identity)).has('carla-ferreira')).toBe(true);
    const result = account(
      spoken,
      heard.filter(({ startMs }) => startMs > fromMs - 300 && startMs < toMs + 300),
    );
    expect(result).toMatchObject({ missing: [], doubled: [], wrongSpeaker: [], outOfOrder: 0 });
    expect(result.wrong.filter(({ startMs }) => startMs > fromMs + 400 && startMs < toMs - 400)).toEqual([]);
    expect(Math.abs(result.offsetMs.median)).toBeLessThan(200);
  }
});
