// Join tokens and control of rooms, against a real livekit-server.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRoom } from '../../src/core/console/auto-egress.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { LiveKitApi } from '../../src/core/livekit/api.ts';
import { roomEgress } from '../../src/core/livekit/egress-request/room-egress.ts';
import type { AutoEgress } from '../../src/shared/model/auto-egress.ts';
import type { CreatedRoom } from '../../src/shared/model/control.ts';
import type { JoinRole } from '../../src/shared/model/join-link.ts';
import { problemOf } from '../../src/shared/model/problem-error.ts';
import { describeWithLivekit, startLivekitServer, type RealLivekit } from '../support/livekit-server.ts';

const no = (): never => {
  throw new Error('nothing is named');
};
const nothing = { address: no, storage: no };

describeWithLivekit('rooms and join tokens on a real livekit-server', (program) => {
  let server: RealLivekit;
  let api: LiveKitApi;
  beforeEach(async () => {
    server = await startLivekitServer(program);
    const { apiKey, apiSecret, wsUrl: url } = server;
    api = new LiveKitApi({ url, apiKey, apiSecret, clock: systemClock, log: silentLog });
  });
  afterEach(async () => {
    await api.close();
    await server.close();
  });
  const validate = async (token: string): Promise<{ readonly status: number; readonly text: string }> => {
    const url = `${api.endpoint.origin}/rtc/validate?access_token=${encodeURIComponent(token)}`;
    const answer = await fetch(url);
    return { status: answer.status, text: (await answer.text()).trim() };
  };
  const tokenOf = (role: JoinRole): string =>
    api.joinLink({ role, roomName: 'hall', identity: `a ${role}`, name: '', validForS: 600 }).token;

  test('the server takes the join token of every role, and refuses a changed one', async () => {
    for (const role of ['guest', 'viewer', 'monitor'] as const)
      expect(await validate(tokenOf(role)), role).toEqual({ status: 200, text: 'success' });
    const [head, , signature] = tokenOf('viewer').split('.');
    const [, claims] = tokenOf('guest').split('.');
    expect((await validate([head, claims, `${signature}`].join('.'))).status).toBe(401);
  });

  test('egress that is asked for with a room is looked for: this server has none, and does not say so', async () => {
    const plain = { emptyTimeoutS: null, departureTimeoutS: null, maxPeople: null, metadata: '' };
    const make = async (name: string, auto: AutoEgress): Promise<CreatedRoom> =>
      createRoom(
        api,
        { room: { ...plain, name }, auto, egress: roomEgress(auto, nothing) },
        { clock: systemClock, log: silentLog },
        new AbortController().signal,
      );
    const tracks = { filePath: '{track_id}', hasManifest: true, storageId: null };
    const none = { room: null, participant: null, tracks: null };
    expect(await make('by-track', { ...none, tracks })).toEqual({
      name: 'by-track',
      wasOpen: false,
      egress: 'no-egress',
    });
    expect(await make('by-track', { ...none, tracks })).toEqual({ name: 'by-track', wasOpen: true, egress: 'not-set' });
  });

  test('rooms are made, edited and ended as asked, and what cannot be is refused in words', async () => {
    const asked = { name: 'hall', emptyTimeoutS: 60, departureTimeoutS: 5, maxPeople: 9, metadata: 'one' };
    const made = await api.control.createRoom(asked);
    expect(made).toMatchObject({ ...asked });
    const again = await api.control.createRoom({ ...asked, metadata: 'two', maxPeople: 2 });
    expect(again).toEqual(made);
    await api.control.updateRoomMetadata('hall', 'three');
    const metadata = async (): Promise<string | undefined> => (await api.control.findRoom('hall'))?.metadata;
    await expect.poll(metadata).toBe('three'); // its list follows a moment later
    await api.control.updateRoomMetadata('hall', '');
    await expect.poll(metadata).toBe('');
    const nobody = { roomName: 'hall', identity: 'nobody' };
    const codeOf = (work: Promise<unknown>): Promise<string> =>
      work.then(
        () => 'none',
        (error: unknown) => problemOf(error).code,
      );
    expect(await codeOf(api.control.removePerson(nobody))).toBe('no-such-person');
    expect(await codeOf(api.control.mutePublishedTrack({ ...nobody, trackSid: 'TR_1', muted: true }))).toBe(
      'no-such-person',
    );
    expect(await codeOf(api.control.updateRoomMetadata('hall', 'x'.repeat(600_000)))).toBe('too-long');
    await api.control.deleteRoom('hall');
    expect(await codeOf(api.control.deleteRoom('hall'))).toBe('no-such-room');
  });
});
