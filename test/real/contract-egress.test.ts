import { EgressInfo, EgressStatus } from '@livekit/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench, openReceiver, room } from '../support/egress-bench.ts';
import { freePort } from '../support/free-port.ts';
import { describeWithLivekit, startLivekitServer } from '../support/livekit-server.ts';
import { openRealPeople } from '../support/people.ts';
import { startRedis } from '../support/redis.ts';
import { describeWith } from '../support/require.ts';
import { type Answer, type ApiSide, everyGrant, send, tokenFor } from '../support/twirp-call.ts';

// The refusals that a server with redis and somebody in a room can be brought to give: the same calls against the stand-in and
// against a real livekit-server. Its rows are those that a worker would have written to redis; only the worker never was.

const statuses = ['STARTING', 'ACTIVE', 'ENDING', 'COMPLETE', 'FAILED', 'ABORTED', 'LIMIT_REACHED'] as const;
type Status = (typeof statuses)[number];
/** Egress of each status that nothing handles any more, a person of the room, and a track of theirs. */
interface Given {
  readonly egressIds: Readonly<Record<Status, string>>;
  readonly trackSid: string;
}
interface Case {
  readonly name: string;
  readonly method: string;
  readonly body: (given: Given) => object;
  readonly status: number;
  readonly answer: unknown;
}

const inner = (code: string, text: string) => ({ code, msg: `twirp error unknown: ${text}` });
const noEgress = inner('not_found', 'egress does not exist');
const noResponse = inner('unavailable', 'no response from servers');
const noUnmute = inner('failed_precondition', 'remote unmute not enabled');
const tooLong = (what: string, max: number) => ({
  code: 'invalid_argument',
  msg: `${what} exceeds limits ${max}`,
  meta: { argument: `${what} exceeds limits` },
});
const added = { add_output_urls: ['rtmp://127.0.0.1/live/key'] };
const over = (status: Status, verb: string) => ({
  code: 'failed_precondition',
  msg: `egress with status EGRESS_${status} cannot be ${verb}`,
});
const isLost = (status: Status): boolean => status === 'STARTING' || status === 'ACTIVE';

const ofRows: readonly Case[] = statuses.flatMap((status): Case[] => [
  {
    name: `StopEgress of one that is ${status}`,
    method: 'Egress/StopEgress',
    body: ({ egressIds }) => ({ egress_id: egressIds[status] }),
    ...(isLost(status)
      ? { status: 408, answer: inner('deadline_exceeded', 'request timed out') }
      : { status: 412, answer: over(status, 'stopped') }),
  },
  {
    name: `UpdateStream of one that is ${status}`,
    method: 'Egress/UpdateStream',
    body: ({ egressIds }) => ({ egress_id: egressIds[status], ...added }),
    ...(isLost(status) ? { status: 503, answer: noResponse } : { status: 412, answer: over(status, 'updated') }),
  },
  {
    name: `UpdateLayout of one that is ${status}`,
    method: 'Egress/UpdateLayout',
    body: ({ egressIds }) => ({ egress_id: egressIds[status], layout: 'speaker' }),
    status: 404,
    answer: inner('not_found', 'participant does not exist'),
  },
]);
const ofNone: readonly Case[] = [
  ...['StopEgress', 'UpdateStream', 'UpdateLayout'].flatMap((method) =>
    [{ egress_id: 'EG_nope' }, {}].map((body) => ({
      name: `${method} ${JSON.stringify(body)}`,
      method: `Egress/${method}`,
      body: () => body,
      status: 404,
      answer: noEgress,
    })),
  ),
  {
    name: 'ListEgress of one that is not there',
    method: 'Egress/ListEgress',
    body: () => ({ egress_id: 'EG_nope' }),
    status: 404,
    answer: noEgress,
  },
  {
    name: 'ListEgress of a room that is not there',
    method: 'Egress/ListEgress',
    body: () => ({ room_name: 'ghost' }),
    status: 200,
    answer: { items: [], next_page_token: null },
  },
];
const mute = (name: string, fields: (given: Given) => object, status: number, answer: unknown): Case => ({
  name: `MutePublishedTrack, ${name}`,
  method: 'RoomService/MutePublishedTrack',
  body: (given) => ({ room, identity: 'ada', ...fields(given) }),
  status,
  answer,
});
const person = (method: string, fields: object, status: number, answer: unknown): Case => ({
  name: `${method} ${JSON.stringify(fields).slice(0, 60)}`,
  method: `RoomService/${method}`,
  body: () => ({ room, identity: 'ada', ...fields }),
  status,
  answer,
});
const ofPeople: readonly Case[] = [
  mute('unmute', ({ trackSid }) => ({ track_sid: trackSid, muted: false }), 412, noUnmute),
  mute('unmute of no track', () => ({ track_sid: 'TR_x', muted: false }), 412, noUnmute),
  mute('no such track', () => ({ track_sid: 'TR_x', muted: true }), 200, { track: null }),
  mute('no track named', () => ({ muted: true }), 200, { track: null }),
  mute('nobody named', ({ trackSid }) => ({ identity: '', track_sid: trackSid, muted: true }), 503, noResponse),
  person('UpdateParticipant', { metadata: 'x'.repeat(600_000) }, 400, tooLong('metadata size', 524_288)),
  person('UpdateParticipant', { name: 'x'.repeat(300) }, 400, tooLong('name length', 256)),
  person('UpdateParticipant', { attributes: { a: 'x'.repeat(70_000) } }, 400, tooLong('attribute size', 65_536)),
  person('UpdateSubscriptions', { track_sids: ['TR_x'], subscribe: true }, 200, {}),
  person('ForwardParticipant', { destination_room: 'other' }, 500, inner('unknown', 'not implemented')),
  person('MoveParticipant', { destination_room: 'other' }, 500, inner('unknown', 'not implemented')),
  person('GetParticipant', { identity: '' }, 404, inner('not_found', 'participant does not exist')),
  person('UpdateRoomMetadata', { metadata: 'x'.repeat(600_000) }, 400, tooLong('metadata size', 524_288)),
  person('DeleteRoom', { room: '' }, 404, inner('not_found', 'requested room does not exist')),
  person(
    'CreateRoom',
    { name: 'preset', room_preset: 'nope' },
    400,
    inner('invalid_argument', 'unknown room configuration in create room request'),
  ),
  person('CreateRoom', { name: 'few', max_participants: -1 }, 400, {
    code: 'malformed',
    msg: 'the json request could not be decoded',
  }),
];
const cases = [...ofRows, ...ofNone, ...ofPeople];

/** All at once: each refusal changes nothing, and some take 3 s. */
async function callAll(side: ApiSide, given: Given): Promise<ReadonlyMap<string, Answer>> {
  const token = tokenFor(side, { ...everyGrant(room), destinationRoom: 'other' });
  const answers = await Promise.all(
    cases.map(async ({ name, method, body }): Promise<[string, Answer]> => {
      return [name, await send(side, `/twirp/livekit.${method}`, { token, body: body(given) })];
    }),
  );
  return new Map(answers);
}

function checkAll(answersOf: () => Promise<ReadonlyMap<string, Answer>>): void {
  let answers: ReadonlyMap<string, Answer> = new Map();
  beforeAll(async () => {
    answers = await answersOf();
  }, 60_000);
  test.each(cases)('$name', ({ name, status, answer }) => {
    const got = answers.get(name);
    expect({ status: got?.status, body: got?.body }).toEqual({ status, body: answer });
  });
}

async function trackOf(side: ApiSide): Promise<string> {
  const token = tokenFor(side, everyGrant(room));
  const { body } = await send(side, '/twirp/livekit.RoomService/ListParticipants', { token, body: { room } });
  const { participants } = body as { participants: { tracks: { sid: string }[] }[] };
  return participants.flatMap(({ tracks }) => tracks)[0]?.sid ?? '';
}

async function ofRealServer(program: string): Promise<ReadonlyMap<string, Answer>> {
  const redis = await startRedis(await freePort());
  const server = await startLivekitServer(program, { redisAddress: redis.address });
  const people = openRealPeople(server);
  try {
    await people.join(room, 'ada');
    await people.act('ada', 'publish');
    const trackSid = await trackOf(server);
    const egressIds = {} as Record<Status, string>;
    for (const status of statuses) {
      const egressId = (egressIds[status] = `EG_${status}`);
      const request = { case: 'roomComposite', value: { roomName: room, layout: 'grid' } } as const;
      const row = new EgressInfo({ egressId, roomName: room, status: EgressStatus[`EGRESS_${status}`], request });
      await redis.ask('HSET', 'egress', egressId, row.toBinary());
      await redis.ask('SADD', `egress:room:${room}`, egressId);
    }
    return await callAll(server, { egressIds, trackSid });
  } finally {
    await people.close();
    await server.close();
    await redis.close();
  }
}

/** Brings one egress to each status, and takes away who handled it. */
async function rowsOf(bench: Bench, trackSid: string, url: string): Promise<Given['egressIds']> {
  const faults = bench.standIn.egress?.faults;
  if (!faults) throw new Error('It has egress.');
  const start = (websocketUrl = url) =>
    bench.ok('Egress/StartTrackEgress', { room_name: room, track_id: trackSid, websocket_url: websocketUrl });
  const startActive = async () => {
    const begun = await start();
    await bench.follow(begun, 'EGRESS_ACTIVE');
    return begun;
  };
  const stop = (egress_id: string) => bench.ok('Egress/StopEgress', { egress_id });

  const failed = await start('ws://127.0.0.1:1/');
  await bench.follow(failed, 'EGRESS_FAILED');
  const limited = await startActive();
  faults.endOne();
  await bench.follow(limited, 'EGRESS_LIMIT_REACHED');
  const complete = await startActive();
  await stop(complete.egress_id);
  await bench.follow(complete, 'EGRESS_COMPLETE');
  const active = await startActive();
  faults.orphanOne();
  const ending = await startActive();
  faults.gates.hold('ending');
  await stop(ending.egress_id);
  faults.orphanOne();
  faults.gates.hold('starting');
  const aborted = await start();
  await stop(aborted.egress_id);
  const starting = await start();
  faults.orphanOne();
  return {
    STARTING: starting.egress_id,
    ACTIVE: active.egress_id,
    ENDING: ending.egress_id,
    COMPLETE: complete.egress_id,
    FAILED: failed.egress_id,
    ABORTED: aborted.egress_id,
    LIMIT_REACHED: limited.egress_id,
  };
}

async function ofStandIn(): Promise<ReadonlyMap<string, Answer>> {
  const quick = { dialMs: 20, firstSoundMs: 20, drainMs: 20, sourceClosedDrainMs: 20 };
  const bench = await openBench({ people: ['ada'], timing: quick });
  const { url } = await openReceiver();
  const trackSid = await bench.trackOf('ada');
  const egressIds = await rowsOf(bench, trackSid, url);
  const side = { url: bench.standIn.url, apiKey: 'devkey', apiSecret: 'a-secret-of-thirty-six-chars-0123456' };
  return callAll(side, { egressIds, trackSid });
}

describeWith('redis', 'with redis and somebody in the room', () => {
  describeWithLivekit('livekit-server', (program) => checkAll(() => ofRealServer(program)));
  describe('stand-in', () => checkAll(ofStandIn));
});
