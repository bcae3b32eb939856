import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RoomServiceClient } from 'livekit-server-sdk';
import { expect, test } from 'vitest';
import type { RehearsalConnection } from '../../src/core/host-services.ts';
import { RehearsalControl } from '../../src/headless/rehearse/control.ts';
import type { FeedKind } from '../../src/shared/model/captions.ts';
import type { RoomDetail } from '../../src/shared/model/room.ts';
import { describeWithLivekit, startLivekitServer } from '../support/livekit-server.ts';
import { playThrough } from '../support/media-check.ts';
import { openRealPeople } from '../support/people.ts';
import { onQuietMachine, webRtcStallMs } from '../support/quiet-machine.ts';
import {
  type Api,
  type ConsoleInFolder,
  openConsoleIn,
  rehearsalProgram,
  rehearsalServerId,
  tempFolder,
  until,
} from '../support/whole-console.ts';
import {
  ended,
  entriesOf,
  finalsOf,
  jobEnd,
  jobWhen,
  type Levels,
  live,
  openMeters,
  sessionWhen,
  startRecording,
} from '../support/whole-jobs.ts';
import { expectAllWords, wordsOf } from '../support/word-check.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';

// The main job on a real livekit-server: the people of the scene are in it by WebRTC, only the transcriber is a stand-in.

const room = 'town-hall';
const lastsMs = 60_000;

interface Stage {
  readonly consoles: Readonly<Record<FeedKind, ConsoleInFolder>>;
  readonly control: RehearsalControl;
  readonly rehearsal: RehearsalConnection;
  readonly people: ReturnType<typeof openRealPeople>;
  readonly service: RoomServiceClient;
}

async function onStage(program: string, play: (stage: Stage) => Promise<void>): Promise<void> {
  const closers: (() => unknown)[] = [];
  try {
    const folder = tempFolder();
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    const server = await startLivekitServer(program, { departureTimeoutS: 1 });
    closers.push(() => server.close());
    const behind = `${server.url},${server.apiKey},${server.apiSecret}`;
    const rehearsal = await rehearsalProgram(join(folder, 'files'), {
      egressLimit: 8,
      env: { LIVEKIT_BEHIND: behind },
    });
    closers.push(() => rehearsal.close());
    const people = openRealPeople(server);
    closers.push(() => people.close());
    // One console on the server itself, which has no egress; one on the rehearsal before it, which has.
    const { wsUrl: url, apiKey, apiSecret } = server;
    const direct = await openConsoleIn(join(folder, 'direct'), {
      ...rehearsal.connection,
      livekit: { url, apiKey, apiSecret },
    });
    closers.push(() => direct.close());
    const proxied = await openConsoleIn(join(folder, 'track-socket'), rehearsal.connection);
    closers.push(() => proxied.close());
    await play({
      consoles: { direct, 'track-socket': proxied },
      control: new RehearsalControl(rehearsal.connection.control),
      rehearsal: rehearsal.connection,
      people,
      service: new RoomServiceClient(server.url, apiKey, apiSecret),
    });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** Captions of a minute, every word of it, and how long they took. */
async function caption(stage: Stage, feed: FeedKind, meanwhile: (api: Api, serverId: string) => Promise<void>) {
  const { api } = stage.consoles[feed];
  const serverId = await rehearsalServerId(api);
  const asked = await api.startCaptions({ serverId, roomName: room, feed });
  const session = await sessionWhen(
    api,
    asked,
    (one) => live(one) && one.speakers.length === 6,
    'to be live for all six',
  );
  const fromMs = Date.now();
  await Promise.all([delay(lastsMs), meanwhile(api, serverId)]);
  const toMs = Date.now();
  const over = await api.stopCaptions({ sessionId: session.id }).then((one) => sessionWhen(api, one, ended, 'to end'));
  const entries = await entriesOf(api, session.id);
  const finals = finalsOf(entries);
  const check = await expectAllWords(stage.control, { fromMs, toMs }, wordsOf(finals, over.startedAtMs ?? NaN));
  expect(check.spoken).toBeGreaterThan(60);
  const delays = finals.flatMap(({ delayMs }) => (delayMs === null ? [] : [delayMs])).sort((a, b) => a - b);
  const gaps = entries.filter((entry) => entry.type === 'gap').length;
  console.info(
    JSON.stringify({ feed, ...check, gaps, delayMs: { p50: delays[delays.length >> 1], most: delays.at(-1) } }),
  );
}

/** The server has no egress: the plan says so, and what is recorded here holds every word. */
async function recordHere(stage: Stage, api: Api, serverId: string): Promise<void> {
  await until(
    api.servers({}),
    ({ servers }) => servers.find(({ id }) => id === serverId)?.egress === 'absent',
    'the server to be known without egress',
  );
  const request = programRequest('x', 'grid');
  const plan = await api.planJob({ serverId, roomName: room, mode: 'best', request });
  expect(plan.verdict).toBe('desk');
  const pressedAtMs = Date.now();
  const begun = await startRecording(api, serverId, 'here');
  await jobWhen(api, begun, (one) => one.engine === 'desk' && one.phase === 'recording', 'to record here');
  await delay(45_000);
  await api.stopJob({ jobId: begun.id });
  const done = await jobEnd(api, begun);
  expect(done).toMatchObject({ phase: 'done', engine: 'desk' });
  const mix = done.files.find((file) => file.content === 'program');
  if (!mix || !done.desk) throw new Error('There is no recording.');
  const { durationMs } = await playThrough(mix.location);
  const ownMs = (done.desk.endedAtMs ?? NaN) - (done.desk.startedAtMs ?? NaN);
  expect(Math.abs(durationMs - ownMs)).toBeLessThan(1_000);
  const startMs = mix.startedAtMs ?? NaN;
  expect(startMs - pressedAtMs).toBeLessThan(1_000);
  const { words } = await stage.control.decode(mix.location);
  const heard = words.map(({ identity, word, atMs }) => ({ identity, word, startMs: startMs + atMs }));
  const check = await expectAllWords(stage.control, { fromMs: startMs + 200, toMs: startMs + durationMs - 200 }, heard);
  console.info(JSON.stringify({ file: mix.name, durationMs, offByMs: Math.round(durationMs - ownMs), ...check }));
}

/** Somebody comes, speaks up, is muted and goes: how long until the open room shows it. */
async function followRoom(stage: Stage, api: Api, serverId: string): Promise<void> {
  const { people, service } = stage;
  await service.createRoom({ name: 'green-room', emptyTimeout: 60 });
  const tookMs: Record<string, number> = {};
  const shows = async (what: string, act: () => Promise<unknown>, isSo: (room: RoomDetail) => boolean) => {
    const began = Promise.withResolvers<void>();
    const seen = until(
      api.room({ serverId, roomName: 'green-room' }),
      (value) => (began.resolve(), isSo(value)),
      what,
      10_000,
    ).then(() => Date.now());
    await began.promise;
    await act();
    const actedAtMs = Date.now();
    tookMs[what] = Math.max(0, (await seen) - actedAtMs);
    expect(tookMs[what]).toBeLessThan(2_000);
  };
  const guest = (value: RoomDetail) => value.people.find(({ identity }) => identity === 'guest');
  await shows(
    'a join',
    () => people.join('green-room', 'guest'),
    (value) => guest(value) !== undefined,
  );
  await shows(
    'a microphone',
    () => people.act('guest', 'publish'),
    (value) => guest(value)?.isMuted === false,
  );
  const [info] = await service.listParticipants('green-room');
  const sid = info?.tracks[0]?.sid ?? '';
  await shows(
    'a mute',
    () => service.mutePublishedTrack('green-room', 'guest', sid, true),
    (value) => guest(value)?.isMuted === true,
  );
  await shows(
    'a leave',
    () => people.act('guest', 'leave'),
    (value) => value.people.length === 0,
  );
  console.info(JSON.stringify({ shownAfterMs: tookMs }));
}

/** Who speaks moves their meter, and only theirs: whoever is muted shows nothing. */
async function watchLevels(stage: Stage, api: Api, serverId: string): Promise<void> {
  const seen: { readonly atMs: number; readonly levels: Levels }[] = [];
  const muted: { readonly atMs: number; readonly identities: ReadonlySet<string> }[] = [];
  const stop = new AbortController();
  const following = (async () => {
    for await (const value of api.room({ serverId, roomName: room }, { signal: stop.signal })) {
      const identities = new Set(value.people.filter(({ isMuted }) => isMuted).map(({ identity }) => identity));
      muted.push({ atMs: Date.now(), identities });
    }
  })();
  const meters = await openMeters(api, serverId, room, (levels) => void seen.push({ atMs: Date.now(), levels }));
  const fromMs = Date.now();
  await delay(20_000);
  const toMs = Date.now();
  await meters.close();
  stop.abort();
  await following;
  const spoken = await stage.control.spoken(room, fromMs, toMs - 500);
  const quiet = spoken.filter(({ identity, startMs, endMs }) => {
    const during = seen.filter(({ atMs }) => atMs > startMs && atMs < endMs + 400);
    return Math.max(...during.map(({ levels }) => levels.get(identity)?.rmsDb ?? -Infinity)) < -45;
  });
  // WebRTC may lose a word's packets on a busy machine; a meter that does not move loses all of them.
  expect(quiet.length).toBeLessThanOrEqual(spoken.length / 10);
  const loud = seen.filter(({ atMs, levels }) => {
    const near = muted.filter((one) => Math.abs(one.atMs - atMs) < 1_500);
    const before = muted.findLast((one) => one.atMs <= atMs);
    return [...(before?.identities ?? [])].some(
      (identity) =>
        near.every((one) => one.identities.has(identity)) && (levels.get(identity)?.rmsDb ?? -Infinity) > -60,
    );
  });
  expect(loud).toEqual([]);
  expect(muted.some(({ identities }) => identities.has('carla-ferreira'))).toBe(true);
  console.info(JSON.stringify({ words: spoken.length, levels: seen.length }));
}

describeWithLivekit('the main job on a real livekit-server', (program) => {
  test('people, levels, words and the recording made here are right by both feeds', { timeout: 400_000 }, () =>
    onQuietMachine(
      () =>
        onStage(program, async (stage) => {
          await Promise.all([
            caption(stage, 'direct', async (api, serverId) => {
              await Promise.all([
                watchLevels(stage, api, serverId),
                recordHere(stage, api, serverId),
                followRoom(stage, api, serverId),
              ]);
            }),
            caption(stage, 'track-socket', async () => {}),
          ]);
        }),
      webRtcStallMs,
    ),
  );
});
