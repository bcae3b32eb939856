import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { measuredTiming } from '../../src/rehearsal/egress/timing.ts';
import { openActs } from '../../src/rehearsal/livekit/acts.ts';
import { openStandIn } from '../../src/rehearsal/livekit/stand-in.ts';
import { openBench } from '../support/egress-bench.ts';
import { emptyShow } from '../support/empty-show.ts';
import { describeWithLivekit, startLivekitServer } from '../support/livekit-server.ts';
import { type Answer, type ApiSide, everyGrant, send, tokenFor } from '../support/twirp-call.ts';

// The same calls against the stand-in and against a real livekit-server (no redis, no egress): both must answer the same.

interface Case {
  readonly name: string;
  readonly path: string;
  readonly options?: (side: ApiSide) => Parameters<typeof send>[2];
  readonly status: number;
  readonly body: unknown;
  /** A second answer that a real server gives to the same call: two of its limits race. */
  readonly orElse?: { readonly status: number; readonly body: unknown };
  /** How long the answer takes at least; most come at once. */
  readonly leastMs?: number;
}

const rooms = '/twirp/livekit.RoomService/';
const egress = '/twirp/livekit.Egress/';
const body = (value: unknown) => () => ({ body: value });
const inRoom = (room: string, value: object) => (side: ApiSide) => ({
  token: tokenFor(side, everyGrant(room)),
  body: { room, ...value },
});
const inner = (code: string, text: string) => ({ code, msg: `twirp error unknown: ${text}` });
const denied = { code: 'unauthenticated', msg: 'permissions denied' };
const badRoute = (msg: string, route: string) => ({ code: 'bad_route', msg, meta: { twirp_invalid_route: route } });
const noRedis = inner('internal', 'egress not connected (redis required)');
const noResponse = inner('unavailable', 'no response from servers');
const noPerson = inner('not_found', 'participant does not exist');
const noRoom = inner('not_found', 'requested room does not exist');
const tooLong = (what: string, max: number) => ({
  code: 'invalid_argument',
  msg: `${what} exceeds limits ${max}`,
  meta: { argument: `${what} exceeds limits` },
});
const withToken =
  (claims: Readonly<Record<string, unknown>>, odd: Parameters<typeof tokenFor>[3] = {}) =>
  (side: ApiSide) => ({ token: tokenFor(side, everyGrant('r1'), claims, odd) });
const nowS = Math.floor(Date.now() / 1000);
const badToken = (cause: string) => `invalid token: <JWT>, error: ${cause}`;
const join1 =
  (video: object, claims: object = { sub: 'me' }) =>
  (side: ApiSide) => ({
    method: 'GET',
    token: tokenFor(side, { ...video }, { ...claims }),
  });
const codecs =
  'audio/PCMU audio/PCMA audio/opus audio/red video/VP8 video/H264 video/VP9 video/AV1 video/H265 video/rtx'.split(' ');
const room = (name: string, fields: object = {}) => ({
  sid: 'RM_*',
  name,
  empty_timeout: 300,
  departure_timeout: 20,
  max_participants: 0,
  creation_time: '*',
  creation_time_ms: '*',
  turn_password: '*',
  enabled_codecs: codecs.map((mime) => ({ mime, fmtp_line: '' })),
  metadata: '',
  num_participants: 0,
  num_publishers: 0,
  active_recording: false,
  version: null,
  ...fields,
});

const tokens: readonly Case[] = [
  { name: 'no token', path: `${rooms}ListRooms`, options: () => ({ token: null }), status: 401, body: denied },
  {
    name: 'no token and bad JSON',
    path: `${rooms}ListRooms`,
    options: () => ({ token: null, body: '{bad' }),
    status: 400,
    body: { code: 'malformed', msg: 'the json request could not be decoded' },
  },
  {
    name: 'basic authorization',
    path: `${rooms}ListRooms`,
    options: () => ({ authorization: 'Basic x' }),
    status: 401,
    body: 'invalid authorization header. Must start with Bearer ',
  },
  {
    name: 'garbage',
    path: `${rooms}ListRooms`,
    options: () => ({ authorization: 'Bearer garbage' }),
    status: 401,
    body: 'invalid authorization token',
  },
  {
    name: 'three parts of garbage on the front page',
    path: '/',
    options: () => ({ method: 'GET', authorization: 'Bearer a.b.c' }),
    status: 401,
    body: 'invalid authorization token',
  },
  {
    name: 'unknown key',
    path: `${egress}ListEgress`,
    options: withToken({ iss: 'nokey' }),
    status: 401,
    body: 'invalid API key: nokey',
  },
  {
    name: 'no issuer',
    path: `${egress}ListEgress`,
    options: withToken({ iss: undefined }),
    status: 401,
    body: 'invalid API key: ',
  },
  {
    name: 'wrong secret, and the answer repeats the token',
    path: `${rooms}ListRooms`,
    options: withToken({}, { secret: 'another' }),
    status: 401,
    body: badToken('token signature is invalid: signature is invalid'),
  },
  {
    name: 'another algorithm',
    path: `${rooms}ListRooms`,
    options: withToken({}, { alg: 'none' }),
    status: 401,
    body: badToken('token signature is invalid: signing method none is invalid'),
  },
  {
    name: 'expired 75 s ago',
    path: `${rooms}ListRooms`,
    options: withToken({ exp: nowS - 75 }),
    status: 401,
    body: badToken('token has invalid claims: token is expired'),
  },
  {
    name: 'not valid for another 90 s',
    path: `${rooms}ListRooms`,
    options: withToken({ nbf: nowS + 90 }),
    status: 401,
    body: badToken('token has invalid claims: token is not valid yet'),
  },
  {
    name: 'expired 30 s ago, which is taken',
    path: `${rooms}ListRooms`,
    options: withToken({ exp: nowS - 30 }),
    status: 200,
    body: { rooms: [] },
  },
  {
    name: 'without times, which is taken',
    path: `${rooms}ListRooms`,
    options: withToken({ exp: undefined, nbf: undefined }),
    status: 200,
    body: { rooms: [] },
  },
  {
    name: 'lacks roomRecord',
    path: `${egress}ListEgress`,
    options: (side) => ({ token: tokenFor(side, { roomList: true }) }),
    status: 401,
    body: denied,
  },
  ...[
    { video: 'x', kind: 'string', field: 'tokenClaims.ClaimGrants.video', type: 'auth.VideoGrant' },
    { video: [], kind: 'array', field: 'tokenClaims.ClaimGrants.video', type: 'auth.VideoGrant' },
    { video: { roomList: 'true' }, kind: 'string', field: 'VideoGrant.ClaimGrants.video.roomList', type: 'bool' },
    { video: { roomAdmin: 1 }, kind: 'number', field: 'VideoGrant.ClaimGrants.video.roomAdmin', type: 'bool' },
    { video: { room: true }, kind: 'bool', field: 'VideoGrant.ClaimGrants.video.room', type: 'string' },
  ].map(({ video, kind, field, type }) => ({
    name: `grants that cannot be read: ${JSON.stringify(video)}`,
    path: `${rooms}ListRooms`,
    options: withToken({ video }),
    status: 401,
    body: badToken(
      `token is malformed: could not JSON decode claim: json: cannot unmarshal ${kind} into Go struct field ${field} of type ${type}`,
    ),
  })),
  {
    name: 'grants that are null',
    path: `${rooms}ListRooms`,
    options: withToken({ video: { roomList: null } }),
    status: 401,
    body: denied,
  },
  {
    name: 'is for no room, as is the call',
    path: `${rooms}ListParticipants`,
    options: (side) => ({ token: tokenFor(side, { roomAdmin: true }) }),
    status: 200,
    body: { participants: [] },
  },
  {
    name: 'is for another room',
    path: `${rooms}ListParticipants`,
    options: (side) => ({ token: tokenFor(side, { roomAdmin: true, room: 'other' }), body: { room: 'r1' } }),
    status: 401,
    body: denied,
  },
];

const routes: readonly Case[] = [
  { name: 'health', path: '/', options: () => ({ method: 'GET', token: null }), status: 200, body: 'OK' },
  { name: 'metrics', path: '/metrics', options: () => ({ method: 'GET' }), status: 404, body: '404 page not found\n' },
  { name: 'unknown service', path: '/twirp/livekit.Nope/X', status: 404, body: '404 page not found\n' },
  {
    name: 'unknown method',
    path: `${egress}NoSuchMethod`,
    status: 404,
    body: badRoute(`no handler for path "${egress}NoSuchMethod"`, `POST ${egress}NoSuchMethod`),
  },
  {
    name: 'longer path',
    path: `${egress}ListEgress/x`,
    status: 404,
    body: badRoute(`no handler for path "${egress}ListEgress/x"`, `POST ${egress}ListEgress/x`),
  },
  {
    name: 'GET',
    path: `${egress}ListEgress`,
    options: () => ({ method: 'GET' }),
    status: 404,
    body: badRoute('unsupported method "GET" (only POST is allowed)', `GET ${egress}ListEgress`),
  },
  {
    name: 'wrong content type',
    path: `${egress}ListEgress`,
    options: () => ({ contentType: 'text/plain' }),
    status: 404,
    body: badRoute('unexpected Content-Type: "text/plain"', `POST ${egress}ListEgress`),
  },
  ...['{bad json', '[]', 'null', '', '{"names":5}'].map((text) => ({
    name: `body ${text}`,
    path: `${rooms}ListRooms`,
    options: body(text),
    status: 400,
    body: { code: 'malformed', msg: 'the json request could not be decoded' },
  })),
  {
    name: 'bad protobuf',
    path: `${rooms}ListRooms`,
    options: () => ({ contentType: 'application/protobuf', body: '\u007f\u007f' }),
    status: 400,
    body: { code: 'malformed', msg: 'the protobuf request could not be decoded' },
  },
  {
    name: 'content type with a character set',
    path: `${rooms}ListRooms`,
    options: () => ({ contentType: 'application/json;charset=UTF-8' }),
    status: 200,
    body: { rooms: [] },
  },
  {
    name: 'validate without a token',
    path: '/rtc/validate',
    options: () => ({ method: 'GET', token: null }),
    status: 401,
    body: 'no permissions to access the room',
  },
  {
    name: 'validate without roomJoin',
    path: '/rtc/validate',
    options: join1({ roomList: true }),
    status: 401,
    body: 'permissions denied',
  },
  {
    name: 'validate without identity',
    path: '/rtc/validate',
    options: join1({ roomJoin: true, room: 'v1' }, {}),
    status: 400,
    body: 'identity cannot be empty',
  },
  {
    name: 'validate without room',
    path: '/rtc/validate',
    options: join1({ roomJoin: true }),
    status: 400,
    body: 'no room name',
  },
  {
    name: 'validate, long identity',
    path: '/rtc/validate',
    options: join1({ roomJoin: true }, { sub: 'ä'.repeat(129) }),
    status: 400,
    body: 'participant identity length exceeds limits: max length 256',
  },
  {
    name: 'validate, long room',
    path: '/rtc/validate',
    options: join1({ roomJoin: true, room: 'v'.repeat(257) }),
    status: 400,
    body: 'room name length exceeds limits: max length 256',
  },
  {
    name: 'validate of the newer signalling without a token',
    path: '/rtc/v1/validate',
    options: () => ({ method: 'GET', token: null }),
    status: 401,
    body: 'no permissions to access the room',
  },
  ...[
    { given: '', body: 'join_request is required' },
    { given: '?join_request=xx', body: 'cannot base64 decode wrapped join request' },
    { given: '?join_request=AAAA', body: 'cannot unmarshal wrapped join request' },
  ].map(({ given, body: answer }) => ({
    name: `validate of the newer signalling ${given}`,
    path: `/rtc/v1/validate${given}`,
    options: join1({ roomJoin: true, room: 'v1' }),
    status: 400,
    body: answer,
  })),
  {
    name: 'validate',
    path: '/rtc/validate',
    options: join1({ roomJoin: true, room: 'v1' }),
    status: 200,
    body: 'success',
  },
];

// In this order: later ones see what earlier ones made.
const roomCalls: readonly Case[] = [
  { name: 'ListRooms, none', path: `${rooms}ListRooms`, status: 200, body: { rooms: [] } },
  {
    name: 'CreateRoom with a field nobody knows',
    path: `${rooms}CreateRoom`,
    options: body({ name: 'r1', metadata: 'm', maxParticipants: 3, empty_timeout: 0, wat: 1 }),
    status: 200,
    body: room('r1', { metadata: 'm', max_participants: 3 }),
  },
  {
    name: 'CreateRoom again gives the same room',
    path: `${rooms}CreateRoom`,
    options: body({ name: 'r1', metadata: 'other', empty_timeout: 77 }),
    status: 200,
    body: room('r1', { metadata: 'm', max_participants: 3 }),
  },
  {
    name: 'CreateRoom, long name',
    path: `${rooms}CreateRoom`,
    options: body({ name: 'x'.repeat(300) }),
    status: 400,
    body: inner('invalid_argument', 'room name length exceeds limits: max length 256'),
  },
  {
    name: 'CreateRoom, long metadata',
    path: `${rooms}CreateRoom`,
    options: body({ name: 'r2', metadata: 'x'.repeat(600_000) }),
    status: 400,
    body: tooLong('metadata size', 524_288),
  },
  {
    name: 'ListRooms by name',
    path: `${rooms}ListRooms`,
    options: body({ names: ['r1', 'ghost'] }),
    status: 200,
    body: { rooms: [room('r1', { metadata: 'm', max_participants: 3 })] },
  },
  {
    name: 'UpdateRoomMetadata',
    path: `${rooms}UpdateRoomMetadata`,
    options: inRoom('r1', { metadata: 'hello' }),
    status: 200,
    body: room('r1', { metadata: 'hello', max_participants: 3 }),
  },
  {
    name: 'UpdateRoomMetadata, unknown room',
    path: `${rooms}UpdateRoomMetadata`,
    options: inRoom('ghost', { metadata: 'hello' }),
    status: 404,
    body: noRoom,
  },
  {
    name: 'ListParticipants, empty room',
    path: `${rooms}ListParticipants`,
    options: inRoom('r1', {}),
    status: 200,
    body: { participants: [] },
  },
  {
    name: 'ListParticipants, unknown room',
    path: `${rooms}ListParticipants`,
    options: inRoom('ghost', {}),
    status: 200,
    body: { participants: [] },
  },
  ...['GetParticipant', 'RemoveParticipant', 'UpdateParticipant'].map((method) => ({
    name: `${method}, unknown person`,
    path: rooms + method,
    options: inRoom('r1', { identity: 'ghost' }),
    status: 404,
    body: noPerson,
  })),
  {
    name: 'UpdateParticipant, large attributes',
    path: `${rooms}UpdateParticipant`,
    options: inRoom('r1', { identity: 'ghost', attributes: { a: 'x'.repeat(70_000) } }),
    status: 400,
    body: tooLong('attribute size', 65_536),
  },
  {
    name: 'UpdateParticipant, long name',
    path: `${rooms}UpdateParticipant`,
    options: inRoom('r1', { identity: 'ghost', name: 'x'.repeat(600) }),
    status: 400,
    body: tooLong('name length', 256),
  },
  ...['MoveParticipant', 'ForwardParticipant'].map((method) => ({
    name: `${method} to where they are`,
    path: rooms + method,
    options: (side: ApiSide) => ({
      token: tokenFor(side, { ...everyGrant('r1'), destinationRoom: 'r1' }),
      body: { room: 'r1', identity: 'ghost', destination_room: 'r1' },
    }),
    status: 400,
    body: {
      code: 'invalid_argument',
      msg: 'destination room cannot be the same as source room ',
      meta: { argument: 'destination room cannot be the same as source room' },
    },
  })),
  {
    name: 'SendData to a room',
    path: `${rooms}SendData`,
    options: inRoom('r1', { data: 'aGk=', kind: 'RELIABLE' }),
    status: 200,
    body: {},
  },
  {
    name: 'DeleteRoom, unknown',
    path: `${rooms}DeleteRoom`,
    options: body({ room: 'ghost' }),
    status: 404,
    body: noRoom,
  },
  { name: 'ListEgress without redis', path: `${egress}ListEgress`, status: 500, body: noRedis },
  {
    name: 'UpdateLayout without redis',
    path: `${egress}UpdateLayout`,
    options: body({ egress_id: 'EG_nope', layout: 'grid' }),
    status: 500,
    body: noRedis,
  },
  ...[
    'StartRoomCompositeEgress',
    'StartParticipantEgress',
    'StartTrackCompositeEgress',
    'StartTrackEgress',
    'StartEgress',
  ].map((method) => ({
    name: `${method}, unknown room`,
    path: egress + method,
    options: body({ room_name: 'ghost' }),
    status: 404,
    body: noRoom,
  })),
];

const aboutThreeSeconds = 2_900;
const noWorker = 15_000;
// All at once, after the others: each takes its time and changes nothing.
const slowCalls: readonly Case[] = [
  ...[
    { method: 'MutePublishedTrack', fields: { track_sid: 'TR_x', muted: true } },
    { method: 'MutePublishedTrack', fields: { track_sid: 'TR_x', muted: false } },
    { method: 'UpdateSubscriptions', fields: { track_sids: ['TR_x'], subscribe: true } },
  ].map(({ method, fields }) => ({
    name: `${method} ${JSON.stringify(fields)}, unknown person`,
    path: rooms + method,
    options: inRoom('r1', { identity: 'ghost', ...fields }),
    status: 503,
    body: noResponse,
    leastMs: aboutThreeSeconds,
  })),
  {
    name: 'SendData, unknown room',
    path: `${rooms}SendData`,
    options: inRoom('ghost', { data: 'aGk=', kind: 'RELIABLE' }),
    status: 503,
    body: noResponse,
    leastMs: aboutThreeSeconds,
  },
  {
    name: 'StopEgress without redis',
    path: `${egress}StopEgress`,
    options: body({ egress_id: 'EG_nope' }),
    status: 500,
    body: noRedis,
    leastMs: aboutThreeSeconds,
  },
  {
    name: 'UpdateStream without redis',
    path: `${egress}UpdateStream`,
    options: body({ egress_id: 'EG_nope', add_output_urls: ['rtmp://127.0.0.1/live/x'] }),
    status: 500,
    body: noRedis,
    leastMs: aboutThreeSeconds,
  },
  {
    name: 'CreateRoom with auto egress of the room waits 10 s and says nothing of it, or that it was canceled',
    path: `${rooms}CreateRoom`,
    options: body({ name: 'auto-room', egress: { room: { file_outputs: [{ filepath: 'x.mp4' }] } } }),
    status: 200,
    body: room('auto-room'),
    orElse: { status: 408, body: inner('canceled', 'request canceled') },
    leastMs: 9_900,
  },
  ...[
    { method: 'StartRoomCompositeEgress', fields: { room_name: 'r1', file_outputs: [{ filepath: 'x.mp4' }] } },
    { method: 'StartTrackEgress', fields: { room_name: 'r1', track_id: 'TR_x', websocket_url: 'ws://127.0.0.1:9/x' } },
    { method: 'StartEgress', fields: {} },
    { method: 'StartWebEgress', fields: { url: 'ftp://x' } },
    { method: 'StartParticipantEgress', fields: { room_name: 'r1', identity: 'ada' } },
    { method: 'StartTrackCompositeEgress', fields: { room_name: 'r1' } },
    { method: 'StartEgress', fields: { room_name: 'r1', template: { layout: 'grid' }, outputs: [{ file: {} }] } },
  ].map(({ method, fields }) => ({
    name: `${method} ${JSON.stringify(fields)}, no worker`,
    path: egress + method,
    options: body(fields),
    status: 503,
    body: noResponse,
    leastMs: noWorker,
  })),
];

/** Every Start of a room that is not there, and what no request may be. */
const starts: readonly (readonly [method: string, fields: object])[] = [
  ['StartRoomCompositeEgress', { file_outputs: [{ filepath: 'x.mp4' }] }],
  ['StartParticipantEgress', { identity: 'ada', file_outputs: [{ filepath: 'x.mp4' }] }],
  ['StartTrackCompositeEgress', { audio_track_id: 'TR_x', file_outputs: [{ filepath: 'x.mp4' }] }],
  ['StartTrackEgress', { track_id: 'TR_x', file: { filepath: 'x.ogg' } }],
  ['StartEgress', { media: { audio: { capture_all: true } }, outputs: [{ file: { filepath: 'x.ogg' } }] }],
];
const egressCalls: readonly Case[] = [
  ...starts.flatMap(([method, fields]): Case[] => [
    {
      name: `${method}, unknown room`,
      path: egress + method,
      options: body({ room_name: 'ghost', ...fields }),
      status: 404,
      body: noRoom,
    },
    {
      name: `${method} without the grant`,
      path: egress + method,
      options: (side) => ({
        token: tokenFor(side, { roomAdmin: true, room: 'r1' }),
        body: { room_name: 'r1', ...fields },
      }),
      status: 401,
      body: denied,
    },
    {
      name: `${method}, a name that is a number`,
      path: egress + method,
      options: body({ room_name: 7 }),
      status: 400,
      body: { code: 'malformed', msg: 'the json request could not be decoded' },
    },
  ]),
  ...['StopEgress', 'UpdateStream', 'UpdateLayout', 'ListEgress', 'StartWebEgress'].map((method): Case => ({
    name: `${method} without the grant`,
    path: egress + method,
    options: (side) => ({ token: tokenFor(side, { roomAdmin: true, room: 'r1' }), body: {} }),
    status: 401,
    body: denied,
  })),
  {
    name: 'StartEgress in camelCase, unknown room',
    path: `${egress}StartEgress`,
    options: body({ roomName: 'ghost', template: { audioOnly: true }, outputs: [{ file: {} }] }),
    status: 404,
    body: noRoom,
  },
  {
    name: 'StartRoomCompositeEgress, a preset that nobody knows, unknown room',
    path: `${egress}StartRoomCompositeEgress`,
    options: body({ room_name: 'ghost', preset: 'NOPE', file_outputs: [{}] }),
    status: 404,
    body: noRoom,
  },
  {
    name: 'UpdateLayout without an id, without redis',
    path: `${egress}UpdateLayout`,
    options: body({}),
    status: 500,
    body: noRedis,
  },
  {
    name: 'CreateRoom with auto egress of tracks and people says nothing of it',
    path: `${rooms}CreateRoom`,
    options: body({
      name: 'auto-tracks',
      egress: { tracks: { filepath: 'x' }, participant: { file_outputs: [{ filepath: 'y' }] } },
    }),
    status: 200,
    body: room('auto-tracks'),
  },
];

const cases = [...tokens, ...routes, ...roomCalls, ...egressCalls, ...slowCalls];

/** Calls a whole side: what has an order one after the other, what is slow at once. */
async function callAll(side: ApiSide): Promise<ReadonlyMap<string, Answer>> {
  const answers = new Map<string, Answer>();
  const call = async (one: Case): Promise<void> =>
    void answers.set(one.name, await send(side, one.path, one.options?.(side)));
  for (const one of [...tokens, ...routes, ...roomCalls, ...egressCalls]) await call(one);
  await Promise.all(slowCalls.map(call));
  await call({ ...deleteRoom });
  return answers;
}

const deleteRoom: Case = {
  name: 'DeleteRoom',
  path: `${rooms}DeleteRoom`,
  options: body({ room: 'r1' }),
  status: 200,
  body: {},
};

function checkAll(answers: () => ReadonlyMap<string, Answer>): void {
  test.each([...cases, deleteRoom])('$name', ({ name, leastMs = 0, orElse, ...first }) => {
    const answer = answers().get(name);
    const { status, body: wanted } = orElse && answer?.status === orElse.status ? orElse : first;
    expect({ status: answer?.status, body: masked(answer?.body) }).toEqual({ status, body: wanted });
    expect(answer?.contentType).toBe(typeof wanted === 'string' ? 'text/plain; charset=utf-8' : 'application/json');
    expect(answer?.tookMs).toBeGreaterThanOrEqual(leastMs);
  });
}

/** What differs from run to run: ids, times, passwords. */
function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inside]) => {
      if (['creation_time', 'creation_time_ms', 'turn_password'].includes(key)) return [key, inside ? '*' : inside];
      if (key === 'sid') return [key, String(inside).replace(/^RM_\w{12}$/, 'RM_*')];
      return [key, masked(inside)];
    }),
  );
}

// Both at once: the slow refusals are the whole length of this file.
const standInAnswers = answersOfStandIn();
standInAnswers.catch(() => {}); // told by the tests that await it

async function answersOfStandIn(): Promise<ReadonlyMap<string, Answer>> {
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-contract-'));
  const apiKey = { key: 'devkey', secret: 'a-secret-of-thirty-six-chars-0123456' };
  const standIn = await openStandIn({
    acts: openActs(emptyShow(), Date.now),
    apiKey,
    filesFolder: folder,
    ffmpeg: null,
    timing: measuredTiming,
    egressLimit: 2,
    hasEgress: false,
    canUnmute: false,
    behindUrl: null,
    now: Date.now,
  });
  try {
    return await callAll({ url: standIn.url, apiKey: apiKey.key, apiSecret: apiKey.secret });
  } finally {
    await standIn.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describeWithLivekit('livekit-server', (program) => {
  let answers: ReadonlyMap<string, Answer> = new Map();
  beforeAll(async () => {
    const server = await startLivekitServer(program);
    try {
      answers = await callAll(server);
    } finally {
      await server.close();
    }
  });
  checkAll(() => answers);
});

describe('stand-in', () => {
  let answers: ReadonlyMap<string, Answer> = new Map();
  beforeAll(async () => {
    answers = await standInAnswers;
  });
  checkAll(() => answers);
});

// What only a server with an egress worker answers was recorded; the stand-in must say the same to the same requests.
describe('stand-in, beside the recordings of a real egress', () => {
  interface Refusal {
    readonly call: string;
    readonly request: Readonly<Record<string, unknown>>;
    readonly status: number;
    readonly answer: unknown;
  }
  const refusals = JSON.parse(
    readFileSync(join(import.meta.dirname, '..', 'media', 'egress-refusals.json'), 'utf8'),
  ) as readonly Refusal[];
  test.each(refusals)('$call $request is refused with $status', async ({ call, request, status, answer }) => {
    const bench = await openBench();
    const isThere = status !== 404 && request['room_name'] !== undefined;
    const got = await bench.call(`Egress/${call}`, { ...request, ...(isThere ? { room_name: 'stage' } : {}) });
    expect({ status: got.status, body: got.body }).toEqual({ status, body: answer });
  });
});
