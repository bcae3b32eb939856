// What a producer does to rooms and people, on the wire: against the rehearsal's LiveKit, and against what real ones answer.
import {
  CreateRoomRequest,
  DeleteRoomRequest,
  MuteRoomTrackRequest,
  RoomParticipantIdentity,
  UpdateParticipantRequest,
  UpdateRoomMetadataRequest,
} from '@livekit/protocol';
import { TokenVerifier } from 'livekit-server-sdk';
import { afterEach, expect, test } from 'vitest';
import { createRoom } from '../../src/core/console/auto-egress.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { createLog } from '../../src/core/live/log.ts';
import { LiveKitApi } from '../../src/core/livekit/api.ts';
import type { NewRoom } from '../../src/shared/model/control.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { problemOf } from '../../src/shared/model/problem-error.ts';
import { openScriptedHttp, sendJson } from '../support/scripted-http.ts';
import { apiKey, openTwoPeople } from '../support/two-people.ts';

const lines: string[] = [];
const opened: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
  expect(lines.join()).not.toMatch(/eyJ|a-secret/);
});

function openApi(url: string): LiveKitApi {
  const log = createLog((line) => lines.push(line), { level: 'debug' });
  const api = new LiveKitApi({ url, apiKey: apiKey.key, apiSecret: apiKey.secret, clock: systemClock, log });
  opened.push(() => api.close());
  return api;
}
async function openServer(): Promise<LiveKitApi> {
  const server = await openTwoPeople();
  opened.push(server.close);
  return openApi(server.url);
}
const refused = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => {
      const { code, text, said } = problemOf(error);
      return [code, text, said].join(' | ');
    },
  );
const newRoom = (name: string, part: Partial<NewRoom> = {}): Omit<NewRoom, 'autoEgress'> => ({
  name,
  emptyTimeoutS: null,
  departureTimeoutS: null,
  maxPeople: null,
  metadata: '',
  ...part,
});

test('rooms are made with what was asked, found as they are, edited and ended', async () => {
  const { control } = await openServer();
  const asked = newRoom('late-show', { emptyTimeoutS: 60, departureTimeoutS: 5, maxPeople: 9, metadata: '{"a":1}' });
  const made = await control.createRoom(asked);
  expect(made).toMatchObject({ name: 'late-show', emptyTimeoutS: 60, departureTimeoutS: 5, maxPeople: 9 });
  expect((await control.createRoom(newRoom('late-show', { maxPeople: 2 }))).sid).toBe(made.sid);
  await control.updateRoomMetadata('late-show', '{"b":2}');
  expect(await control.findRoom('late-show')).toMatchObject({ metadata: '{"b":2}', maxPeople: 9 });
  await control.deleteRoom('late-show');
  expect(await control.findRoom('late-show')).toBeNull();
});

test('people are named, muted and removed', async () => {
  const api = await openServer();
  const ada = { roomName: 'hall', identity: 'ada' };
  await api.control.updatePerson(ada, { name: 'Ada L.', metadata: 'host' });
  await api.control.updatePerson(ada, { name: '' });
  expect(await api.control.person(ada)).toEqual({ identity: 'ada', name: 'Ada L.', metadata: 'host' });
  const track = (await api.listPeople('hall')).people.find((one) => one.identity === 'ada')?.tracks[0];
  await api.control.mutePublishedTrack({ ...ada, trackSid: track?.sid ?? '', muted: true });
  expect((await api.listPeople('hall')).people.find((one) => one.identity === 'ada')?.isMuted).toBe(true);
  await api.control.removePerson(ada);
  expect((await api.listPeople('hall')).people.map((one) => one.identity)).toEqual(['ben']);
});

test('each refusal is a sentence: no such room, no such person (503 after 3 s), unmute, too large, no such track', async () => {
  const { control } = await openServer();
  const nobody = { roomName: 'hall', identity: 'zoe' };
  const ada = { roomName: 'hall', identity: 'ada' };
  const [room, mute, gone, unmute, large, track] = await Promise.all([
    refused(control.deleteRoom('nowhere')),
    refused(control.mutePublishedTrack({ ...nobody, trackSid: 'TR_1', muted: true })),
    refused(control.removePerson(nobody)),
    refused(control.mutePublishedTrack({ ...ada, trackSid: 'TR_1', muted: false })),
    refused(control.updateRoomMetadata('hall', 'x'.repeat(600_000))),
    refused(control.mutePublishedTrack({ ...ada, trackSid: 'TR_none', muted: true })),
  ]);
  expect(room).toMatch(/^no-such-room \| This room is not open\./);
  expect(mute).toMatch(
    /^no-such-person \| The room or the person is not there any more\. \| 503 unavailable: no response/,
  );
  expect(gone).toMatch(/^no-such-person \| This person has left meanwhile\./);
  expect(unmute).toMatch(/^unmute-not-allowed \| This server does not allow to unmute others\./);
  expect(large).toMatch(/^too-long \| .* \| 400 invalid_argument: metadata size exceeds limits 524288$/);
  expect(track).toMatch(/^no-such-track \| This track is not published any more\./);
});

test('the official protobufs know every field that is sent, and each token allows its call only', async () => {
  const server = await openScriptedHttp((request, response) =>
    sendJson(response, 200, request.path.endsWith('MutePublishedTrack') ? { track: { sid: 'TR_1' } } : {}),
  );
  opened.push(() => server.close());
  const { control } = openApi(server.url);
  const ada = { roomName: 'hall', identity: 'ada' };
  await control.createRoom(newRoom('hall', { emptyTimeoutS: 60, departureTimeoutS: 5, maxPeople: 9, metadata: 'm' }));
  await control.updateRoomMetadata('hall', 'm2');
  await control.updatePerson(ada, { name: 'Ada', metadata: 'm3' });
  await control.mutePublishedTrack({ ...ada, trackSid: 'TR_1', muted: true });
  await control.removePerson(ada);
  await control.deleteRoom('hall');
  const bodies = server.requests.map((request) => request.body);
  const given = { room: 'hall', identity: 'ada' };
  // fromJsonString refuses a field that the protobuf does not know.
  expect(CreateRoomRequest.fromJsonString(bodies[0] ?? '')).toMatchObject({
    name: 'hall',
    emptyTimeout: 60,
    departureTimeout: 5,
    maxParticipants: 9,
    metadata: 'm',
  });
  expect(UpdateRoomMetadataRequest.fromJsonString(bodies[1] ?? '')).toMatchObject({ room: 'hall', metadata: 'm2' });
  expect(UpdateParticipantRequest.fromJsonString(bodies[2] ?? '')).toMatchObject({
    ...given,
    name: 'Ada',
    metadata: 'm3',
  });
  expect(MuteRoomTrackRequest.fromJsonString(bodies[3] ?? '')).toMatchObject({
    ...given,
    trackSid: 'TR_1',
    muted: true,
  });
  expect(RoomParticipantIdentity.fromJsonString(bodies[4] ?? '')).toMatchObject(given);
  expect(DeleteRoomRequest.fromJsonString(bodies[5] ?? '')).toMatchObject({ room: 'hall' });
  const verifier = new TokenVerifier(apiKey.key, apiKey.secret);
  const grants = server.requests.map(async ({ headers }) => {
    return (await verifier.verify(headers.authorization?.replace('Bearer ', '') ?? '')).video;
  });
  const admin = { roomAdmin: true, room: 'hall' };
  expect(await Promise.all(grants)).toEqual([{ roomCreate: true }, admin, admin, admin, admin, { roomCreate: true }]);
});

test('a server that calls the making of a room a failure, though it was made without its egress, is understood', async () => {
  // As livekit-server 1.13.5 without redis answers, after 10.0 s (measured).
  let isMade = false;
  const room = { sid: 'RM_1', name: 'hall', creation_time: '1795222873' };
  const server = await openScriptedHttp((request, response) => {
    const method = request.path.split('/').at(-1);
    if (method === 'CreateRoom') {
      isMade = true;
      return sendJson(response, 408, { code: 'canceled', msg: 'request canceled' });
    }
    if (method === 'ListRooms') return sendJson(response, 200, { rooms: isMade ? [room] : [] });
    return sendJson(response, 500, { code: 'internal', msg: 'egress not connected (redis required)' });
  });
  opened.push(() => server.close());
  const api = openApi(server.url);
  const auto = { room: programRequest('x'), participant: null, tracks: null };
  const tools = { clock: systemClock, log: createLog(() => {}) };
  const make = (egress?: object) =>
    createRoom(api, { room: newRoom('hall'), auto, egress: { ...egress } }, tools, new AbortController().signal);
  expect(await make({ room: {} })).toEqual({ name: 'hall', wasOpen: false, egress: 'no-egress' });
  expect(await refused(make({ room: {} }))).toMatch(/^room-not-in-time/); // it was there before: this is a failure
});

test('a join token holds the rights of its role, a name and an end; the link carries server and token', async () => {
  const api = openApi('https://studio.example/x');
  const claimsOf = async (role: 'guest' | 'viewer' | 'monitor') => {
    const made = api.joinLink({ role, roomName: 'hall 1', identity: 'guest-1', name: 'Gül', validForS: 3_600 });
    const url = new URL(made.link);
    expect(`${url.origin}${url.pathname}`).toBe('https://meet.livekit.io/custom');
    expect(url.searchParams.get('liveKitUrl')).toBe('wss://studio.example');
    expect(url.searchParams.get('token')).toBe(made.token);
    const claims = await new TokenVerifier(apiKey.key, apiKey.secret).verify(made.token);
    expect(claims).toMatchObject({ sub: 'guest-1', name: 'Gül', iss: 'devkey', exp: made.expiresAtMs / 1000 });
    return claims.video;
  };
  const join = { roomJoin: true, room: 'hall 1', canSubscribe: true };
  expect(await claimsOf('guest')).toEqual({ ...join, canPublish: true, canPublishData: true });
  expect(await claimsOf('viewer')).toEqual({ ...join, canPublish: false, canPublishData: false });
  const silent = { canPublish: false, canPublishData: false };
  expect(await claimsOf('monitor')).toEqual({ ...join, ...silent, hidden: true, agent: true });
});
