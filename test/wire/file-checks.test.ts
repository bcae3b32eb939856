// After the end of a job: is the file in the storage that egress named? Against an S3 server that checks signatures.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FileChecks } from '../../src/core/console/file-checks.ts';
import { fileHandlers } from '../../src/core/console/file-handlers.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { parseEndpoint } from '../../src/core/livekit/endpoint.ts';
import { openMediaPlane } from '../../src/core/media-plane/media-plane.ts';
import { Incidents } from '../../src/core/observe/incidents.ts';
import { openSettings, type OpenedSettings } from '../../src/core/settings/open-settings.ts';
import { openStore } from '../../src/core/storage/open-store.ts';
import type { Job, JobFile } from '../../src/shared/model/job.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import type { StoragePlace } from '../../src/shared/model/storage.ts';
import { openS3Server, s3Key, type StorageServer } from '../support/storage-servers.ts';
import { turnedBox } from '../support/turned-box.ts';
import { s3Place } from '../support/s3-place.ts';

let server: StorageServer;
let folder: string;
let settings: OpenedSettings;
let incidents: Incidents;
let checks: FileChecks;
const placeAt = (endpoint: string): StoragePlace => s3Place({ endpoint });
beforeAll(async () => {
  server = await openS3Server();
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-checks-'));
  const options = { rehearsal: null, defaultRecordingsFolder: folder, readUrl: parseEndpoint, log: silentLog };
  settings = await openSettings({ folder, box: turnedBox, clock: systemClock, ...options });
  incidents = new Incidents({ clock: systemClock });
  checks = new FileChecks({ storages: settings.storages, incidents, clock: systemClock, log: silentLog });
  const place = placeAt(server.url);
  await settings.storages.save({ name: 'Archive', isBackup: false, place, secrets: s3Key, keep: 'stored' });
  const store = await openStore({ place, secrets: s3Key }, new AbortController().signal);
  await store.put('town-hall/a.mp4', Buffer.from('hello'), new AbortController().signal);
  store.close();
});
afterAll(async () => {
  await checks.close();
  await settings.close();
  await server.close();
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

test('a file that is not there, or of another size, is an incident that says where it was looked for', async () => {
  const gone = file({ id: 'egress-1', name: 'b.mp4', location: file().location.replace('a.mp4', 'b.mp4') });
  const short = file({ id: 'egress-2', bytes: 5_000 });
  const told = new Promise<void>((resolve) => {
    checks.checks.on(({ checks: all }) => (all.length >= 3 ? resolve() : undefined));
  });
  checks.jobChanged(job([file(), gone, short]));
  await told;
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

test('what no profile fits, or cannot be reached, is unknown and no incident', async () => {
  const before = incidents.list.value.incidents.length;
  const elsewhere = file({ location: 'https://other.example/shows/a.mp4' });
  expect(await checks.check(job([elsewhere]), elsewhere)).toMatchObject({ state: 'unknown', storage: null });
  await expect(checks.link(job([elsewhere]), elsewhere)).rejects.toMatchObject({ code: 'no-link' });
  const place = placeAt('http://127.0.0.1:9');
  await settings.storages.save({ name: 'Away', isBackup: false, place, secrets: s3Key, keep: 'stored' });
  const away = file({ location: 'https://127.0.0.1:9/shows/a.mp4' });
  expect(incidents.list.value.incidents).toHaveLength(before);
  await settings.storages.remove(
    settings.storages.storages.value.storages.find(({ name }) => name === 'Archive')?.id ?? '',
  );
  expect(await checks.check(job([away]), away)).toMatchObject({
    state: 'unknown',
    text: 'could not be looked at: Nobody listens at 127.0.0.1:9.',
    storage: 'Away',
  });
});
