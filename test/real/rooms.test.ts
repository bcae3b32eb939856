import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LiveKitApi } from '../../src/core/livekit/api.ts';
import { RoomWatchers } from '../../src/core/livekit/rooms/room-watchers.ts';
import { testServer } from '../../src/core/livekit/server-test.ts';
import { WebhookReceiver, type WebhookAnswer } from '../../src/core/livekit/webhooks.ts';
import { type Clock, systemClock } from '../../src/core/live/clock.ts';
import { silentLog } from '../../src/core/live/log.ts';
import type { RoomDetail, RoomList } from '../../src/shared/model/room.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { describeWithLivekit, startLivekitServer, type RealLivekit } from '../support/livekit-server.ts';
import { openRealPeople, type RealPeople } from '../support/people.ts';

describeWithLivekit('the rooms of a real server', (program) => {
  let server: RealLivekit;
  let people: RealPeople;
  let api: LiveKitApi;
  let watchers: RoomWatchers;
  let hook: HttpServer;
  let receiver: WebhookReceiver;
  const answers: WebhookAnswer[] = [];
  const closers: (() => Promise<void> | void)[] = [];
  const stop = new AbortController();

  const openWatchers = (clock: Clock): RoomWatchers =>
    new RoomWatchers({
      clock,
      log: silentLog,
      apiOf: () => Promise.resolve(api),
      tallyOf: () => ({ room: [], people: () => ({}) }),
      eventsOf: () => null,
      requestsPerMinuteOf: () => Infinity,
    });

  beforeEach(async () => {
    answers.length = 0;
    hook = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.end();
        void receiver
          .receive('s', Buffer.concat(chunks), request.headers.authorization)
          .then((answer) => answers.push(answer));
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    const hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
    server = await startLivekitServer(program, { webhookUrls: [hookUrl], departureTimeoutS: 1 });
    people = openRealPeople(server);
    api = new LiveKitApi({ ...server, url: server.wsUrl, clock: systemClock, log: silentLog });
    watchers = openWatchers(systemClock);
    receiver = new WebhookReceiver({
      clock: systemClock,
      log: silentLog,
      credentialsOf: () => Promise.resolve(server),
      onHint: (hint) => hints(hint),
    });
  });
  let hints: (hint: Parameters<RoomWatchers['hint']>[0]) => void = () => {};
  afterEach(async () => {
    hints = () => {};
    for (const close of closers.splice(0)) await close();
    await watchers.close();
    await people.close();
    await api.close();
    await server.close();
    hook.closeAllConnections();
    await new Promise((resolve) => hook.close(resolve));
  });

  /** Reads a room as a page does, and waits for what it must show. */
  function follow(roomName: string): (what: (room: RoomDetail) => boolean) => Promise<number> {
    const seen: { latest: RoomDetail | null; check: () => void } = { latest: null, check: () => {} };
    const own = new AbortController();
    const reading = (async () => {
      for await (const room of watchers.room('s', roomName, own.signal)) {
        seen.latest = room;
        seen.check();
      }
    })();
    closers.push(() => {
      own.abort();
      return reading;
    });
    return (what) => {
      const beganMs = performance.now();
      return new Promise((resolve) => {
        seen.check = () => {
          if (seen.latest && what(seen.latest)) resolve(performance.now() - beganMs);
        };
        seen.check();
      });
    };
  }
  function listed(what: (list: RoomList) => boolean): Promise<number> {
    const cell = watchers.rooms('s');
    const beganMs = performance.now();
    return new Promise((resolve) => {
      const check = (list: RoomList): void => {
        if (!what(list)) return;
        off();
        resolve(performance.now() - beganMs);
      };
      const off = cell.on(check);
      check(cell.value);
    });
  }
  const countOf = (list: RoomList, name: string): number | undefined =>
    list.rooms.find((room) => room.name === name)?.peopleCount;
  const names = (room: RoomDetail): string =>
    room.people
      .map((one) => one.identity)
      .toSorted()
      .join();

  test('the open room shows each change, and so do the others, by polling alone', async () => {
    await people.join('hall', 'ada');
    await people.join('stage', 'eve');
    await people.join('hall', 'us', { hidden: true, agent: true });
    const hall = follow('hall');
    closers.push(watchers.rooms('s').on(() => {}));
    await hall((room) => room.exists && names(room) === 'ada');
    await listed((list) => countOf(list, 'hall') === 1 && countOf(list, 'stage') === 1);

    const muteOf = async (identity: string): Promise<void> => {
      const found = await api.listPeople('hall');
      const trackSid = found.people.find((one) => one.identity === identity)?.tracks[0]?.sid ?? '';
      await api.control.mutePublishedTrack({ roomName: 'hall', identity, trackSid, muted: true });
    };
    const took: Record<string, number> = {};
    const shows = async (label: string, act: () => Promise<void>, waited: () => Promise<number>): Promise<void> => {
      await act();
      took[label] = Math.round(await waited());
    };
    await shows(
      'join',
      () => people.join('hall', 'ben'),
      () => hall((room) => names(room) === 'ada,ben'),
    );
    await shows(
      'publish',
      () => people.act('ben', 'publish'),
      () =>
        hall((room) =>
          room.people.some((one) => one.identity === 'ben' && !one.isMuted && one.tracks[0]?.source === 'microphone'),
        ),
    );
    await shows(
      'mute',
      () => muteOf('ben'),
      () => hall((room) => room.people.every((one) => one.isMuted)),
    );
    await shows(
      'leave',
      () => people.act('ben', 'leave'),
      () => hall((room) => names(room) === 'ada'),
    );
    await shows(
      'elsewhere: join',
      () => people.join('stage', 'cem'),
      () => listed((list) => countOf(list, 'stage') === 2),
    );
    await shows(
      'elsewhere: a new room',
      () => people.join('new', 'dan'),
      () => listed((list) => countOf(list, 'new') === 1),
    );
    await shows(
      'elsewhere: leave',
      () => people.act('cem', 'leave'),
      () => listed((list) => countOf(list, 'stage') === 1),
    );
    await shows(
      'end of the room',
      () => api.control.deleteRoom('hall'),
      () => hall((room) => !room.exists),
    );
    expect(watchers.rooms('s').value.sight.by).toBe('polling');
    process.stdout.write(`seen after (ms): ${JSON.stringify(took)}\n`);
  });

  test('webhooks of the server are good hints: a change elsewhere is seen at once', async () => {
    await watchers.close();
    watchers = openWatchers(new FakeClock(Date.now())); // it stands: no round of polling ever comes
    hints = (hint) => watchers.hint(hint);
    closers.push(watchers.rooms('s').on(() => {}));
    await people.join('stage', 'eve');
    await listed((list) => countOf(list, 'stage') === 1);
    await people.join('stage', 'fay');
    await listed((list) => countOf(list, 'stage') === 2);
    await people.act('fay', 'leave');
    await listed((list) => countOf(list, 'stage') === 1);
    expect(watchers.rooms('s').value.sight.by).toBe('webhooks');
    expect(answers.length).toBeGreaterThanOrEqual(4);
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
  });

  test('a server that is killed is told, with the age of what is shown, and found again when it is back', async () => {
    await people.join('hall', 'ada');
    const hall = follow('hall');
    closers.push(watchers.rooms('s').on(() => {}));
    await hall((room) => names(room) === 'ada');
    await listed((list) => list.sight.state === 'current' && countOf(list, 'hall') === 1);
    process.kill(server.pid, 'SIGKILL');
    await hall((room) => room.sight.state === 'stale' && room.sight.problem?.code !== undefined);
    await listed((list) => list.sight.state === 'stale' && list.sight.nextTryAtMs !== null);
    expect(watchers.rooms('s').value.rooms.length).toBe(1);
    const { nextTryAtMs } = watchers.rooms('s').value.sight;
    expect((nextTryAtMs ?? Infinity) - Date.now()).toBeLessThan(10_500);
    const { ports } = server;
    await server.close();
    server = await startLivekitServer(program, { ports });
    await listed((list) => list.sight.state === 'current');
    await hall((room) => room.sight.state === 'current');
  });

  test('Test answers each check; no egress is told as such', async () => {
    await people.join('hall', 'ada');
    const { checks } = await testServer({
      ...server,
      url: server.wsUrl,
      clock: systemClock,
      log: silentLog,
      signal: stop.signal,
    });
    expect(checks.map((check) => `${check.id} ${check.state}`)).toEqual([
      'address passed',
      'tls passed',
      expect.stringMatching(/^clock /) as string,
      'key passed',
      'secret passed',
      'rights passed',
      'egress failed',
      'version not-run',
    ]);
    expect(checks.find((check) => check.id === 'rights')?.text).toBe('1 room, 1 person seen');
    expect(checks.find((check) => check.id === 'egress')?.problem?.said).toBe(
      '500 internal: egress not connected (redis required)',
    );
  });
});
