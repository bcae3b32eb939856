// The storage profiles: what a form is told, what is kept where, and what egress is given.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { storageHandlers } from '../../src/core/console/storage-handlers.ts';
import { uploadOf } from '../../src/core/console/storage-upload.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { StateCell } from '../../src/core/live/state-cell.ts';
import { parseEndpoint } from '../../src/core/livekit/endpoint.ts';
import { openSettings, type OpenedSettings } from '../../src/core/settings/open-settings.ts';
import type { StorageBook, StorageInput } from '../../src/core/settings/storage-book.ts';
import {
  draftOf,
  hasSecret,
  placeOf,
  secretsOf,
  type StorageDraft,
} from '../../src/renderer/src/features/storage/storage-draft.ts';
import { checkStorage } from '../../src/shared/checks/check-storage.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import type { StoragePlace, StorageSecretName } from '../../src/shared/model/storage.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { fileAt, rule } from '../support/rule-world.ts';
import { turnedBox } from '../support/turned-box.ts';

let folder = '';
const opened: OpenedSettings[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-storages-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  rmSync(folder, { recursive: true, force: true });
});
async function open() {
  const one = await openSettings({
    folder,
    box: turnedBox,
    rehearsal: null,
    defaultRecordingsFolder: join(folder, 'recordings'),
    readUrl: parseEndpoint,
    clock: new FakeClock(0),
    log: silentLog,
  });
  opened.push(one);
  return one.storages;
}
const onDisk = (): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');

const s3: Extract<StoragePlace, { provider: 's3' }> = {
  provider: 's3',
  bucket: 'town-hall',
  region: 'eu-west-1',
  endpoint: '',
  pathStyle: false,
  assumeRoleArn: '',
  metadata: {},
  tagging: '',
  contentDisposition: '',
  proxy: null,
};
const archive: StorageInput = {
  name: 'Archive',
  isBackup: false,
  place: s3,
  secrets: { accessKey: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMIsecretK7MDENG' },
  keep: 'stored',
};
const account = JSON.stringify({
  type: 'service_account',
  client_email: 'uploader@show.iam.gserviceaccount.com',
  private_key: 'a private key',
});

describe('a form of a storage', () => {
  const both: readonly StorageSecretName[] = ['accessKey', 'secret'];
  test.each<[string, StoragePlace, readonly StorageSecretName[], string]>([
    ['bucket', { ...s3, bucket: 'Town Hall' }, both, 'A bucket of S3 has 3 to 63'],
    ['region', { ...s3, region: '' }, both, 'Amazon needs the region'],
    ['secret', s3, ['accessKey'], 'An access key needs its secret.'],
    ['endpoint', { ...s3, endpoint: 'minio.example' }, both, 'An endpoint is written as https://host'],
    ['endpoint', { ...s3, endpoint: 'https://me:pass@minio.example' }, both, 'no user name, password or query'],
    ['assumeRoleArn', { ...s3, assumeRoleArn: 'recorder' }, both, 'A role is written as arn:aws:iam::'],
    ['externalId', s3, [...both, 'externalId'], 'An external id belongs to a role.'],
    ['tagging', { ...s3, tagging: 'town hall' }, both, 'Tags are written as in an address'],
    [
      'proxyUrl',
      { ...s3, proxy: { url: 'proxy:3128', username: '' } },
      both,
      'A proxy is written as http://host:port.',
    ],
    ['accountName', { provider: 'azure', accountName: 'My-Account', container: 'abc' }, ['accountKey'], '3 to 24'],
    ['container', { provider: 'azure', accountName: 'abc', container: 'a--b' }, ['accountKey'], 'no two hyphens'],
    ['region', { provider: 'alioss', bucket: 'abc', region: '', endpoint: '' }, both, 'Alibaba needs the region'],
    ['folder', { provider: 'server-local', folder: 'recordings' }, [], 'a whole path of the egress host'],
    ['folder', { provider: 'server-local', folder: '/a/../etc' }, [], 'no .. in its path'],
  ])('says at %s what is wrong: %j', (field, place, secrets, words) => {
    const findings = checkStorage({ place, has: (secret) => secrets.includes(secret) });
    const refused = findings.filter(({ severity }) => severity === 'refuse');
    expect(refused).toEqual([{ field, severity: 'refuse', text: expect.stringContaining(words) as string }]);
  });
  test('of another S3 server may have other names, and is told of its path', () => {
    const place = { ...s3, bucket: 'Town_Hall', region: '', endpoint: 'https://minio.example:9000' };
    expect(checkStorage({ place, has: (secret) => both.includes(secret) })).toEqual([
      { field: 'pathStyle', severity: 'warn', text: expect.stringContaining('the bucket in the path') as string },
    ]);
  });
});

describe('the storage profiles', () => {
  test('keep keys sealed; the page sees hints', async () => {
    const book = await open();
    const saved = await book.save(archive);
    expect(saved).toMatchObject({
      name: 'Archive',
      shown: 's3://town-hall',
      secretHints: { accessKey: '••••••••••LE', secret: '••••••••••NG' },
      protection: 'keychain',
      isMissing: false,
    });
    const again = await open();
    expect(again.storages.value).toEqual(book.storages.value);
    for (const text of [onDisk(), JSON.stringify(again.storages.value)])
      for (const secret of Object.values(archive.secrets)) expect(text).not.toContain(secret);
    expect(await uploadOf(again, saved.id)).toMatchObject({
      provider: 's3',
      bucket: 'town-hall',
      accessKey: archive.secrets.accessKey,
      secret: archive.secrets.secret,
    });
  });
  test('change without their keys, and lose a key that is emptied', async () => {
    const book = await open();
    const token = 'FwoGZXIvYXdzEBsession';
    const { id } = await book.save({ ...archive, secrets: { ...archive.secrets, sessionToken: token } });
    await book.save({ ...archive, storageId: id, name: 'Other', place: { ...s3, tagging: 'a=b' }, secrets: {} });
    expect(await book.open(id)).toMatchObject({ place: { tagging: 'a=b' }, secrets: { sessionToken: token } });
    await book.save({ ...archive, storageId: id, secrets: { sessionToken: '' } });
    expect(await book.open(id)).toMatchObject({ secrets: archive.secrets });
    expect((await book.open(id)).secrets.sessionToken).toBeUndefined();
    expect(onDisk()).not.toContain('sessionToken');
  });
  test('lose what belongs to a role that is taken out of the form', async () => {
    const book = await open();
    const place = { ...s3, assumeRoleArn: 'arn:aws:iam::123456789012:role/recordings' };
    const known = await book.save({ ...archive, place, secrets: { ...archive.secrets, externalId: 'show-4711' } });
    const refused = (draft: StorageDraft): readonly string[] =>
      checkStorage({ place: placeOf(draft), has: hasSecret(draft, known) })
        .filter(({ severity }) => severity === 'refuse')
        .map(({ field }) => field);
    const without = { ...draftOf(known), assumeRoleArn: '' };
    expect(refused(without)).toEqual(['externalId']);
    const draft = { ...without, secrets: { externalId: null } };
    expect(refused(draft)).toEqual([]);
    await book.save({ ...archive, storageId: known.id, place: placeOf(draft), secrets: secretsOf(draft) });
    expect((await book.open(known.id)).secrets).toEqual(archive.secrets);
  });
  test('of this run ask for their keys at the next start', async () => {
    const { id } = await (await open()).save({ ...archive, keep: 'this-run' });
    const again = await open();
    expect(again.find(id)).toMatchObject({ isMissing: true, secretHints: {} });
    await expect(again.open(id)).rejects.toMatchObject({ code: 'storage-missing' });
    await again.save({ ...archive, storageId: id });
    expect(await again.open(id)).toMatchObject({ secrets: archive.secrets });
  });
  test('of Google are known by the account of their key file, and nothing else is taken for one', async () => {
    const book = await open();
    const place: StoragePlace = { provider: 'gcp', bucket: 'town-hall', proxy: null };
    const input = { ...archive, place, secrets: { credentials: account } };
    expect(await book.save(input)).toMatchObject({
      account: 'uploader@show.iam.gserviceaccount.com',
      secretHints: { credentials: 'uploader@show.iam.gserviceaccount.com' },
    });
    await expect(book.save({ ...input, name: 'B', secrets: { credentials: '{"type":"user"}' } })).rejects.toMatchObject(
      {
        code: 'bad-storage',
      },
    );
  });
  test('give a rehearsal nothing that lies elsewhere', async () => {
    const book = await open();
    const { id } = await book.save(archive);
    const here = await book.save({ ...archive, name: 'Here', place: { ...s3, endpoint: 'http://127.0.0.1:9000' } });
    await expect(uploadOf(book, id, { loopbackOnly: true })).rejects.toMatchObject({ code: 'not-in-rehearsal' });
    expect(await uploadOf(book, here.id, { loopbackOnly: true })).toMatchObject({ endpoint: 'http://127.0.0.1:9000' });
  });
  test('refuse what cannot be kept, and change nothing', async () => {
    const book = await open();
    const { id } = await book.save(archive);
    await expect(book.save(archive)).rejects.toMatchObject({ code: 'storage-exists' });
    await expect(book.save({ ...archive, name: 'B', secrets: { accessKey: 'AKIA' } })).rejects.toMatchObject({
      code: 'bad-storage',
      problem: { text: 'An access key needs its secret.' },
    });
    await expect(book.open('sto_none')).rejects.toMatchObject({ code: 'no-such-storage' });
    expect(book.storages.value.storages.map((one) => one.id)).toEqual([id]);
    await book.remove(id);
    expect(onDisk()).not.toContain('sealed');
    expect(book.storages.value.storages).toEqual([]);
  });
  test('that can be read of a damaged file are kept', async () => {
    const { id } = await (await open()).save(archive);
    const path = join(folder, 'settings.json');
    const file = JSON.parse(readFileSync(path, 'utf8')) as { storages: unknown[] };
    file.storages.push({ id: 7 });
    writeFileSync(path, JSON.stringify(file));
    expect((await open()).storages.value.storages).toMatchObject([{ id, name: 'Archive' }]);
  });
});

describe('a storage that is used', () => {
  const request = {
    ...programRequest('a'),
    outputs: { ...programRequest('a').outputs, segments: null, file: null, images: [] },
  };
  const uses = (storageId: string) => ({
    ...request,
    outputs: { ...request.outputs, file: { fileType: 'mp4', filePath: 'a', hasManifest: true, storageId } },
  });
  const handlersOf = (book: StorageBook, jobs: readonly object[], shows: readonly object[], rules: object[] = []) =>
    storageHandlers({
      storages: book,
      clock: new FakeClock(0),
      servers: { servers: new StateCell({ servers: [{ id: 'srv' }] }) },
      jobs: { jobs: () => new StateCell({ jobs }) },
      shows: { shows: new StateCell({ shows }) },
      rules: { rules: () => new StateCell({ rules: rules.map((rule) => ({ rule })) }) },
    } as never); // what the handlers look at of them
  const { signal } = new AbortController();

  test('is not removed while a job that runs, a show or a rule uses it; nor moved under a job', async () => {
    const book = await open();
    const { id } = await book.save(archive);
    const job = { title: 'program', roomName: 'town-hall', phase: 'recording', request: uses(id) };
    const running = handlersOf(book, [job], []);
    await expect(running.removeStorage({ storageId: id }, signal)).rejects.toMatchObject({
      problem: { text: 'A job that runs uses this storage: program in town-hall.' },
    });
    const moved = { ...archive, storageId: id, place: { ...s3, bucket: 'other' } };
    await expect(running.saveStorage(moved, signal)).rejects.toMatchObject({ code: 'storage-in-use' });
    await running.saveStorage({ ...archive, storageId: id, name: 'Renamed', secrets: {} }, signal);
    const inShow = handlersOf(book, [{ ...job, phase: 'done' }], [{ name: 'Evening', jobs: [job] }]);
    await expect(inShow.removeStorage({ storageId: id }, signal)).rejects.toMatchObject({
      problem: { text: 'A show uses this storage: Evening.' },
    });
    const inRule = handlersOf(
      book,
      [],
      [],
      [rule({ name: 'Speakers', outputs: { file: fileAt('x', id), segments: null } })],
    );
    await expect(inRule.removeStorage({ storageId: id }, signal)).rejects.toMatchObject({
      problem: { text: 'A rule uses this storage: Speakers.', advice: 'Take it out of the rule first.' },
    });
    await handlersOf(book, [{ ...job, phase: 'done' }], []).removeStorage({ storageId: id }, signal);
    expect(book.find(id)).toBeNull();
  });
});
