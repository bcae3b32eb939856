// A storage whose key may only take on a role: STS and S3 on one endpoint, both checking signatures.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/core/live/clock.ts';
import { RoleSessions } from '../../src/core/storage/role-sessions.ts';
import { linkTo, readText } from '../../src/core/storage/with-store.ts';
import { openStore } from '../../src/core/storage/open-store.ts';
import { testStorage } from '../../src/core/storage/test-storage.ts';
import type { StoragePlace, StorageSecrets } from '../../src/shared/model/storage.ts';
import { openS3Server, refuseAll, s3Key } from '../support/storage-servers.ts';
import { externalId, openRoleServer, uploadRole, userKey, type RoleServer } from '../support/sts-server.ts';
import { s3Place } from '../support/s3-place.ts';

let server: RoleServer;
beforeAll(async () => {
  server = await openRoleServer();
});
afterAll(() => server.close());

const placeAt = (endpoint: string, assumeRoleArn = uploadRole): StoragePlace => s3Place({ endpoint, assumeRoleArn });
const secrets: StorageSecrets = { ...userKey, externalId };
const never = new AbortController().signal;

async function failureOf(place: StoragePlace, given: StorageSecrets) {
  const { steps } = await testStorage({ place, secrets: given, clock: systemClock });
  const failed = steps.find(({ state }) => state === 'failed');
  return { address: steps[0]?.state, id: failed?.id, code: failed?.problem?.code, text: failed?.text };
}

test('Test takes on the role and writes, reads and deletes with what it is given', async () => {
  const { steps } = await testStorage({ place: placeAt(server.url), secrets, clock: systemClock });
  expect(steps.map(({ state, text }) => `${state}: ${text}`)).toEqual([
    `passed: Reached ${new URL(server.url).host}, in the role show/upload`,
    'passed: Wrote 61 bytes to shows',
    'passed: Read back the same 61 bytes',
    'passed: Deleted it again',
  ]);
  expect(server.taken()).toBe(1);
});

test('a role that is not there, or another external id, is told in words; so are key and secret', async () => {
  const other = 'arn:aws:iam::123456789012:role/other';
  const noRole = { address: 'passed', id: 'write', code: 'no-role' };
  expect(await failureOf(placeAt(server.url, other), secrets)).toEqual({
    ...noRole,
    text: `The key may not take on the role ${other}.`,
  });
  expect(await failureOf(placeAt(server.url), { ...secrets, externalId: 'another' })).toMatchObject(noRole);
  expect(await failureOf(placeAt(server.url), userKey)).toMatchObject(noRole);
  expect(await failureOf(placeAt(server.url), { ...secrets, accessKey: 'AKIAOTHER' })).toMatchObject({
    id: 'write',
    code: 'wrong-key',
  });
  expect(await failureOf(placeAt(server.url), { ...secrets, secret: 'other' })).toMatchObject({ code: 'wrong-secret' });
  expect(await failureOf(placeAt('http://127.0.0.1:9'), secrets)).toEqual({
    address: 'failed',
    id: 'address',
    code: 'not-listening',
    text: 'Nobody listens at 127.0.0.1:9.',
  });
});

test('a server that has no roles says so', async () => {
  const plain = await refuseAll(405, 'MethodNotAllowed');
  expect(await failureOf(placeAt(plain.url), secrets)).toMatchObject({
    id: 'write',
    code: 'no-roles',
    text: `${new URL(plain.url).host} gives no roles.`,
  });
  await plain.close();
});

test('a link that a role signs opens the file, and says that it ends with the role', async () => {
  const place = placeAt(server.url);
  const store = await openStore({ place, secrets }, never);
  await store.put('town-hall/a.mp4', Buffer.from('hello'), never);
  store.close();
  const link = await linkTo({ place, secrets }, 'town-hall/a.mp4', 24 * 3600, never);
  expect(await (await fetch(link.url)).text()).toBe('hello');
  expect(link.endsWith).toBe('role');
  expect(link.lastsS).toBeGreaterThan(3_500);
  expect(link.lastsS).toBeLessThanOrEqual(3_600);
  expect(link.url).toContain(`X-Amz-Expires=${String(link.lastsS)}&`);

  const short = await openRoleServer({ lastsS: 900 });
  const shorter = await linkTo({ place: placeAt(short.url), secrets }, 'a.mp4', 24 * 3600, never);
  expect(shorter.lastsS).toBeLessThanOrEqual(900);
  await short.close();
});

test('a role that is near its end is not used again', async () => {
  const roles = new RoleSessions();
  const short = await openRoleServer({ lastsS: 200 });
  const storage = { place: placeAt(short.url), secrets, roles };
  for (const count of [1, 2]) {
    expect(await readText(storage, 'none.txt', 9, never)).toBeNull();
    expect(short.taken()).toBe(count);
  }
  await short.close();
});

test('a link without a role lasts as long as it should; one with a session token perhaps shorter, and says so', async () => {
  const plain = await openS3Server();
  const place = placeAt(plain.url, '');
  const at = 'a.mp4';
  expect(await linkTo({ place, secrets: s3Key }, at, 86_400, never)).toMatchObject({
    lastsS: 86_400,
    endsWith: 'time',
  });
  const withToken = { ...s3Key, sessionToken: 'a-token' };
  expect(await linkTo({ place, secrets: withToken }, at, 86_400, never)).toMatchObject({ endsWith: 'session-token' });
  await plain.close();
});
