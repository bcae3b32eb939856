import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { EgressClient, EgressStatus, StreamOutput, StreamProtocol } from 'livekit-server-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEndpoint } from '../../src/core/livekit/endpoint.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { openSettings } from '../../src/core/settings/open-settings.ts';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/rehearsal.ts';
import { FakeClock } from '../support/fake-clock.ts';

// The rehearsal's receivers and storage, used by programs that know nothing of it.

let folder = '';
let rehearsal: Rehearsal;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-destinations-'));
  rehearsal = await openRehearsal({
    scene: 'town-hall',
    filesFolder: join(folder, 'files'),
    roomChildProgram: '',
    timing: { answerIdleMs: 10, answerBusyMs: 10, joinMs: 10, chromeMs: 50 },
  });
});
afterAll(async () => {
  await rehearsal.close();
  rmSync(folder, { recursive: true, force: true });
});

const client = (change: { readonly secretAccessKey?: string; readonly accessKeyId?: string } = {}): S3Client => {
  const storage = rehearsal.addresses.destinations?.storage;
  if (!storage) throw new Error('no storage');
  return new S3Client({
    endpoint: storage.endpoint,
    region: storage.region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: storage.accessKey, secretAccessKey: storage.secret, ...change },
  });
};
const Bucket = 'recordings';

test('Amazon’s own client writes, reads, lists, links and deletes, and is refused in S3’s words', async () => {
  const s3 = client();
  const Key = 'a folder/ü (1).txt';
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }));
  expect(readFileSync(join(folder, 'files', 'storage', Bucket, Key), 'utf8')).toBe('hello');
  // A stream goes in signed pieces with a checksum behind them.
  await s3.send(
    new PutObjectCommand({ Bucket, Key: 'piped', Body: Readable.from(['x'.repeat(70_000)]), ContentLength: 70_000 }),
  );
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'piped' }))).ContentLength).toBe(70_000);
  const got = await s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=1-3' }));
  expect(await got.Body?.transformToString()).toBe('ell');
  const listed = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'a ' }));
  expect(listed.Contents?.map((one) => [one.Key, one.Size])).toEqual([[Key, 5]]);
  const link = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: 60 });
  expect(await (await fetch(link)).text()).toBe('hello');
  const tampered = await fetch(link.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'));
  expect([tampered.status, await tampered.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  await expect(s3.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NoSuchKey' });
  const put = new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' });
  await expect(client({ secretAccessKey: 'wrong' }).send(put)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  await expect(client({ accessKeyId: 'nobody' }).send(put)).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
  const elsewhere = new PutObjectCommand({ Bucket: 'elsewhere', Key: 'x', Body: 'x' });
  await expect(s3.send(elsewhere)).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

test('the words of the room arrive at the RTMP receiver, and its page decodes them from the sound', async () => {
  const { livekit, destinations } = rehearsal.addresses;
  const egress = new EgressClient(rehearsal.standIn.url, livekit.apiKey, livekit.apiSecret);
  const stream = new StreamOutput({ protocol: StreamProtocol.RTMP, urls: destinations?.rtmp.slice(0, 1) ?? [] });
  const { egressId } = await egress.startRoomCompositeEgress('town-hall', { stream }, { layout: 'grid' });
  interface Shown {
    readonly id: string;
    readonly protocol: string;
    readonly isLive: boolean;
    readonly bytes: number;
  }
  const { url, token } = rehearsal.addresses.control;
  const drill = await fetch(`${url}/drills/show-receivers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  const page = /http:\/\/127\.0\.0\.1\S+/.exec(await drill.text())?.[0] ?? '';
  expect(page).toBe(destinations?.page);
  const ask = async (path: string): Promise<unknown> => (await fetch(page + path)).json();
  const shown = async (): Promise<readonly Shown[]> => (await ask('arrivals')) as Shown[];
  await expect.poll(async () => (await shown())[0]?.bytes ?? 0, { timeout: 20_000 }).toBeGreaterThan(100_000);
  const [arrival] = await shown();
  expect(arrival).toMatchObject({ protocol: 'rtmp', isLive: true });
  const { words } = (await ask(`words/${arrival?.id}`)) as { words: { identity: string; word: string }[] };
  expect(words.length).toBeGreaterThan(3);
  const spoken = rehearsal.show.spoken('town-hall', rehearsal.show.startedAtMs, Date.now());
  const said = spoken.map(({ identity, word }) => `${identity} ${word}`);
  // In the order they were said, none between left out.
  const heard = words.map(({ identity, word }) => `${identity} ${word}`);
  expect(` ${said.join(' | ')} `).toContain(heard.slice(1, -1).join(' | '));
  expect((await fetch(page)).headers.get('content-security-policy')).toContain("default-src 'none'");
  expect((await fetch(page.replace(/\/[0-9a-f]+\/$/, '/'))).status).toBe(404);
  const video = await fetch(`${page}video/${arrival?.id}`);
  expect(
    Buffer.from(await video.arrayBuffer())
      .subarray(4, 8)
      .toString(),
  ).toBe('ftyp');
  const { status } = await egress.stopEgress(egressId);
  expect(status).toBe(EgressStatus.EGRESS_ENDING);
});

test('the console offers them: receivers in the address book, the storage among the profiles, for this run', async () => {
  const settingsFolder = join(folder, 'settings');
  const open = (connection: Rehearsal['addresses']) =>
    openSettings({
      folder: settingsFolder,
      box: {
        protection: 'passphrase',
        seal: async (text) => Buffer.from(text),
        unseal: async (bytes) => Buffer.from(bytes).toString(),
      },
      rehearsal: connection,
      defaultRecordingsFolder: settingsFolder,
      readUrl: parseEndpoint,
      clock: new FakeClock(Date.now()),
      log: silentLog,
    });
  const { addresses } = rehearsal;
  for (let run = 0; run < 2; run += 1) {
    const settings = await open(addresses);
    const names = settings.addresses.addresses.value.addresses.map(({ name, isMissing }) => [name, isMissing]);
    expect(names).toContainEqual(['Rehearsal receiver', false]);
    expect(new Set(names.map(([name]) => name)).size).toBe(names.length);
    const [receiver] = settings.addresses.addresses.value.addresses.filter(({ name }) => name === 'Rehearsal receiver');
    expect(await settings.addresses.urlOf(receiver?.id ?? '', { loopbackOnly: true })).toBe(
      addresses.destinations?.rtmp[0],
    );
    const [storage] = settings.storages.storages.value.storages;
    expect(storage).toMatchObject({ name: 'Rehearsal storage', isMissing: false });
    expect((await settings.storages.open(storage?.id ?? '')).secrets.secret).toBe(
      addresses.destinations?.storage.secret,
    );
    await settings.close();
    expect(readFileSync(join(settingsFolder, 'settings.json'), 'utf8')).not.toContain(
      addresses.destinations?.storage.secret,
    );
  }
});
