// A playlist and its segments for a player: what it names, and nothing else of the folder or the computer.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localFolder, playlistSet } from '../../src/core/console/playlist-set.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { openMediaPlane, type MediaPlane } from '../../src/core/media-plane/media-plane.ts';
import { readPlaylist } from '../../src/core/storage/playlist.ts';

let plane: MediaPlane;
let root: string;
let folder: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'cuedesk-hls-'));
  folder = join(root, 'hls');
  mkdirSync(join(folder, 'parts'), { recursive: true });
  writeFileSync(join(root, 'secret.ts'), 'secret');
  for (const name of ['a_00000.ts', 'parts/a 1#%.ts', 'other.ts', 'notes.txt']) writeFileSync(join(folder, name), name);
  plane = await openMediaPlane({ log: silentLog, allowedOrigins: [] });
});
afterEach(async () => {
  await plane.close();
  rmSync(root, { recursive: true, force: true });
});

const playlistOf = (...names: string[]): string =>
  ['#EXTM3U', '#EXT-X-VERSION:4', ...names.flatMap((name) => ['#EXTINF:4.000,', name]), ''].join('\n');
const offer = (text: string): string => {
  writeFileSync(join(folder, 'index.m3u8'), text);
  return plane.setUrl(playlistSet(localFolder(join(folder, 'index.m3u8'))), 'index.m3u8');
};
/** Asks for a path as it is written: fetch would tidy it first. */
const ask = (base: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(base);
    const full = pathname.replace('index.m3u8', path);
    request({ hostname, port, path: full, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    })
      .on('error', reject)
      .end();
  });

test('a playlist is served with its segments, whatever their names hold, and in ranges', async () => {
  const url = offer(playlistOf('a_00000.ts', 'parts/a 1#%.ts'));
  const playlist = await fetch(url);
  expect(playlist.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
  const names = (await playlist.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(names).toEqual(['a_00000.ts', 'parts/a%201%23%25.ts']);
  const segments = await Promise.all(names.map((name) => fetch(new URL(name, url))));
  expect(segments.map((one) => one.headers.get('content-type'))).toEqual(['video/mp2t', 'video/mp2t']);
  expect(await Promise.all(segments.map((one) => one.text()))).toEqual(['a_00000.ts', 'parts/a 1#%.ts']);
  const part = await fetch(new URL(names[0] ?? '', url), { headers: { range: 'bytes=2-4' } });
  expect([part.status, await part.text()]).toEqual([206, '000']);
  expect(readPlaylist(playlistOf('Q: a_1.ts'))?.playable).toContain('\nQ%3A%20a_1.ts\n');
});

test('a segment that came later is served once the playlist names it', async () => {
  const url = offer(playlistOf('a_00000.ts'));
  await fetch(url);
  expect(await ask(url, 'other.ts')).toBe(404);
  writeFileSync(join(folder, 'index.m3u8'), playlistOf('a_00000.ts', 'other.ts'));
  await fetch(url);
  expect(await ask(url, 'other.ts')).toBe(200);
});

test('nothing that the playlist does not name is served, and no path leads out of its folder', async () => {
  const url = offer(playlistOf('a_00000.ts'));
  await fetch(url);
  expect(await ask(url, 'a_00000.ts')).toBe(200);
  const strange = ['other.ts', 'notes.txt', '../secret.ts', '..%2fsecret.ts', '%2e%2e/secret.ts', 'parts', '', '%'];
  for (const path of strange) expect([path, await ask(url, path)]).toEqual([path, 404]);
  for (const path of ['/etc/passwd', '..\\secret.ts', 'a_00000.ts/', './a_00000.ts'])
    expect([path, await ask(url, encodeURIComponent(path))]).toEqual([path, 404]);
  expect(await ask(`${plane.origin}/set/1.guess/index.m3u8`, 'index.m3u8')).toBe(404);
});

test('a playlist that names what lies elsewhere is not served at all', async () => {
  const strange = [
    '../secret.ts',
    'parts/../../secret.ts',
    '/etc/x.ts',
    'https://evil.example/x.ts',
    'x.m3u8',
    'C:\\x.ts',
  ];
  for (const name of strange) {
    const url = offer(playlistOf('a_00000.ts', name));
    expect([name, await ask(url, 'index.m3u8')]).toEqual([name, 404]);
    expect([name, await ask(url, encodeURIComponent(name))]).toEqual([name, 404]);
  }
  const key = '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="https://evil.example/key"\n#EXTINF:4,\na_00000.ts\n';
  expect([readPlaylist(key), readPlaylist('a_00000.ts'), readPlaylist('')]).toEqual([null, null, null]);
  const list = '#EXTM3U\n#EXT-X-DATERANGE:ID="a",CLASS="com.apple.hls.interstitial",X-ASSET-LIST="//evil.example/x"\n';
  // A player ends a line at each of these: the rest of the tag would be a name to it.
  const hidden = ['\r', '\u2028', '\u2029'].map((end) => `#EXTM3U\n#EXT-X-TITLE${end}http://127.0.0.1:9/x\n`);
  expect([list, ...hidden].map(readPlaylist)).toEqual([null, null, null, null]);
  expect(await ask(offer('no playlist'), 'index.m3u8')).toBe(404);
});
