// The address book: what egress will take, what is kept where, and what the page may see of it.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../src/core/live/log.ts';
import { parseEndpoint } from '../../src/core/livekit/endpoint.ts';
import { checkAddress, warningsOf } from '../../src/core/settings/address-check.ts';
import { openSettings, type OpenedSettings } from '../../src/core/settings/open-settings.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { turned, turnedBox } from '../support/turned-box.ts';

let folder = '';
const opened: OpenedSettings[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-addresses-'));
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
  return one.addresses;
}
const onDisk = (): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
const youtube = {
  name: 'YouTube main',
  kind: 'rtmp',
  url: 'rtmps://a.rtmp.youtube.example/live2/abcd-efgh-ijkl-mnop',
  followsLayout: false,
  keep: 'stored',
} as const;

describe('an address', () => {
  test.each([
    ['rtmp', 'rtmp://host/app/key'],
    ['rtmp', 'rtmps://host:443/path/app/key?x=1'],
    ['rtmp', 'rtmp://host/app/key live=1'],
    ['rtmp', 'mux://8e0-2ae'],
    ['rtmp', 'twitch://live_123'],
    ['srt', 'srt://host:9000?streamid=a&passphrase=0123456789'],
    ['websocket', 'wss://host/path?token=a'],
    ['page', 'https://host/page#part'],
    ['template', 'http://localhost:5173/'],
  ] as const)('of %s is taken as egress takes it: %s', (kind, url) => {
    expect(checkAddress(kind, ` ${url} `).url).toBe(url);
  });
  test.each([
    ['rtmp', 'host/app/key', 'The address has no scheme.'],
    [
      'rtmp',
      'rtmp://host/secret-key',
      'The address of the stream is incomplete: it needs a host, an app and a stream key.',
    ],
    [
      'rtmp',
      'rtmp://host/app/two words',
      'The address of the stream is incomplete: it needs a host, an app and a stream key.',
    ],
    ['rtmp', 'https://host/app/key', 'This is not the address of an RTMP stream.'],
    ['rtmp', 'mux://', 'The stream key is missing.'],
    ['srt', 'srt://host', 'The address has no port, which SRT cannot do without.'],
    ['srt', 'srt://host:1?passphrase=secret', 'A passphrase of SRT has 10 to 79 characters.'],
    ['srt', 'rtmp://host/app/key', 'This is not the address of an SRT stream.'],
    ['websocket', 'wss://me:secret@host/', 'Egress takes no user name or password in the address of a WebSocket.'],
    ['websocket', 'wss://host/#secret', 'The address of a WebSocket has no part after #.'],
    ['page', 'file:///etc/passwd', 'A page has an address that begins with http:// or https://.'],
  ] as const)('of %s is refused in words that repeat nothing secret: %s', (kind, url, text) => {
    const refuse = (): unknown => checkAddress(kind, url);
    expect(refuse).toThrow(text);
    expect(refuse).not.toThrow('secret');
  });
  test('is known to stay on this computer, or not', () => {
    const isLoopback = (kind: 'rtmp' | 'srt' | 'websocket', url: string): boolean => checkAddress(kind, url).isLoopback;
    expect(isLoopback('rtmp', 'rtmp://127.0.0.1:1935/live/key')).toBe(true);
    expect(isLoopback('rtmp', 'rtmp://[::1]/live/key')).toBe(true);
    expect(isLoopback('srt', 'srt://localhost:9000')).toBe(true);
    expect(isLoopback('rtmp', 'rtmp://127.0.0.1.example/live/key')).toBe(false);
    expect(isLoopback('rtmp', 'twitch://key')).toBe(false);
    expect(isLoopback('websocket', 'ws://10.0.0.5/')).toBe(false);
  });
  test('comes with what is worth knowing, told by its twin', () => {
    expect(warningsOf('rtmp', 'rtmp://host/app/{abc...xyz}')).toEqual([]);
    expect(warningsOf('srt', 'srt://host:1?passphrase={...}')[0]).toContain('shows the whole address');
    expect(warningsOf('template', 'http://localhost:5173/')[0]).toContain('its own computer');
  });
});

describe('the book', () => {
  test('keeps addresses sealed; what the page sees is a twin that LiveKit lists too', async () => {
    const book = await open();
    const saved = await book.save(youtube);
    expect(saved).toMatchObject({
      url: 'rtmps://a.rtmp.youtube.example/live2/{abc...nop}',
      protection: 'keychain',
      isMissing: false,
      warnings: [],
    });
    expect(onDisk()).not.toContain('efgh');
    const again = await open();
    expect(again.addresses.value).toEqual(book.addresses.value);
    expect(await again.urlOf(saved.id)).toBe(youtube.url);
    expect(JSON.stringify(again.addresses.value)).not.toContain('efgh');
  });
  test('one of this run is asked for at the next start', async () => {
    const saved = await (await open()).save({ ...youtube, keep: 'this-run' });
    expect(onDisk()).not.toContain(turned('efgh'));
    const again = await open();
    expect(again.find(saved.id)).toMatchObject({ isMissing: true, protection: 'this-run' });
    await expect(again.urlOf(saved.id)).rejects.toMatchObject({ code: 'address-missing' });
    await again.save({ ...youtube, addressId: saved.id });
    expect(await again.urlOf(saved.id)).toBe(youtube.url);
    expect(again.addresses.value.addresses).toHaveLength(1);
  });
  test('is renamed without its address, and keeps its kind', async () => {
    const book = await open();
    const { id } = await book.save(youtube);
    const { url: _url, ...kept } = { ...youtube, addressId: id, name: 'Backup' };
    expect(await book.save(kept)).toMatchObject({ id, name: 'Backup', isMissing: false });
    expect(await book.urlOf(id)).toBe(youtube.url);
    await expect(book.save({ ...kept, kind: 'srt' })).rejects.toMatchObject({ code: 'bad-address' });
  });
  test('warns of two that LiveKit lists alike', async () => {
    const book = await open();
    await book.save(youtube);
    const twin = await book.save({ ...youtube, name: 'Other', url: youtube.url.replace('efgh', 'zzzz') });
    expect(twin.warnings).toEqual([
      'LiveKit lists it in the same short form as YouTube main: they cannot be told apart in one job.',
    ]);
  });
  test('gives a rehearsal addresses of this computer only', async () => {
    const book = await open();
    const { id } = await book.save(youtube);
    const local = await book.save({ ...youtube, name: 'Here', url: 'rtmp://127.0.0.1:1935/live/key' });
    await expect(book.urlOf(id, { loopbackOnly: true })).rejects.toMatchObject({ code: 'not-in-rehearsal' });
    expect(await book.urlOf(local.id, { loopbackOnly: true })).toBe('rtmp://127.0.0.1:1935/live/key');
  });
  test('refuses what it cannot keep, and changes nothing', async () => {
    const book = await open();
    const { id } = await book.save(youtube);
    await expect(book.save(youtube)).rejects.toMatchObject({ code: 'address-exists' });
    await expect(book.save({ ...youtube, name: 'X', url: undefined })).rejects.toMatchObject({
      code: 'address-missing',
    });
    await expect(book.save({ ...youtube, name: 'X', url: 'nothing' })).rejects.toBeInstanceOf(ProblemError);
    await expect(book.urlOf('adr_none')).rejects.toMatchObject({ code: 'no-such-address' });
    expect(book.addresses.value.addresses.map((one) => one.id)).toEqual([id]);
    await book.remove(id);
    expect(onDisk()).not.toContain('sealed');
    await expect(book.remove(id)).rejects.toMatchObject({ code: 'no-such-address' });
  });
  test('keeps the entries that can be read of a damaged file', async () => {
    const { id } = await (await open()).save(youtube);
    const path = join(folder, 'settings.json');
    const file = JSON.parse(readFileSync(path, 'utf8')) as { addresses: unknown[] };
    file.addresses.push({ id: 7 });
    writeFileSync(path, JSON.stringify(file));
    expect((await open()).addresses.value.addresses).toMatchObject([{ id, name: youtube.name }]);
  });
});
