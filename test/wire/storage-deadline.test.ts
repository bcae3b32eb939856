// A storage that takes a call and never answers: every provider ends in words at the deadline, and leaves no connection.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/live/clock.ts';
import { lookUp } from '../../src/core/storage/look-up.ts';
import { openStore, type OpenStoreOptions } from '../../src/core/storage/open-store.ts';
import { testStorage } from '../../src/core/storage/test-storage.ts';
import { azureAccount, openGcsStandIn, ossKey, s3Key } from '../support/storage-servers.ts';
import { s3Place } from '../support/s3-place.ts';

let url = '';
let sockets: Set<Socket>;
let asked: Promise<unknown>;
let wasAsked: boolean;
let close: () => void;
beforeEach(async () => {
  sockets = new Set();
  wasAsked = false;
  const server = createServer((socket) => {
    wasAsked = true;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    socket.resume();
  });
  asked = once(server, 'connection');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
});
afterEach(() => close());

const storages: Record<string, (at: string) => OpenStoreOptions> = {
  s3: (endpoint) => ({ place: s3Place({ endpoint }), secrets: s3Key }),
  'a role of s3': (endpoint) => ({
    place: s3Place({ endpoint, assumeRoleArn: 'arn:aws:iam::123456789012:role/a' }),
    secrets: s3Key,
  }),
  gcp: (endpoint) => ({ place: { provider: 'gcp', bucket: 'shows', proxy: null }, secrets: {}, endpoint }),
  azure: (endpoint) => ({
    place: { provider: 'azure', accountName: azureAccount.name, container: 'shows' },
    secrets: { accountKey: azureAccount.key },
    endpoint,
  }),
  alioss: (endpoint) => ({
    place: { provider: 'alioss', bucket: 'shows', region: '', endpoint },
    secrets: ossKey,
  }),
};

describe.each(Object.keys(storages))('%s that never answers', (name) => {
  const at = () => storages[name]?.(url) as OpenStoreOptions; // a name of the list above
  test('ends Test at the deadline, in words', async () => {
    // A busy machine may not even have loaded the SDK by the first deadline: only one that cut a call says something.
    for (let limitMs = 200; !wasAsked; limitMs *= 3) {
      const done = await testStorage({ ...at(), clock: systemClock, limitMs });
      expect(done.steps[0]).toMatchObject({
        state: 'failed',
        text: expect.stringMatching(/does not answer\.$/) as string,
        problem: { code: 'no-answer' },
      });
    }
    await expect.poll(() => sockets.size).toBe(0);
  });
  test('is let go of when the console closes while it looks for a file', async () => {
    const owner = new AbortController();
    const locations: Record<string, string> = {
      gcp: 'https://storage.googleapis.com/shows/a.mp4',
      azure: `https://${azureAccount.name}.blob.core.windows.net/shows/a.mp4`,
    };
    const location = locations[name] ?? `${url}/shows/a.mp4`;
    const looked = lookUp(at(), { location, bytes: 1, durationMs: null }, owner.signal);
    await asked;
    owner.abort(new Error('the console closes'));
    expect(await looked).toMatchObject({ state: 'unknown' });
    await expect.poll(() => sockets.size).toBe(0);
  });
});

test('a link of Google is signed with the key of the account, and nothing is asked for it', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const account = { type: 'service_account', client_email: 'show@studio.example', private_key: pem };
  const secrets = { credentials: JSON.stringify(account) };
  const place = { provider: 'gcp', bucket: 'shows', proxy: null } as const;
  const store = await openStore({ place, secrets }, new AbortController().signal);
  const link = await store.link('town hall/a.mp4', 86_400);
  store.close();
  const signed = new URL(link.url);
  expect(`${signed.origin}${signed.pathname}`).toBe('https://storage.googleapis.com/shows/town%20hall/a.mp4');
  expect(signed.searchParams.get('X-Goog-Expires')).toBe('86400');
  expect(signed.searchParams.get('X-Goog-Credential')).toMatch(/^show@studio\.example\//);
  expect(link).toMatchObject({ lastsS: 86_400, endsWith: 'time' });
});

test('a part of an object of Google is read by its range', async () => {
  const google = await openGcsStandIn();
  const never = new AbortController().signal;
  const place = { provider: 'gcp', bucket: 'shows', proxy: null } as const;
  const store = await openStore({ place, secrets: {}, endpoint: google.url }, never);
  await store.put('a/b c.bin', Buffer.from('hello'), never);
  expect((await store.get('a/b c.bin', never, { from: 1, count: 2 })).toString()).toBe('el');
  expect(await store.look('a/b c.bin', never)).toEqual({
    bytes: 5,
    checksum: { kind: 'MD5', value: '5d41402abc4b2a76b9719d911017c592' },
  });
  expect(await store.look('a/none', never)).toBeNull();
  store.close();
  await google.close();
});
