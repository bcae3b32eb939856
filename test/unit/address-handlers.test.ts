// What the core answers about the address book while jobs run: nothing is taken from under a stream.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addressHandlers } from '../../src/core/console/address-handlers.ts';
import { secretsOf } from '../../src/core/console/request-secrets.ts';
import type { SecretBox } from '../../src/core/host-services.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { StateCell } from '../../src/core/live/state-cell.ts';
import { parseEndpoint } from '../../src/core/livekit/endpoint.ts';
import { openSettings, type OpenedSettings } from '../../src/core/settings/open-settings.ts';
import type { Job } from '../../src/shared/model/job.ts';
import { programRequest, type EgressRequest } from '../../src/shared/model/job-request.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recording } from '../support/scripted-scene.ts';

const box: SecretBox = {
  protection: 'keychain',
  seal: (text) => Promise.resolve(Buffer.from(text).reverse()),
  unseal: (bytes) => Promise.resolve(Buffer.from(bytes).reverse().toString()),
};
const youtube = {
  name: 'YouTube main',
  kind: 'rtmp',
  url: 'rtmps://a.example/live2/abcd-efgh-ijkl-mnop',
  followsLayout: false,
  keep: 'stored',
} as const;
const { signal } = new AbortController();

let folder = '';
let settings: OpenedSettings;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-address-handlers-'));
  settings = await open();
});
afterEach(async () => {
  await settings.close();
  rmSync(folder, { recursive: true, force: true });
});
const open = (): Promise<OpenedSettings> =>
  openSettings({
    folder,
    box,
    rehearsal: null,
    defaultRecordingsFolder: join(folder, 'recordings'),
    readUrl: parseEndpoint,
    clock: new FakeClock(0),
    log: silentLog,
  });
const handlersWith = (...jobs: readonly Job[]) => handlersBeside(jobs, []);
const handlersBeside = (jobs: readonly Job[], shows: readonly object[]) =>
  addressHandlers({
    addresses: settings.addresses,
    servers: { servers: new StateCell({ servers: [{ id: 'srv' }] }) },
    jobs: { jobs: () => new StateCell({ jobs }) },
    shows: { shows: new StateCell({ shows }) },
  } as never); // what the handlers look at of them
const streamTo = (addressId: string, part: Partial<Job> = {}): Job =>
  recording('srv', 'town-hall', 10_000, 5_000, { title: 'Restream', request: streamRequest(addressId), ...part });
function streamRequest(addressId: string): EgressRequest {
  const program = programRequest('a');
  return { ...program, outputs: { ...program.outputs, stream: { protocol: 'rtmp', destinationIds: [addressId] } } };
}

test('an address that a running job uses is neither removed nor moved, but may be renamed; the refusal names the job', async () => {
  const { id } = await settings.addresses.save(youtube);
  const running = handlersWith(streamTo(id));
  await expect(running.removeAddress({ addressId: id }, signal)).rejects.toMatchObject({
    problem: {
      code: 'address-in-use',
      text: 'A job that runs uses this address: Restream in town-hall.',
      advice: 'Stop the job first. The address cannot be changed or removed meanwhile, its name can.',
    },
  });
  const moved = { ...youtube, addressId: id, url: 'rtmps://b.example/live2/other' };
  await expect(running.saveAddress(moved, signal)).rejects.toMatchObject({ code: 'address-in-use' });
  expect(await settings.addresses.urlOf(id)).toBe(youtube.url);
  const { url: _url, ...named } = youtube;
  await running.saveAddress({ ...named, addressId: id, name: 'Renamed' }, signal);
  expect(settings.addresses.find(id)).toMatchObject({ name: 'Renamed' });
});

test('an address that a show names is not removed from under it; the refusal names the show', async () => {
  const { id } = await settings.addresses.save(youtube);
  const beside = handlersBeside([], [{ name: 'Evening', jobs: [{ request: streamRequest(id) }] }]);
  await expect(beside.removeAddress({ addressId: id }, signal)).rejects.toMatchObject({
    problem: {
      code: 'address-in-use',
      text: 'A show uses this address: Evening.',
      advice: 'Take it out of the show first.',
    },
  });
  expect(settings.addresses.find(id)).not.toBeNull();
});

test('it is free again once the job has ended, or its destination was dropped', async () => {
  const { id } = await settings.addresses.save(youtube);
  const destination = { id: 'd1', addressId: id, url: youtube.url, sinceMs: 1, nextTryAtMs: null } as const;
  const dropped = { ...destination, state: 'dropped' } as unknown as Job['destinations'][number]; // no more of it is read
  const moved = { ...youtube, addressId: id, url: 'rtmps://b.example/live2/other' };
  await handlersWith(streamTo(id, { destinations: [dropped] })).saveAddress(moved, signal);
  expect(await settings.addresses.urlOf(id)).toBe(moved.url);
  await handlersWith(streamTo(id, { phase: 'done' })).removeAddress({ addressId: id }, signal);
  expect(settings.addresses.find(id)).toBeNull();
});

test('an address that was kept for an earlier run is missing: a start says so, and only the very same is taken under a job', async () => {
  const { id } = await settings.addresses.save({ ...youtube, keep: 'this-run' });
  await settings.close();
  settings = await open();
  expect(settings.addresses.find(id)).toMatchObject({ isMissing: true });
  const books = { address: (one: string) => settings.addresses.urlOf(one), storage: async () => null };
  await expect(secretsOf(streamRequest(id), books)).rejects.toMatchObject({ code: 'address-missing' });
  const running = handlersWith(streamTo(id));
  const other = { ...youtube, addressId: id, url: 'rtmps://b.example/live2/other' };
  await expect(running.saveAddress(other, signal)).rejects.toMatchObject({ code: 'address-in-use' });
  await running.saveAddress({ ...youtube, addressId: id }, signal);
  const secrets = await secretsOf(streamRequest(id), books);
  expect(secrets.address(id)).toBe(youtube.url);
});

test('a request that names an address which is not kept is refused before anything is sent', async () => {
  const nowhere = { address: async () => null, storage: async () => null };
  await expect(secretsOf(streamRequest('adr_gone'), nowhere)).rejects.toMatchObject({
    problem: { code: 'unknown-entry', text: 'An address of this job is not in the address book.' },
  });
});
