// The proxy of a profile, from this computer: used where it is reached, gone around where not, told in words where it refuses.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/core/live/clock.ts';
import { testStorage } from '../../src/core/storage/test-storage.ts';
import type { StoragePlace, StorageSecrets } from '../../src/shared/model/storage.ts';
import { openConnectProxy } from '../support/connect-proxy.ts';
import { openGcsStandIn, openS3Server, s3Key, type StorageServer } from '../support/storage-servers.ts';
import { externalId, openRoleServer, uploadRole, userKey } from '../support/sts-server.ts';
import { s3Place } from '../support/s3-place.ts';

let server: StorageServer;
beforeAll(async () => {
  server = await openS3Server();
});
afterAll(() => server.close());

const s3 = (endpoint: string, proxy: string, assumeRoleArn = ''): StoragePlace =>
  s3Place({ endpoint, assumeRoleArn, proxy: { url: proxy, username: 'ada' } });
const secrets: StorageSecrets = { ...s3Key, proxyPassword: 'p@ss:word' };
const tell = async (place: StoragePlace, given: StorageSecrets, endpoint?: string): Promise<readonly string[]> => {
  const { steps } = await testStorage({ place, secrets: given, clock: systemClock, endpoint });
  return steps.map(({ state, text }) => `${state}: ${text}`);
};
const hostOf = (url: string): string => new URL(url).host;

test('Test of S3 goes through the proxy with user and password, in the role too, and says so', async () => {
  const proxy = await openConnectProxy({ user: 'ada:p@ss:word' });
  expect(await tell(s3(server.url, `http://${proxy.host}`), secrets)).toEqual([
    `passed: Reached ${hostOf(server.url)}, through the proxy ${proxy.host}`,
    'passed: Wrote 61 bytes to shows',
    'passed: Read back the same 61 bytes',
    'passed: Deleted it again',
  ]);
  expect(new Set(proxy.asked)).toEqual(new Set([hostOf(server.url)]));
  const roles = await openRoleServer();
  const [address] = await tell(s3(roles.url, `http://${proxy.host}`, uploadRole), {
    ...secrets,
    ...userKey,
    externalId,
  });
  expect(address).toBe(
    `passed: Reached ${hostOf(roles.url)}, in the role show/upload, through the proxy ${proxy.host}`,
  );
  expect(proxy.asked).toContain(hostOf(roles.url));
  await expect.poll(() => proxy.openSockets()).toBe(0);
  await roles.close();
  await proxy.close();
});

test('Test of Google goes through the proxy as well', async () => {
  const proxy = await openConnectProxy({ user: 'ada:p@ss:word' });
  const google = await openGcsStandIn();
  const place: StoragePlace = {
    provider: 'gcp',
    bucket: 'shows',
    proxy: { url: `http://${proxy.host}`, username: 'ada' },
  };
  const steps = await tell(place, { proxyPassword: 'p@ss:word' }, google.url);
  expect(steps[0]).toBe(`passed: Reached ${hostOf(google.url)}, through the proxy ${proxy.host}`);
  expect(steps[3]).toBe('passed: Deleted it again');
  expect(proxy.asked).toContain(hostOf(google.url));
  expect(await tell(place, { proxyPassword: 'other' }, google.url)).toContain(
    'failed: The proxy does not let this user through.',
  );
  await google.close();
  await proxy.close();
});

test('a proxy that refuses the user, or the way, is told as what it is', async () => {
  const proxy = await openConnectProxy({ user: 'ada:another' });
  expect((await tell(s3(server.url, `http://${proxy.host}`), secrets))[0]).toBe(
    'failed: The proxy does not let this user through.',
  );
  await proxy.close();
  for (const answer of ['403 Forbidden', '502 Bad Gateway']) {
    const closed = await openConnectProxy({ answer });
    expect((await tell(s3(server.url, `http://${closed.host}`), secrets))[0]).toBe(
      `failed: The proxy opens no way to ${hostOf(server.url)}.`,
    );
    await closed.close();
  }
});

test('a proxy that this computer does not reach, or speak to, is gone around, and every step says so', async () => {
  expect(await tell(s3(server.url, 'http://127.0.0.1:9'), secrets)).toEqual([
    `passed: Reached ${hostOf(server.url)}, around the proxy 127.0.0.1:9: this computer does not reach it`,
    'passed: Wrote 61 bytes to shows, around the proxy',
    'passed: Read back the same 61 bytes, around the proxy',
    'passed: Deleted it again, around the proxy',
  ]);
  expect((await tell(s3(server.url, 'socks5://127.0.0.1:1080'), secrets))[0]).toBe(
    `passed: Reached ${hostOf(server.url)}, around the proxy 127.0.0.1:1080: Cuedesk knows HTTP proxies only`,
  );
});

test('a proxy that never answers ends at the deadline, and leaves no connection', async () => {
  const silent = await openConnectProxy({ answer: 'silent' });
  // A busy machine may not have dialled by the first deadline: only one that cut a call says something.
  let tests = 0;
  for (let limitMs = 150; silent.asked.length === 0; limitMs *= 3) {
    tests++;
    const place = s3(server.url, `http://${silent.host}`);
    const done = await testStorage({ place, secrets, clock: systemClock, limitMs });
    expect(done.steps[0]).toMatchObject({ state: 'failed', problem: { code: 'no-answer' } });
  }
  expect(silent.asked.length).toBeLessThanOrEqual(tests); // no test dials twice
  await expect.poll(() => silent.openSockets()).toBe(0);
  await silent.close();
});
