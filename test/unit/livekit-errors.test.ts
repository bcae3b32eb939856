import { describe, expect, test } from 'vitest';
import { endings } from '../../src/core/livekit/catalogue/endings.ts';
import { refusals } from '../../src/core/livekit/catalogue/refusals.ts';
import { parseEndpoint } from '../../src/core/livekit/endpoint.ts';
import { problemOfEgress, problemOfRefusal } from '../../src/core/livekit/errors.ts';
import { problemOfNetwork } from '../../src/core/livekit/network-errors.ts';
import { DeadlineError } from '../../src/core/live/deadline.ts';
import { ProblemError, problemOf } from '../../src/shared/model/problem-error.ts';
import { recordedCalls, recordedEgress } from '../support/traces.ts';

/** [method, status, Twirp code, words, our code]; the words are those of the wire. */
const calls: readonly (readonly [string, number, string | null, string, string])[] = [
  ['StartRoomCompositeEgress', 503, 'unavailable', 'twirp error unknown: no response from servers', 'no-egress-worker'],
  ['MutePublishedTrack', 503, 'unavailable', 'twirp error unknown: no response from servers', 'no-such-person'],
  ['SendData', 503, 'unavailable', 'twirp error unknown: no response from servers', 'no-such-person'],
  ['UpdateStream', 503, 'unavailable', 'twirp error unknown: no response from servers', 'worker-gone'],
  ['StartTrackEgress', 503, 'unavailable', 'twirp error unknown: not enough CPU', 'not-enough-cpu'],
  ['StartTrackEgress', 429, 'resource_exhausted', 'concurrent egress sessions limit exceeded', 'egress-limit'],
  [
    'ListRooms',
    429,
    'resource_exhausted',
    'Error from intermediary with HTTP status code 429 "Too Many Requests"',
    'too-many-requests',
  ],
  ['ListRooms', 429, null, 'slow down', 'too-many-requests'],
  ['ListEgress', 500, 'internal', 'twirp error unknown: egress not connected (redis required)', 'egress-not-connected'],
  ['StopEgress', 408, 'deadline_exceeded', 'twirp error unknown: request timed out', 'worker-silent'],
  ['StartTrackEgress', 503, 'unavailable', 'server is shutting down', 'worker-shutting-down'],
  ['StartTrackEgress', 404, 'not_found', 'twirp error unknown: requested room does not exist', 'no-such-room'],
  ['RemoveParticipant', 404, 'not_found', 'twirp error unknown: participant does not exist', 'no-such-person'],
  ['StopEgress', 404, 'not_found', 'twirp error unknown: egress does not exist', 'no-such-egress'],
  ['StopEgress', 412, 'failed_precondition', 'egress with status EGRESS_COMPLETE cannot be stopped', 'egress-over'],
  ['UpdateStream', 412, 'failed_precondition', 'egress with status EGRESS_FAILED cannot be updated', 'egress-over'],
  [
    'UpdateStream',
    400,
    'invalid_argument',
    'twirp error unknown: UpdateStream called on non-streaming egress',
    'not-a-stream',
  ],
  [
    'UpdateStream',
    404,
    'not_found',
    'twirp error unknown: stream rtmp://h/live/{str...key} not found',
    'no-such-stream',
  ],
  [
    'MutePublishedTrack',
    412,
    'failed_precondition',
    'twirp error unknown: remote unmute not enabled',
    'unmute-not-allowed',
  ],
  ['ListRooms', 401, 'unauthenticated', 'permissions denied', 'no-right'],
  ['ListRooms', 401, null, 'invalid API key: nokey', 'wrong-key'],
  [
    'ListRooms',
    401,
    null,
    'invalid token: eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJkZXZrZXkifQ.c2lnbmF0dXJl, error: token has invalid claims: token is expired',
    'clocks-differ',
  ],
  [
    'ListRooms',
    401,
    null,
    'invalid token: eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJkZXZrZXkifQ.c2lnbmF0dXJl, error: token is not valid yet',
    'clocks-differ',
  ],
  [
    'ListRooms',
    401,
    null,
    'invalid token: eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJkZXZrZXkifQ.c2lnbmF0dXJl, error: token signature is invalid: signature is invalid',
    'wrong-secret',
  ],
  ['ListRooms', 401, null, 'invalid authorization token', 'bad-token'],
  [
    'StartEgress',
    400,
    'invalid_argument',
    'twirp error unknown: format  incompatible with codec audio/x-raw',
    'outputs-do-not-fit',
  ],
  [
    'StartRoomCompositeEgress',
    400,
    'invalid_argument',
    'twirp error unknown: request has missing or invalid field: width',
    'bad-request',
  ],
  [
    'StartRoomCompositeEgress',
    400,
    'invalid_argument',
    'twirp error unknown: invalid url host/app/key: invalid scheme',
    'bad-destination',
  ],
  [
    'UpdateStream',
    400,
    'invalid_argument',
    'twirp error unknown: invalid url rtmp://hostonly/key: rtmp urls must be of format rtmp(s)://{host}(/{path})/{app}/{stream_key}( live=1)',
    'bad-destination',
  ],
  ['NoSuchMethod', 404, 'bad_route', 'no handler for path "/twirp/livekit.Egress/NoSuchMethod"', 'not-understood'],
  ['StartEgress', 404, 'bad_route', 'no handler for path "/twirp/livekit.Egress/StartEgress"', 'no-such-call'],
  ['ListEgress', 400, 'malformed', 'the json request could not be decoded', 'not-understood'],
  ['MoveParticipant', 500, 'unknown', 'twirp error unknown: not implemented', 'not-implemented'],
  ['CreateRoom', 400, 'invalid_argument', 'room name length exceeds limits: max length 256', 'too-long'],
  ['CreateRoom', 413, null, 'request body too large', 'too-long'],
  ['ListRooms', 400, null, 'Client sent an HTTP request to an HTTPS server.\n', 'plain-to-tls'],
  // In no catalogue:
  ['ListRooms', 502, null, '<html><body>Bad Gateway</body></html>', 'proxy-error'],
  ['ListRooms', 500, 'internal', 'something new', 'server-error'],
  ['ListRooms', 404, null, 'Not Found', 'not-livekit'],
  ['ListRooms', 405, null, '<!DOCTYPE html><p>no', 'not-livekit'],
  ['ListRooms', 401, null, 'who are you', 'not-accepted'],
  ['ListRooms', 400, 'invalid_argument', 'something new', 'refused'],
];
/** [error_code, error, our code] of the info of an ended egress. */
const ends: readonly (readonly [number, string, string])[] = [
  [400, 'format websocket incompatible with codec video/vp8', 'picture-to-socket'],
  [400, 'video/av1 is not yet supported', 'codec-not-supported'],
  [400, 'request has missing or invalid field: output type', 'outputs-do-not-fit'],
  [400, 'malformed ws or wss URL', 'bad-destination'],
  [400, 'dial tcp 127.0.0.1:17899: connect: connection refused', 'cannot-dial-us'],
  [400, 'dial tcp: lookup no-such-host.invalid on 192.0.2.53:53: no such host', 'cannot-dial-us'],
  [400, 'read tcp 127.0.0.1:47246->127.0.0.1:17884: i/o timeout', 'cannot-dial-us'],
  [400, 'websocket: bad handshake', 'cannot-dial-us'],
  [400, 'tls: first record does not look like a TLS handshake', 'cannot-dial-us'],
  [503, 'websocket: close sent', 'receiver-dropped'],
  [503, 'write tcp 127.0.0.1:47210->127.0.0.1:17884: write: broken pipe', 'receiver-dropped'],
  [503, 'read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer', 'receiver-dropped'],
  [503, 'Connection refused: Could not connect to 127.0.0.1: Connection refused', 'destination-away'],
  [503, 'Failed to connect: Error resolving “no-such-host.invalid”: Name or service not known', 'destination-away'],
  [503, 'Failed to write to SRT socket: Connection does not exist', 'destination-away'],
  [
    503,
    'Failed to connect: publish denied; stream already exists: {"code":"NetStream.Publish.BadName"}',
    'destination-refused',
  ],
  [412, 'Start signal not received', 'never-began'],
  [412, 'Stop called before pipeline could start', 'never-began'],
  [413, 'Session limit reached', 'session-limit'],
  [404, 'track TR_unknown not found', 'source-gone'],
  [400, 'S3 upload failed: err: operation error S3: PutObject, exceeded maximum number of attempts', 'upload-failed'],
  [400, 'Local upload failed: mkdir /proc/nope/: no such file or directory', 'upload-failed'],
  [400, 'template error: no', 'page-failed'],
  [400, 'page load error: net::ERR_CONNECTION_REFUSED', 'page-failed'],
  [403, 'CPU exhausted: 5.11 cores used', 'worker-exhausted'],
  [403, 'server is shutting down', 'worker-shutting-down'],
  [500, 'exit status 2', 'worker-crashed'],
  [500, 'signal: killed', 'worker-crashed'],
  [503, 'recording ended early: connection to room failed', 'worker-lost-room'],
  [500, 'could not create element: faac', 'worker-broken'],
  [500, 'Internal data stream error.', 'worker-failed'],
  [500, 'something new', 'egress-failed'],
];

describe('what a refused call means', () => {
  test.each(calls)('%s %i %s: %s', (method, status, code, message, expected) => {
    expect(problemOfRefusal({ method, status, code, message }).code).toBe(expected);
  });
  test.each(ends)('egress %i: %s', (errorCode, error, expected) => {
    expect(problemOfEgress({ errorCode, error, details: 'End reason: Failure' })?.code).toBe(expected);
  });

  test('every row of the catalogue is met by a sample above', () => {
    const met = new Set<string>();
    for (const [method, status, code, message] of calls)
      met.add(problemOfRefusal({ method, status, code, message }).text);
    for (const [errorCode, error] of ends) met.add(problemOfEgress({ errorCode, error, details: '' })?.text ?? '');
    expect([...refusals, ...endings].filter((row) => !met.has(row.text)).map((row) => row.match[0])).toEqual([]);
  });

  test('all recorded refusals of a real server are known, and say the words without the prefix', () => {
    const refused = recordedCalls().filter((call) => call.status !== 200);
    expect(refused.length).toBeGreaterThan(40);
    for (const { call, status, json, text } of refused) {
      const problem = problemOfRefusal({
        method: call,
        status,
        code: json?.code ?? null,
        message: json?.msg ?? text ?? '',
      });
      expect(problem, `${call} ${JSON.stringify(json ?? text)}`).not.toMatchObject({
        code: expect.stringMatching(/^(refused|server-error|not-accepted)$/) as string,
      });
      expect(problem.said).not.toContain('twirp error');
      expect(problem.said).toMatch(new RegExp(`^${status}`));
    }
  });
  test('all recorded failures of egress are known', () => {
    const infos = recordedEgress().map((one) => one.infos.at(-1));
    let failures = 0;
    for (const info of infos) {
      if (!info) continue;
      const problem = problemOfEgress({ error: info.error, errorCode: info.error_code, details: info.details });
      if (/COMPLETE|ACTIVE|ENDING/.test(info.status)) expect(problem).toBeNull();
      else {
        failures++;
        expect(problem?.code, info.error).not.toBe('egress-failed');
      }
    }
    expect(failures).toBeGreaterThan(20);
  });

  test('a token that the server echoes is taken out', () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJkZXZrZXkifQ.c2lnbmF0dXJl';
    const problem = problemOfRefusal({
      method: 'ListRooms',
      status: 401,
      code: null,
      message: `invalid token: ${token}, error: token signature is invalid`,
    });
    expect(JSON.stringify(problem)).not.toContain('eyJ');
    expect(problem.said).toBe('401: invalid token: {token}, error: token signature is invalid');
  });
  test('a page of a proxy is named, not shown, and long words are cut', () => {
    expect(problemOfRefusal({ method: 'ListRooms', status: 502, code: null, message: '<html><h1>x' }).said).toBe(
      '502: a web page',
    );
    expect(
      problemOfRefusal({ method: 'ListRooms', status: 500, code: 'internal', message: 'x'.repeat(9_000) }).said?.length,
    ).toBeLessThan(400);
  });
});

describe('what no answer means', () => {
  const fault = (code: string): Error => Object.assign(new Error('secret:words@host'), { code });
  test.each([
    ['ECONNREFUSED', 'not-listening'],
    ['ENOTFOUND', 'no-such-host'],
    ['EAI_AGAIN', 'no-name-service'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
    ['ETIMEDOUT', 'no-answer'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['EPROTO', 'tls-to-plain'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls-to-plain'],
    ['CERT_HAS_EXPIRED', 'certificate'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
    ['HPE_INVALID_CONSTANT', 'not-livekit'],
    ['answer-too-large', 'answer-too-large'],
    ['ESOMETHING', 'network'],
  ])('%s', (code, expected) => {
    const problem = problemOfNetwork(fault(code), 'studio.example:7880');
    expect(problem.code).toBe(expected);
    expect(JSON.stringify(problem)).not.toContain('words');
  });
  test('several addresses that all refuse are one problem', () => {
    expect(problemOfNetwork(new AggregateError([fault('ECONNREFUSED'), fault('ECONNREFUSED')]), 'h').code).toBe(
      'not-listening',
    );
  });
  test('a limit is told in seconds', () => {
    expect(problemOfNetwork(new DeadlineError('ListRooms', 5_000), 'h:1').text).toBe('h:1 did not answer within 5 s.');
  });
});

describe('addresses', () => {
  test.each([
    ['wss://studio.example', 'https://studio.example', 'wss://studio.example', true],
    ['ws://127.0.0.1:7880/', 'http://127.0.0.1:7880', 'ws://127.0.0.1:7880', false],
    ['  HTTPS://Studio.example/rtc?x=1 ', 'https://studio.example', 'wss://studio.example', true],
    ['http://[::1]:7880', 'http://[::1]:7880', 'ws://[::1]:7880', false],
  ])('%s', (text, origin, joinUrl, isTls) => {
    expect(parseEndpoint(text)).toMatchObject({ origin, joinUrl, isTls });
  });
  test.each(['studio.example', '', 'ftp://studio.example', 'wss://', 'wss://a b', 'wss://user:hunter2@studio.example'])(
    'refused: %s',
    (text) => {
      const problem = problemOf(attempt(() => parseEndpoint(text)));
      expect(problem).toMatchObject({ code: 'bad-url', fault: 'yours' });
      expect(JSON.stringify(problem)).not.toContain('hunter2');
    },
  );
});

function attempt(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemError);
    return error;
  }
}
