import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RehearsalConnection, SecretBox } from '../../src/core/host-services.ts';
import { parseEndpoint } from '../../src/core/livekit/endpoint.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { openSettings, type OpenedSettings } from '../../src/core/settings/open-settings.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { turnedBox } from '../support/turned-box.ts';

const secret = 'a-secret-of-thirty-two-characters3f';
const box: SecretBox = { ...turnedBox, protection: 'passphrase' };
const rehearsal: RehearsalConnection = {
  scene: 'town-hall',
  livekit: { url: 'http://127.0.0.1:1', apiKey: 'devkey', apiSecret: 'rehearsal-secret' },
  gladia: { url: 'http://127.0.0.1:2', key: 'rehearsal-key' },
  control: { url: 'http://127.0.0.1:3', token: 't' },
  roomChild: null,
};

let folder = '';
const opened: OpenedSettings[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-settings-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  rmSync(folder, { recursive: true, force: true });
});
async function open(
  options: { readonly rehearsal?: RehearsalConnection | null; readonly box?: SecretBox } = {},
): Promise<OpenedSettings> {
  const one = await openSettings({
    folder,
    box: options.box ?? box,
    rehearsal: options.rehearsal ?? null,
    defaultRecordingsFolder: join(folder, 'recordings'),
    readUrl: parseEndpoint,
    clock: new FakeClock(Date.UTC(2026, 10, 21, 3, 14, 5)),
    log: silentLog,
  });
  opened.push(one);
  return one;
}
const studio = {
  name: 'Studio',
  url: 'wss://studio.example',
  apiKey: 'APIstudio',
  apiSecret: secret,
  keep: 'stored',
} as const;
const onDisk = (): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');

describe('servers', () => {
  test('are kept with their secrets sealed, in files that only this user reads', async () => {
    const first = await open();
    const saved = await first.servers.save(studio);
    expect(saved).toMatchObject({
      kind: 'self-hosted',
      secretHint: '••••••••••3f',
      protection: 'passphrase',
      egress: 'unknown',
    });
    expect(onDisk()).not.toContain(secret);
    expect(onDisk()).not.toContain(Buffer.from(secret).toString('base64'));
    for (const name of ['settings.json', 'secrets.json']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    const second = await open();
    expect(second.servers.servers.value).toEqual(first.servers.servers.value);
    expect(await second.servers.credentials(saved.id)).toEqual({
      url: studio.url,
      apiKey: studio.apiKey,
      apiSecret: secret,
    });
    expect(JSON.stringify([second.servers.servers.value, second.settings.settings.value])).not.toContain(secret);
    expect(readdirSync(folder).toSorted()).toEqual(['secrets.json', 'settings.json']);
  });
  test('a secret of this run is in no file, and is asked for at the next start', async () => {
    const first = await open();
    const { id, protection } = await first.servers.save({ ...studio, keep: 'this-run' });
    expect(protection).toBe('this-run');
    expect((await first.servers.credentials(id)).apiSecret).toBe(secret);
    expect(onDisk()).not.toContain(Array.from(secret).toReversed().join(''));
    const second = await open();
    expect(second.servers.find(id)).toMatchObject({ secretHint: '', protection: 'this-run' });
    await expect(second.servers.credentials(id)).rejects.toMatchObject({ code: 'no-secret' });
  });
  test('change their address without the secret being entered again', async () => {
    const { servers } = await open();
    const { id } = await servers.save(studio);
    const told: string[] = [];
    servers.changed.on(({ serverId, what }) => told.push(`${what} ${serverId}`));
    await servers.save({
      serverId: id,
      name: 'Cloud',
      url: 'wss://show.livekit.cloud',
      apiKey: 'APIother',
      keep: 'this-run',
    });
    expect(servers.servers.value.servers).toMatchObject([{ id, name: 'Cloud', kind: 'cloud', protection: 'this-run' }]);
    expect(await servers.credentials(id)).toMatchObject({ apiKey: 'APIother', apiSecret: secret });
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).not.toContain('sealed');
    await servers.remove(id);
    expect(told).toEqual([`saved ${id}`, `removed ${id}`]);
    await expect(servers.credentials(id)).rejects.toMatchObject({ code: 'no-such-server' });
  });
  test.each([
    ['wss://a.livekit.cloud', 'cloud'],
    ['ws://localhost:7880', 'local'],
    ['http://127.0.0.1:7880', 'local'],
    ['ws://10.0.0.5:7880', 'self-hosted'],
  ])('%s is %s', async (url, kind) => {
    const { servers } = await open();
    expect((await servers.save({ ...studio, url })).kind).toBe(kind);
  });
  test('what is wrong is refused and changes nothing', async () => {
    const { servers } = await open();
    await expect(servers.save({ ...studio, url: 'studio.example' })).rejects.toMatchObject({ code: 'bad-url' });
    await expect(servers.save({ ...studio, apiSecret: undefined })).rejects.toMatchObject({ code: 'no-secret' });
    await expect(servers.save({ ...studio, serverId: 'srv_none' })).rejects.toMatchObject({ code: 'no-such-server' });
    await expect(servers.choose('srv_none')).rejects.toBeInstanceOf(ProblemError);
    expect(servers.servers.value).toMatchObject({ servers: [], chosenId: null });
  });
  test('the rehearsal is there for this run, first, and cannot be changed', async () => {
    const { servers, settings } = await open({ rehearsal });
    const { id } = await servers.save(studio);
    expect(servers.servers.value.servers.map((server) => server.kind)).toEqual(['rehearsal', 'self-hosted']);
    expect(servers.servers.value.chosenId).toBe('rehearsal');
    expect(await servers.credentials('rehearsal')).toEqual(rehearsal.livekit);
    await servers.choose(id);
    await expect(servers.remove('rehearsal')).rejects.toMatchObject({ code: 'is-rehearsal' });
    await expect(servers.save({ ...studio, serverId: 'rehearsal' })).rejects.toMatchObject({ code: 'is-rehearsal' });
    expect(onDisk()).not.toContain('rehearsal-');
    expect(await settings.gladia(true)).toMatchObject({ url: 'http://127.0.0.1:2', key: 'rehearsal-key' });
    expect((await open()).servers.servers.value).toMatchObject({ servers: [{ id }], chosenId: id });
  });
  test('what is found out of egress and webhooks is shown', async () => {
    const { servers } = await open();
    const { id } = await servers.save(studio);
    servers.setEgress(id, 'absent');
    servers.setWebhookUrls((serverId) => `http://127.0.0.1:9/webhooks/${serverId}`);
    expect(servers.find(id)).toMatchObject({ egress: 'absent', webhookUrl: `http://127.0.0.1:9/webhooks/${id}` });
  });
  test('a test takes the kept secret where none was entered', async () => {
    const { servers } = await open();
    const { id } = await servers.save(studio);
    expect(await servers.credentialsToTest({ serverId: id, url: 'ws://x:1', apiKey: 'k' })).toEqual({
      url: 'ws://x:1',
      apiKey: 'k',
      apiSecret: secret,
    });
    await expect(servers.credentialsToTest({ url: 'ws://x:1', apiKey: 'k' })).rejects.toMatchObject({
      code: 'no-secret',
    });
  });
});

describe('settings', () => {
  test('survive, one beside the other', async () => {
    const first = await open();
    await Promise.all([
      first.settings.change({ theme: 'light' }),
      first.settings.change({ panels: { left: 240 }, screenShareMode: undefined }),
      first.settings.saveGladiaKey({ key: ' 0b1c-2233-4455 ', region: 'us-west', keep: 'stored' }),
    ]);
    const { settings } = await open();
    expect(settings.settings.value).toMatchObject({
      theme: 'light',
      screenShareMode: false,
      panels: { left: 240 },
      gladia: { region: 'us-west', keyHint: '••••••••••55', protection: 'passphrase' },
    });
    expect(await settings.gladia(false)).toEqual({
      url: 'https://api.gladia.io',
      region: 'us-west',
      key: '0b1c-2233-4455',
    });
  });
  test('a folder is made, and one that cannot be is refused', async () => {
    const { settings } = await open();
    await settings.change({ recordingsFolder: join(folder, 'a', 'b') });
    expect(statSync(join(folder, 'a', 'b')).isDirectory()).toBe(true);
    await expect(settings.change({ recordingsFolder: 'relative' })).rejects.toMatchObject({ code: 'bad-folder' });
    writeFileSync(join(folder, 'file'), '');
    await expect(settings.change({ recordingsFolder: join(folder, 'file', 'x') })).rejects.toMatchObject({
      code: 'bad-folder',
    });
    await expect(settings.gladia(false)).rejects.toMatchObject({ code: 'no-gladia-key' });
  });
  test('a change that cannot be written has not happened', async () => {
    const { settings } = await open();
    await settings.change({ theme: 'light' });
    rmSync(folder, { recursive: true });
    await expect(settings.change({ theme: 'dark' })).rejects.toMatchObject({ code: 'settings-not-saved' });
    expect(settings.settings.value.theme).toBe('light');
  });
});

describe('a damaged file', () => {
  test.each([
    ['no JSON', '{"version":1,"theme":'],
    ['empty', ''],
    ['of another form', '[]'],
    ['endless', ' '.repeat(5 << 20)],
  ])('%s: is kept aside and named, and the first settings are taken', async (_what, text) => {
    writeFileSync(join(folder, 'settings.json'), text);
    const { settings, problems } = await open();
    const keptAs = join(folder, 'settings.damaged-2026-11-21T03-14-05.json');
    expect(problems).toMatchObject([{ code: 'settings-damaged', advice: `The damaged file was kept as ${keptAs}.` }]);
    expect(readFileSync(keptAs, 'utf8')).toBe(text);
    expect(settings.settings.value.theme).toBe('dark');
    expect((await open()).problems).toEqual([]);
  });
  test('what can be read of it is kept: good servers beside a bad one', async () => {
    const first = await open();
    const { id } = await first.servers.save(studio);
    await first.settings.change({ theme: 'light' });
    const path = join(folder, 'settings.json');
    const file = JSON.parse(readFileSync(path, 'utf8')) as { servers: unknown[]; panels: unknown };
    writeFileSync(path, JSON.stringify({ ...file, panels: 7, servers: [...file.servers, { id: 5 }] }));
    const { servers, settings, problems } = await open();
    expect(problems.length).toBe(1);
    expect(servers.servers.value.servers.map((server) => server.id)).toEqual([id]);
    expect(settings.settings.value).toMatchObject({ theme: 'light', panels: {} });
    expect((await servers.credentials(id)).apiSecret).toBe(secret);
  });
  test('a second one of the same second does not write over the first', async () => {
    writeFileSync(join(folder, 'settings.json'), 'one');
    await open();
    writeFileSync(join(folder, 'settings.json'), 'two');
    await open();
    expect(readdirSync(folder).filter((name) => name.includes('damaged')).length).toBe(2);
  });
  test('damaged secrets lose no server', async () => {
    const { id } = await (await open()).servers.save(studio);
    writeFileSync(join(folder, 'secrets.json'), 'x');
    const { servers, problems } = await open();
    expect(problems).toMatchObject([{ text: expect.stringContaining('secrets') as string }]);
    expect(servers.find(id)?.name).toBe('Studio');
    await expect(servers.credentials(id)).rejects.toMatchObject({ code: 'no-secret' });
  });
  test('a file of before a setting was known is whole', async () => {
    writeFileSync(join(folder, 'settings.json'), '{"version":1,"theme":"light","servers":[]}');
    const { settings, problems } = await open();
    expect(problems).toEqual([]);
    expect(settings.settings.value.theme).toBe('light');
  });
  test('a box that cannot open a secret says so, and the secret stays', async () => {
    const { id } = await (await open()).servers.save(studio);
    const other: SecretBox = {
      ...box,
      unseal: () =>
        Promise.reject(
          new ProblemError({
            code: 'secret-unreadable',
            fault: 'yours',
            retryable: false,
            text: 'Another passphrase.',
          }),
        ),
    };
    await expect((await open({ box: other })).servers.credentials(id)).rejects.toMatchObject({
      code: 'secret-unreadable',
    });
    expect((await (await open()).servers.credentials(id)).apiSecret).toBe(secret);
  });
  test('a file that cannot be read at all stops the start and stays', async () => {
    mkdirSync(join(folder, 'settings.json'));
    await expect(open()).rejects.toMatchObject({ code: 'settings-unreadable' });
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });
});
