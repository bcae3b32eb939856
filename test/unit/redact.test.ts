import { expect, test } from 'vitest';
import { redactAddress, redactIdentifier, redactSecrets, secretHint } from '../../src/shared/text/redact.ts';

const token = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJkZXZrZXkiLCJleHAiOjF9.lFSrIfxHqlvOLeMOMLIszc';

test.each([
  [`invalid token: ${token}, error: x`, 'invalid token: {token}, error: x'],
  [`GET /rtc?access_token=${token}&protocol=9`, 'GET /rtc?access_token={...}&protocol=9'],
  ['rtmp://localhost:1935/live/streamkey', 'rtmp://localhost:1935/live/{str...key}'],
  ['rtmps://a.example/app/key?token=1234567', 'rtmps://a.example/app/{key...567}'],
  ['to rtmp://h/live/{str...key} failed', 'to rtmp://h/live/{str...key} failed'],
  ['mux://8e0abc2ae', 'mux://{8e0...2ae}'],
  ['srt://127.0.0.1:9999?mode=caller&passphrase=supersecret12', 'srt://127.0.0.1:9999?mode=caller&passphrase={...}'],
  ['ws://127.0.0.1:17884/t0?token=abc', 'ws://127.0.0.1:17884/t0?token={...}'],
  ['https://user:hunter2@host/a', 'https://{...}@host/a'],
  [
    'https://b.s3.example/k?X-Amz-Credential=AKIA%2F1&X-Amz-Signature=deadbeef&x=1',
    'https://b.s3.example/k?X-Amz-Credential={...}&X-Amz-Signature={...}&x=1',
  ],
  ['wss://api.example/v2/live?token=0b1c-22', 'wss://api.example/v2/live?token={...}'],
  [
    'dial ws://10.0.0.7:4455/egress/q7Zk3vTn0aJx5LwE9sRb2yHc8uGd4mPf6oKi1tWlXeY: bad handshake',
    'dial ws://10.0.0.7:4455/egress/{...}: bad handshake',
  ],
  [
    'GET http://127.0.0.1:4001/file/12.q7Zk3vTn0aJx5LwE9sRb2yHc8uGd4mPf6oKi1tWlXeY failed',
    'GET http://127.0.0.1:4001/file/{...} failed',
  ],
  [
    'GET http://127.0.0.1:4001/set/12.q7Zk3vTn0aJx5LwE9sRb2yHc8uGd4mPf6oKi1tWlXeY/show.m3u8 failed',
    'GET http://127.0.0.1:4001/set/{...}/show.m3u8 failed',
  ],
  ['/data/file/town-hall.mp4', '/data/file/town-hall.mp4'],
  ['Authorization: Bearer abcdefgh', 'Authorization: {...}'],
  [
    '{"apiSecret":"abcdefgh","turnPassword":"x1","room":"hall"}',
    '{"apiSecret":"{...}","turnPassword":"{...}","room":"hall"}',
  ],
  ['x-gladia-key: 0b1c-22', 'x-gladia-key: {...}'],
  [
    'https://page.example/show?jwt=abc&k=planted-0123456789&take=2',
    'https://page.example/show?jwt={...}&k={...}&take=2',
  ],
  ['https://page.example/show#token=abc', 'https://page.example/show#token={...}'],
  ['https://b.example/x?OSSAccessKeyId=LTAI&Expires=1', 'https://b.example/x?OSSAccessKeyId={...}&Expires=1'],
  ['{"sessionToken":"a b","secretAccessKey":"c"}', '{"sessionToken":"{...}","secretAccessKey":"{...}"}'],
  [String.raw`{"body":"{\"accountKey\":\"a==\"}"}`, String.raw`{"body":"{\"accountKey\":\"{...}\"}"}`],
  ['x-amz-security-token: FwoGZX, set-cookie: cuedesk=1', 'x-amz-security-token: {...}, set-cookie: {...}'],
  ['Proxy-Authorization: Basic dTpw', 'Proxy-Authorization: {...}'],
  [String.raw`"-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n"`, String.raw`"{private key}\n"`],
  ['invalid token: a, error: token is expired', 'invalid token: {...}, error: token is expired'],
  ['missing or invalid field: token or api key/secret', 'missing or invalid field: token or api key/secret'],
  ['room town-hall, 6 people, key devkey', 'room town-hall, 6 people, key devkey'],
  ['wss://livekit.studio.example/rtc', 'wss://livekit.studio.example/rtc'],
])('%s', (text, expected) => {
  expect(redactSecrets(text)).toBe(expected);
});

test('identifiers are shortened as LiveKit shortens them', () => {
  expect(['streamkey', 'stream', 'abc', 'ab', ''].map(redactIdentifier)).toEqual([
    '{str...key}',
    '{st...am}',
    '{a...c}',
    '{...}',
    '{...}',
  ]);
});
test('a hint shows two characters, and none of a short secret', () => {
  expect(secretHint('0123456789abcdef3f')).toBe('••••••••••3f');
  expect(secretHint('secret')).toBe('••••••••••');
});
test.each([
  ['rtmp://host/live/streamkey', 'rtmp://host/live/{str...key}'],
  ['rtmp://host/live/a"b<c>key', 'rtmp://host/live/{a"b...key}'],
  ['rtmp://host/live/streamkey live=1', 'rtmp://host/live/{str...key} live=1'],
  ['mux://8e0-abc-2ae', 'mux://{8e0...2ae}'],
  ['srt://host:9000?streamid=a&passphrase=0123456789', 'srt://host:9000?streamid={...}&passphrase={...}'],
  ['wss://me:pass@host/path?token=a&b', 'wss://{...}@host/path?token={...}&{...}'],
  [
    'https://host.of.a.very.long.name.example/show?room=a#secret',
    'https://host.of.a.very.long.name.example/show?room={...}#{...}',
  ],
  ['https://host/e/0123456789abcdef0123456789abcdef/x', 'https://host/e/{012...def}/x'],
])('the twin of %s, however often it is made', (url, twin) => {
  expect(redactAddress(url)).toBe(twin);
  expect(redactAddress(twin)).toBe(twin);
});
