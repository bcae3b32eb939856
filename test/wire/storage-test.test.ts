// "Test" of a storage, through the providers' own SDKs, against servers of their protocols.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/live/clock.ts';
import { testStorage, type StorageTestOptions } from '../../src/core/storage/test-storage.ts';
import type { StoragePlace, StorageSecrets, StorageTest } from '../../src/shared/model/storage.ts';
import { describeWith } from '../support/require.ts';
import {
  openHttp,
  azureAccount,
  openAzurite,
  openGcsStandIn,
  openOssStandIn,
  openS3Server,
  ossKey,
  refuseAll,
  s3Key,
  type StorageServer,
} from '../support/storage-servers.ts';
import { s3Place } from '../support/s3-place.ts';

const s3 = (endpoint: string, bucket = 'shows'): StoragePlace => s3Place({ bucket, endpoint });
const run = (
  place: StoragePlace,
  secrets: StorageSecrets,
  rest: Partial<StorageTestOptions> = {},
): Promise<StorageTest> => testStorage({ place, secrets, clock: systemClock, ...rest });
const states = (done: StorageTest) => done.steps.map(({ id, state }) => `${id} ${state}`);
/** The step that failed, in its words. */
const failure = (done: StorageTest) => {
  const step = done.steps.find(({ state }) => state === 'failed');
  return step && { id: step.id, code: step.problem?.code, text: step.text };
};
const allPassed = ['address passed', 'write passed', 'read passed', 'delete passed'];
const nobody = 'http://127.0.0.1:9'; // the discard port: nothing listens on it here

describe('an S3 server', () => {
  let server: StorageServer;
  beforeAll(async () => {
    server = await openS3Server();
  });
  afterAll(() => server.close());

  test('is written, read and deleted', async () => {
    const done = await run(s3(server.url), s3Key);
    expect(states(done)).toEqual(allPassed);
    expect(done.steps.map(({ text }) => text)).toEqual([
      `Reached ${new URL(server.url).host}`,
      'Wrote 61 bytes to shows',
      'Read back the same 61 bytes',
      'Deleted it again',
    ]);
  });
  test('that does not know the key, knows another secret, or has no such bucket, says so in words', async () => {
    const { host } = new URL(server.url);
    expect(failure(await run(s3(server.url), { ...s3Key, accessKey: 'AKIAOTHER' }))).toEqual({
      id: 'write',
      code: 'wrong-key',
      text: `${host} does not know this key.`,
    });
    expect(failure(await run(s3(server.url), { ...s3Key, secret: 'other' }))).toEqual({
      id: 'write',
      code: 'wrong-secret',
      text: `${host} knows the key, and its secret is another one.`,
    });
    expect(failure(await run(s3(server.url, 'none'), s3Key))).toEqual({
      id: 'write',
      code: 'no-bucket',
      text: `There is no none at ${host}.`,
    });
  });
});

describe('a storage as S3 answers it', () => {
  test('is not there: nobody listens, the name is unknown, no answer comes', async () => {
    expect(failure(await run(s3(nobody), s3Key))).toEqual({
      id: 'address',
      code: 'not-listening',
      text: 'Nobody listens at 127.0.0.1:9.',
    });
    expect(failure(await run(s3('http://storage.invalid'), s3Key))).toMatchObject({ id: 'address' });
    let asked = 0;
    const silent = await openHttp(() => void asked++);
    for (let limitMs = 100; asked === 0; limitMs *= 3)
      expect(failure(await run(s3(silent.url), s3Key, { limitMs }))).toMatchObject({
        id: 'address',
        code: 'no-answer',
      });
    await silent.close();
  });
  test.each([
    [403, 'RequestTimeTooSkewed', 'clocks-differ', 'differ too much'],
    [301, 'PermanentRedirect', 'wrong-region', 'shows lies in another region.'],
    [400, 'AuthorizationHeaderMalformed', 'wrong-region', 'shows lies in another region.'],
    [403, 'AccessDenied', 'no-right', 'may not do this in shows'],
    [400, 'ExpiredToken', 'token-expired', 'The session token has expired'],
    [503, 'SlowDown', 'storage-busy', 'is busy'],
    [500, 'InternalError', 'storage-refused', 'an error that Cuedesk does not know'],
  ])('with %i %s is told as %s', async (status, said, code, words) => {
    const server = await refuseAll(status, said);
    const done = await run(s3(server.url), s3Key);
    expect(failure(done)).toMatchObject({ id: 'write', code, text: expect.stringContaining(words) as string });
    expect(done.steps[0]).toMatchObject({ id: 'address', state: 'passed' });
    await server.close();
  });
  test('may be written and not deleted: the file that is left over is named', async () => {
    const server = await refuseAll(403, 'AccessDenied', { method: 'DELETE' });
    const done = await run(s3(server.url), s3Key);
    expect(states(done)).toEqual(['address passed', 'write passed', 'read passed', 'delete failed']);
    expect(done.steps[3]?.text).toMatch(/cuedesk-test-[0-9a-f]{8}\.txt is left over in shows\.$/);
    expect(done.steps[3]?.problem?.advice).toContain('Egress records all the same');
    await server.close();
  });
  test('says nothing of the keys that it was asked with', async () => {
    const server = await refuseAll(403, 'SignatureDoesNotMatch', { message: `you signed ${s3Key.secret}-in-clear` });
    expect(JSON.stringify(await run(s3(server.url), s3Key))).not.toContain('in-clear');
    await server.close();
  });
});

describeWith('azurite', 'Azurite', () => {
  const place: StoragePlace = { provider: 'azure', accountName: azureAccount.name, container: 'shows' };
  const key = { accountKey: azureAccount.key };
  let server: StorageServer;
  beforeAll(async () => {
    server = await openAzurite();
  });
  afterAll(() => server.close());

  test('is written, read and deleted', async () => {
    expect(states(await run(place, key, { endpoint: server.url }))).toEqual(allPassed);
  });
  test('that has another key, or no such container, says so in words; so does the network', async () => {
    const endpoint = server.url;
    const other = { accountKey: Buffer.from('another key').toString('base64') };
    expect(failure(await run(place, other, { endpoint }))).toMatchObject({ id: 'write', code: 'wrong-secret' });
    expect(failure(await run({ ...place, container: 'none' }, key, { endpoint }))).toMatchObject({
      id: 'write',
      code: 'no-bucket',
      text: `There is no none at ${new URL(endpoint).host}.`,
    });
    expect(failure(await run(place, key, { endpoint: `${nobody}/${azureAccount.name}` }))).toMatchObject({
      id: 'address',
      code: 'not-listening',
    });
  });
});

describe('Google, by a stand-in', () => {
  test('is written, read and deleted; a missing bucket and a missing network are told', async () => {
    const server = await openGcsStandIn();
    const place: StoragePlace = { provider: 'gcp', bucket: 'shows', proxy: null };
    expect(states(await run(place, {}, { endpoint: server.url }))).toEqual(allPassed);
    expect(failure(await run({ ...place, bucket: 'none' }, {}, { endpoint: server.url }))).toMatchObject({
      id: 'write',
      code: 'no-bucket',
    });
    expect(failure(await run(place, {}, { endpoint: nobody }))).toMatchObject({ code: 'not-listening' });
    const account = { type: 'service_account', client_email: 'a@b.example', private_key: 'no key at all' };
    const done = await run(place, { credentials: JSON.stringify(account) });
    expect(failure(done)).toMatchObject({ id: 'write', code: 'wrong-secret' });
    expect(JSON.stringify(done)).not.toContain('no key at all');
    await server.close();
  });
});

describe('Alibaba, by a stand-in that checks the signature', () => {
  test('is written, read and deleted; key, secret, bucket and network are told', async () => {
    const server = await openOssStandIn();
    const place: StoragePlace = { provider: 'alioss', bucket: 'shows', region: '', endpoint: server.url };
    expect(states(await run(place, ossKey))).toEqual(allPassed);
    expect(failure(await run(place, { ...ossKey, accessKey: 'LTAIother' }))).toMatchObject({ code: 'wrong-key' });
    expect(failure(await run(place, { ...ossKey, secret: 'other' }))).toMatchObject({ code: 'wrong-secret' });
    expect(failure(await run({ ...place, bucket: 'none' }, ossKey))).toMatchObject({ code: 'no-bucket' });
    expect(failure(await run({ ...place, endpoint: nobody }, ossKey))).toMatchObject({ code: 'not-listening' });
    await server.close();
  });
});

test('what cannot be seen from here is said, and nothing is tried', async () => {
  const folder = await run({ provider: 'server-local', folder: '/recordings' }, {});
  expect(failure(folder)).toMatchObject({ id: 'address', code: 'not-from-here' });
  expect(failure(await run(s3(nobody), {}))).toMatchObject({ id: 'address', code: 'not-from-here' });
});
