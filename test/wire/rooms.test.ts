import { afterEach, expect, test } from 'vitest';
import { LiveKitApi } from '../../src/core/livekit/api.ts';
import { RoomWatchers } from '../../src/core/livekit/rooms/room-watchers.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import type { RoomList } from '../../src/shared/model/room.ts';
import { apiKey, openTwoPeople } from '../support/two-people.ts';

const opened: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function openServer(): Promise<{ readonly url: string }> {
  const server = await openTwoPeople();
  opened.push(server.close);
  return server;
}
function openWatchers(
  credentials: () => { readonly url: string; readonly apiKey: string; readonly apiSecret: string },
): {
  readonly api: () => LiveKitApi;
  readonly changed: () => Promise<void>;
  readonly watchers: RoomWatchers;
} {
  const make = (): LiveKitApi => new LiveKitApi({ ...credentials(), clock: systemClock, log: silentLog });
  let api = make();
  const unknown = new ProblemError({
    code: 'no-such-server',
    fault: 'yours',
    retryable: false,
    text: 'Not connected.',
  });
  const watchers = new RoomWatchers({
    clock: systemClock,
    log: silentLog,
    apiOf: (serverId) => (serverId === 's' ? Promise.resolve(api) : Promise.reject(unknown)),
    tallyOf: () => ({ room: [], people: () => ({}) }),
    eventsOf: () => null,
    requestsPerMinuteOf: () => Infinity,
  });
  opened.push(
    () => api.close(),
    () => watchers.close(),
  );
  const changed = async (): Promise<void> => {
    await api.close();
    api = make();
  };
  return { api: () => api, changed, watchers };
}
function until(watchers: RoomWatchers, serverId: string, what: (list: RoomList) => boolean): Promise<RoomList> {
  const cell = watchers.rooms(serverId);
  return new Promise((resolve) => {
    const off = cell.on((list) => {
      if (!what(list)) return;
      off();
      resolve(list);
    });
  });
}

test('a wrong secret is told in the list, and the right one is enough', async () => {
  const standIn = await openServer();
  let secret = 'another-secret-of-thirty-six-chars!!';
  const { changed, watchers } = openWatchers(() => ({ url: standIn.url, apiKey: apiKey.key, apiSecret: secret }));
  const refused = await until(watchers, 's', (list) => list.sight.problem !== undefined);
  expect(refused).toMatchObject({
    rooms: [],
    sight: { state: 'stale', asOfMs: null, problem: { code: 'wrong-secret', retryable: false } },
  });
  expect(JSON.stringify(refused)).not.toContain('eyJ');
  secret = apiKey.secret;
  await changed();
  watchers.reset('s');
  const seen = await until(watchers, 's', (list) => list.sight.state === 'current');
  expect(seen.rooms).toMatchObject([{ name: 'hall', peopleCount: 2 }]);
  expect(await until(watchers, 'other', (list) => list.sight.problem !== undefined)).toMatchObject({
    sight: { problem: { code: 'no-such-server' } },
  });
});

test('in the open room a mute is seen, and the recorder of an egress is nobody', async () => {
  const standIn = await openServer();
  const { api: current, watchers } = openWatchers(() => ({
    url: standIn.url,
    apiKey: apiKey.key,
    apiSecret: apiKey.secret,
  }));
  const api = current();
  const ada = { roomName: 'hall', identity: 'ada' };
  const trackSid = (await api.listPeople('hall')).people.find((one) => one.identity === 'ada')?.tracks[0]?.sid ?? '';
  const started = await api.startTrackEgress({
    roomName: 'hall',
    trackSid,
    websocketUrl: 'ws://127.0.0.1:1/x',
  });
  expect(started).toMatchObject({ status: 'starting', kind: 'track', roomName: 'hall', mediaStartedAtMs: null });
  const stop = new AbortController();
  for await (const room of watchers.room('s', 'hall', stop.signal)) {
    if (room.sight.state !== 'current') continue;
    expect(room.people.map((one) => one.identity).toSorted()).toEqual(['ada', 'ben']);
    if (room.people.some((one) => one.identity === 'ada' && one.isMuted)) stop.abort();
    else await api.control.mutePublishedTrack({ ...ada, trackSid, muted: true });
  }
  const now = async () => (await api.listEgress()).find((one) => one.egressId === started.egressId);
  await expect.poll(now).toMatchObject({ status: 'failed', errorCode: 400 });
});
