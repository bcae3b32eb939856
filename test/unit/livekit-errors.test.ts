import { describe, expect, test } from 'vitest';
import { parseEndpoint } from '../../src/core/livekit/endpoint.ts';
import { problemOfEgress, problemOfRefusal } from '../../src/core/livekit/errors.ts';
import { problemOfNetwork } from '../../src/core/livekit/network-errors.ts';
import { DeadlineError } from '../../src/core/live/deadline.ts';
import { ProblemError, problemOf } from '../../src/shared/model/problem-error.ts';
import { calls, ends } from '../support/refusal-samples.ts';
import { recordedCalls, recordedEgress } from '../support/traces.ts';

describe('what a refused call means', () => {
  test.each(calls)('%s %i %s: %s', (method, status, code, message, expected) => {
    expect(problemOfRefusal({ method, status, code, message }).code).toBe(expected);
  });
  test.each(ends)('egress %i: %s', (errorCode, error, expected) => {
    expect(problemOfEgress({ errorCode, error, details: 'End reason: Failure' })?.code).toBe(expected);
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
