// After the end of a job: is the file in the storage that egress named? Against an S3 server that checks signatures.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { FileChecks } from '../../src/core/console/file-checks.ts';
import { fileAddress } from '../../src/core/console/file-address.ts';
import { fileHandlers } from '../../src/core/console/file-handlers.ts';
import { rolesOf } from '../../src/core/console/storage-roles.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { Scope } from '../../src/core/live/scope.ts';
import { parseEndpoint } from '../../src/core/livekit/endpoint.ts';
import { openMediaPlane } from '../../src/core/media-plane/media-plane.ts';
import { Incidents } from '../../src/core/observe/incidents.ts';
import { openSettings, type OpenedSettings } from '../../src/core/settings/open-settings.ts';
import { openStore } from '../../src/core/storage/open-store.ts';
import type { Job, JobFile } from '../../src/shared/model/job.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import type { StoragePlace } from '../../src/shared/model/storage.ts';
import { openJournal, type Journal } from '../../src/core/store/journal.ts';
import type { FileCheck } from '../../src/shared/model/file-check.ts';
import { openHttp, openS3Server, s3Key, type StorageServer } from '../support/storage-servers.ts';
import { turnedBox } from '../support/turned-box.ts';
import { externalId, openRoleServer, uploadRole, userKey } from '../support/sts-server.ts';
import { s3Place } from '../support/s3-place.ts';

let server: StorageServer;
let folder: string;
let settings: OpenedSettings;
let incidents: Incidents;
let checks: FileChecks;
const placeAt = (endpoint: string): StoragePlace => s3Place({ endpoint });
let journal: Journal;
let scope: Scope;
let serverKind: 'rehearsal' | 'local' | 'self-hosted';
const openChecks = (againAfterMs: readonly number[] = [5, 10]): FileChecks =>
  new FileChecks({
    storages: settings.storages,
    roles: rolesOf(settings.storages, scope),
    serverOf: () => ({ kind: serverKind }) as never, // all that is looked at of it
    store: journal.fileChecks,
    incidents,
    againAfterMs,
    clock: systemClock,
    log: silentLog,
  });
/** The last look at a file, once it is as wanted. */
const when = (fileId: string, isWanted: (check: FileCheck) => boolean): Promise<FileCheck> =>
  new Promise((resolve) => {
    const look = (): void => {
      const found = checks.checks.value.checks.find((one) => one.fileId === fileId);
      if (found && isWanted(found)) resolve(found);
    };
    checks.checks.on(look);
    look();
  });
const put = async (name: string, bytes: Buffer): Promise<void> => {
  const { signal } = new AbortController();
  const store = await openStore({ place: placeAt(server.url), secrets: s3Key }, signal);
  await store.put(name, bytes, signal);
  store.close();
};
beforeAll(async () => {
  server = await openS3Server();
  await put('town-hall/a.mp4', Buffer.from('hello'));
});
afterAll(() => server.close());
beforeEach(async () => {
  serverKind = 'self-hosted';
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-checks-'));
  const options = { rehearsal: null, defaultRecordingsFolder: folder, readUrl: parseEndpoint, log: silentLog };
  settings = await openSettings({ folder, box: turnedBox, clock: systemClock, ...options });
  incidents = new Incidents({ clock: systemClock });
  journal = openJournal({ folder, log: silentLog, clock: systemClock });
  scope = new Scope('test');
  checks = openChecks();
  const place = placeAt(server.url);
  await settings.storages.save({ name: 'Archive', isBackup: false, place, secrets: s3Key, keep: 'stored' });
});
afterEach(async () => {
  await checks.close();
  await scope.close();
  await journal.close();
  await settings.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (part: Partial<JobFile> = {}): JobFile => ({
  id: 'egress-0',
  engine: 'egress',
  content: 'program',
  identity: null,
  name: 'a.mp4',
  location: `${server.url.replace('http:', 'https:')}/shows/town-hall/a.mp4`,
  isLocal: false,
  bytes: 5,
  durationMs: 1_000,
  startedAtMs: 1,
  isComplete: true,
  ...part,
});
const request = programRequest('a');
const job = (files: readonly JobFile[]): Job =>
  ({ id: 'job', serverId: 'srv', roomName: 'town-hall', title: 'program', phase: 'done', request, files }) as never; // what is looked at of it

test('a file that is there is told with size and MD5, and a link opens it', async () => {
  const one = file();
  expect(await checks.check(job([one]), one)).toMatchObject({
    state: 'there',
    text: 'there, 5 B',
    checksum: { kind: 'MD5', value: '5d41402abc4b2a76b9719d911017c592' },
    storage: 'Archive',
  });
  const { url, expiresAtMs } = await checks.link(job([one]), one);
  expect(await (await fetch(url)).text()).toBe('hello');
  expect(expiresAtMs).toBeGreaterThan(Date.now());
  const plane = await openMediaPlane({ log: silentLog, allowedOrigins: [] });
  const played = plane.remoteUrl(url, 'video/mp4');
  expect(played).not.toContain('X-Amz');
  const part = await fetch(played, { headers: { range: 'bytes=1-2' } });
  expect([part.status, part.headers.get('content-type'), await part.text()]).toEqual([206, 'video/mp4', 'el']);
  const gone = await fetch(plane.remoteUrl(url.replace('a.mp4', 'gone.mp4'), 'video/mp4'));
  expect([gone.status, await gone.text()]).toEqual([502, 'The storage does not give this file.']);
  await plane.close();
  expect(JSON.stringify(checks.checks.value)).not.toContain('X-Amz-Signature');
});

test('a name that is hard on addresses is found however its place is told, and with the slash that it begins with', async () => {
  const name = 'Q&A: why? #1/50% ä.mp4';
  await put(name, Buffer.from('hello'));
  await put('/slashed.mp4', Buffer.from('hello'));
  const at = (path: string): JobFile => file({ location: file().location.replace('town-hall/a.mp4', path) });
  const asAddress = name.split('/').map(encodeURIComponent).join('/');
  for (const one of [at(asAddress), at(name), at('slashed.mp4')]) {
    expect(await checks.check(job([one]), one)).toMatchObject({ state: 'there', text: 'there, 5 B' });
    const { url } = await checks.link(job([one]), one);
    expect(await (await fetch(url)).text()).toBe('hello');
  }
});

test('a file of a job that only the history knows is looked for, linked and played as well', async () => {
  const plane = await openMediaPlane({ log: silentLog, allowedOrigins: [] });
  const old = job([file()]);
  const handlers = fileHandlers({
    jobs: { find: () => null },
    history: { job: (id: string) => (id === 'job' ? old : null) },
    fileChecks: checks,
    plane,
  } as never); // what is asked of them
  const which = { jobId: 'job', fileId: 'egress-0' };
  const never = new AbortController().signal;
  expect(await handlers.checkFile(which, never)).toMatchObject({ state: 'there', storage: 'Archive' });
  expect(await (await fetch((await handlers.linkFile(which, never)).url)).text()).toBe('hello');
  const { url, mimeType } = await handlers.fileAddress(which, never);
  expect([mimeType, await (await fetch(url)).text()]).toEqual(['video/mp4', 'hello']);
  await expect(handlers.revealFile(which, never)).rejects.toMatchObject({ code: 'not-here' });
  await expect(handlers.checkFile({ ...which, jobId: 'none' }, never)).rejects.toMatchObject({ code: 'no-such-file' });
  await plane.close();
});

const isOver = ({ againAtMs }: FileCheck): boolean => againAtMs === null;

test('a file that is not there, or of another size, is an incident that says where it was looked for', async () => {
  const gone = file({ id: 'egress-1', name: 'b.mp4', location: file().location.replace('a.mp4', 'b.mp4') });
  const short = file({ id: 'egress-2', bytes: 5_000 });
  checks.jobChanged(job([file(), gone, short]));
  await Promise.all([when('egress-0', isOver), when('egress-1', isOver), when('egress-2', isOver)]);
  expect(Object.fromEntries(checks.checks.value.checks.map(({ fileId, state }) => [fileId, state]))).toEqual({
    'egress-0': 'there',
    'egress-1': 'missing',
    'egress-2': 'differs',
  });
  expect(incidents.list.value.incidents.map(({ what }) => what).toSorted()).toEqual([
    expect.stringContaining('a.mp4 of "program" is there, with 5 B instead of the 5 kB that egress told'),
    'b.mp4 of "program" is not in the storage.',
  ]);
  expect(incidents.list.value.incidents[0]?.detail).toMatch(/^Looked for in Archive \(s3:\/\/shows at 127/);
});

test('a file that its storage shows late is found by a later look, and is no incident', async () => {
  await checks.close();
  checks = openChecks([5, 10, 600_000]);
  const late = file({ id: 'late', location: file().location.replace('a.mp4', 'late.mp4') });
  checks.jobChanged(job([late]));
  const waiting = await when('late', ({ againAtMs, atMs }) => againAtMs !== null && againAtMs - atMs === 600_000);
  expect(waiting).toMatchObject({ state: 'unknown', text: 'not in the storage; it is looked for again' });
  await checks.close(); // the console is closed meanwhile
  await put('town-hall/late.mp4', Buffer.from('hello'));
  checks = openChecks();
  expect(checks.checks.value.checks.find(({ fileId }) => fileId === 'late')).toEqual(waiting);
  checks.goOn(() => job([late]));
  expect(await when('late', isOver)).toMatchObject({ state: 'there', bytes: 5 });
  expect(incidents.list.value.incidents).toEqual([]);
});

test('each segment that a playlist names is looked for', async () => {
  const playlist = ['#EXTM3U', ...[0, 1, 2].flatMap((n) => ['#EXTINF:4.000,', `s_${n}.ts`]), '#EXT-X-ENDLIST', ''].join(
    '\n',
  );
  await put('hls/index.m3u8', Buffer.from(playlist));
  await put('hls/s_0.ts', Buffer.from('12345'));
  await put('hls/s_2.ts', Buffer.from('12345'));
  const location = file().location.replace('town-hall/a.mp4', 'hls/index.m3u8');
  const set = file({ id: 'hls', content: 'segments', name: 'index.m3u8', location, bytes: 15, count: 3 });
  expect(await checks.check(job([set]), set)).toMatchObject({
    state: 'missing',
    text: 'there, without 1 of its segments (3), the first of them s_1.ts',
  });
  await put('hls/s_1.ts', Buffer.from('12345'));
  expect(await checks.check(job([set]), set)).toMatchObject({
    state: 'there',
    text: 'there, with its 3 segments, 15 B',
  });
  expect(await checks.check(job([set]), { ...set, count: 4 })).toMatchObject({
    state: 'differs',
    text: 'there, and names 3 segments instead of the 4 that egress told',
  });
});

test('each image of a set is looked for where the job asked for it', async () => {
  const [archive] = settings.storages.storages.value.storages;
  const images = [{ captureIntervalS: 5, filenameSuffix: 'index', storageId: archive?.id ?? '' }];
  const set = file({ id: 'images-0', content: 'images', name: 'i', location: 'stills/i', bytes: null, count: 3 });
  const asked = (part: object = {}): Job =>
    ({
      ...job([set]),
      request: { ...request, outputs: { ...request.outputs, images: [{ ...images[0], ...part }] } },
    }) as Job;
  for (const number of [0, 1]) await put(`stills/i_0000${number}.jpeg`, Buffer.from('jpeg'));
  expect(await checks.check(asked(), set)).toMatchObject({
    state: 'missing',
    text: 'there, but for 1 of the images (3), the first of them stills/i_00002.jpeg',
    storage: 'Archive',
  });
  await put('stills/i_00002.jpeg', Buffer.from('jpeg'));
  expect(await checks.check(asked(), set)).toMatchObject({ state: 'there', text: 'there, all of them (3)' });
  expect(await checks.check(asked({ filenameSuffix: 'timestamp' }), set)).toMatchObject({ state: 'unknown' });
  expect(await checks.check(asked({ filenameSuffix: 'overwrite' }), set)).toMatchObject({ state: 'missing' });
  expect(await checks.check(asked({ storageId: null }), set)).toMatchObject({
    state: 'unknown',
    text: 'at the egress host, and cannot be seen from here',
  });
});

test('a path is looked at where the server runs here, and is never called missing where it may lie elsewhere', async () => {
  const location = join(folder, 'here.mp4');
  writeFileSync(location, 'hello');
  const here = file({ id: 'here', location });
  const gone = file({ id: 'gone', location: join(folder, 'gone.mp4') });
  const look = async (kind: typeof serverKind, one: JobFile) => {
    serverKind = kind;
    const { state, text } = await checks.check(job([one]), one);
    return [state, text];
  };
  expect(await look('self-hosted', here)).toEqual(['unknown', 'at the egress host, and cannot be seen from here']);
  expect(await look('local', here)).toEqual(['there', 'there, 5 B']);
  expect((await look('local', gone))[0]).toBe('unknown');
  expect(await look('rehearsal', gone)).toEqual(['missing', 'not there any more']);
  expect((await look('local', { ...here, bytes: 50 }))[0]).toBe('differs');
});

test('a playlist that is larger than any of egress is not read, here and in a storage', async () => {
  const large = Buffer.alloc((8 << 20) + 1);
  const location = join(folder, 'large.m3u8');
  writeFileSync(location, large);
  await put('hls/large.m3u8', large);
  serverKind = 'local';
  const here = file({ content: 'segments', location });
  const stored = { ...here, location: file().location.replace('town-hall/a.mp4', 'hls/large.m3u8') };
  for (const one of [here, stored]) {
    expect(await checks.check(job([one]), one)).toMatchObject({
      state: 'unknown',
      text: 'there, and not read: a playlist of 8.4 MB is larger than any of egress',
    });
  }
});

/** A job that named this storage: several of these tests lie on one host. */
const jobIn = (storageId: string, one: JobFile): Job => {
  const outputs = { ...request.outputs, file: { ...request.outputs.file, storageId } };
  return { ...job([one]), request: { ...request, outputs } } as Job;
};

test('a role is taken on once for many looks, and anew for a link, once it is refused, and when a profile changes', async () => {
  const roles = await openRoleServer();
  const profile = {
    name: 'Role',
    isBackup: false,
    place: s3Place({ endpoint: roles.url, assumeRoleArn: uploadRole }),
    secrets: { ...userKey, externalId },
    keep: 'stored',
  } as const;
  const { id } = await settings.storages.save(profile);
  const one = file({ name: 'none.mp4', location: file().location.replace('a.mp4', 'none.mp4') });
  const taken = async (): Promise<number> => {
    expect(await checks.check(jobIn(id, one), one)).toMatchObject({ state: 'missing', storage: 'Role' });
    return roles.taken();
  };
  expect([await taken(), await taken()]).toEqual([1, 1]);
  expect(await checks.link(jobIn(id, one), one)).toMatchObject({ endsWith: 'role' });
  expect([roles.taken(), await taken()]).toEqual([2, 2]);
  roles.forget();
  expect(await checks.check(jobIn(id, one), one)).toMatchObject({ state: 'unknown' });
  expect(await taken()).toBe(3);
  await settings.storages.save({ ...profile, storageId: id, name: 'Role' });
  expect(await taken()).toBe(4);
  await settings.storages.remove(id);
  await roles.close();
});

test('clocks that differ are told before a link is made that opens nothing', async () => {
  const inTwoHours = new Date(Date.now() + 2 * 3_600_000).toUTCString();
  const later = await openHttp((_request, response) => void response.writeHead(403, { date: inTwoHours }).end());
  const place = placeAt(later.url);
  const { id } = await settings.storages.save({
    name: 'Later',
    isBackup: false,
    place,
    secrets: s3Key,
    keep: 'stored',
  });
  const one = file();
  await expect(checks.link(jobIn(id, one), one)).rejects.toMatchObject({ code: 'clocks-differ' });
  expect(await checks.check(jobIn(id, one), one)).toMatchObject({
    state: 'unknown',
    text: expect.stringContaining('The clocks of this computer and of 127.0.0.1') as string,
  });
  await settings.storages.remove(id);
  await later.close();
});

test('a link to a storage that cannot be reached from here is signed all the same, and says so; Play tells why not', async () => {
  const profile = { name: 'Far', isBackup: false, secrets: s3Key, keep: 'stored' } as const;
  const { id } = await settings.storages.save({ ...profile, place: placeAt('http://127.0.0.1:9') });
  const far = file({ location: 'https://127.0.0.1:9/shows/a.mp4' });
  const { url, doubt } = await checks.link(jobIn(id, far), far);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:9\/shows\/a\.mp4\?.*X-Amz-Signature=/);
  expect(doubt).toMatchObject({ text: 'Nobody listens at 127.0.0.1:9.' });
  const parts = { plane: {} as never, servers: { find: () => null }, fileChecks: checks }; // no address is given out
  await expect(fileAddress(parts, jobIn(id, far), far)).rejects.toMatchObject({ code: 'not-listening' });
  const gone = file({ location: file().location.replace('a.mp4', 'gone.mp4') });
  expect(await checks.link(job([gone]), gone)).toMatchObject({ doubt: { code: 'not-in-storage' } });
  await settings.storages.remove(id);
});

test('what no profile fits, or cannot be reached, is unknown and no incident', async () => {
  const elsewhere = file({ location: 'https://other.example/shows/a.mp4' });
  expect(await checks.check(job([elsewhere]), elsewhere)).toMatchObject({ state: 'unknown', storage: null });
  await expect(checks.link(job([elsewhere]), elsewhere)).rejects.toMatchObject({ code: 'no-link' });
  const place = placeAt('http://127.0.0.1:9');
  await settings.storages.save({ name: 'Away', isBackup: false, place, secrets: s3Key, keep: 'stored' });
  const away = file({ location: 'https://127.0.0.1:9/shows/a.mp4' });
  expect(incidents.list.value.incidents).toEqual([]);
  await settings.storages.remove(
    settings.storages.storages.value.storages.find(({ name }) => name === 'Archive')?.id ?? '',
  );
  expect(await checks.check(job([away]), away)).toMatchObject({
    state: 'unknown',
    text: 'could not be looked at: Nobody listens at 127.0.0.1:9.',
    storage: 'Away',
  });
});
