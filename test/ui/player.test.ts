// The player in a real browser: a playlist of HLS plays, while it grows and out of a storage.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileAddress } from '../../src/core/console/file-address.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { openMediaPlane } from '../../src/core/media-plane/media-plane.ts';
import { openStore } from '../../src/core/storage/open-store.ts';
import type { JobFile } from '../../src/shared/model/job.ts';
import type { StoragePlace } from '../../src/shared/model/storage.ts';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { openBench, opened } from '../support/egress-bench.ts';
import { describeWith, ffmpegPath } from '../support/require.ts';
import { recording } from '../support/scripted-scene.ts';
import { openS3Server, s3Key } from '../support/storage-servers.ts';
import { s3Place } from '../support/s3-place.ts';

const playlist = (part: Partial<JobFile>): JobFile => ({
  id: 'segments-0',
  engine: 'egress',
  content: 'segments',
  identity: null,
  name: 'index.m3u8',
  location: '',
  isLocal: true,
  bytes: null,
  durationMs: null,
  startedAtMs: 1_000,
  isComplete: true,
  ...part,
});
type OpenPlace = Parameters<typeof fileAddress>[0]['fileChecks']['openPlace'];
const noStorage: OpenPlace = () => Promise.reject(new Error('No storage here.'));

describeWith('chromium', 'the player', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  /** The page with one job that made this file, played through the real media plane. */
  async function openWith(file: JobFile, openPlace = noStorage): Promise<{ page: Page; errors: string[] }> {
    const core = await openTownHall();
    opened.push(() => core.close());
    const plane = await openMediaPlane({ log: silentLog, allowedOrigins: [new URL(core.url()).origin] });
    opened.push(() => plane.close());
    const state = file.isComplete ? ({ phase: 'done', endedAtMs: Date.now() } as const) : {};
    const job = recording('studio-eu', 'town-hall', Date.now(), 9_000, { title: 'hls', files: [file], ...state });
    const servers = { find: () => ({ kind: 'local' }) as never };
    const fileChecks = { openPlace, link: () => Promise.reject(new Error('No link is needed.')) };
    core.answer('fileAddress', () => fileAddress({ plane, fileChecks, servers }, job, file));
    core.script.jobs.set({ jobs: [job] });
    core.script.fileChecks.set({
      checks: [
        {
          jobId: job.id,
          fileId: file.id,
          atMs: 1,
          state: 'there',
          text: 'there',
          bytes: null,
          durationMs: null,
          againAtMs: null,
          checksum: null,
          storage: 'Archive',
        },
      ],
    });
    const { page, errors } = await openConsole(browser, core);
    opened.push(() => page.context().close());
    return { page, errors };
  }
  const timeOf = (page: Page) => (): Promise<number> =>
    page.locator('video.player').evaluate((video) => (video as HTMLVideoElement).currentTime);

  describeWith('ffmpeg', 'of segments', () => {
    it('plays the segments of an egress of the rehearsal while it records them', async () => {
      const bench = await openBench({ hasFfmpeg: true });
      const location = join(bench.files, 'hls', 'index.m3u8');
      const { page, errors } = await openWith(playlist({ location, isComplete: false, isLocal: false }));
      await bench.ok('Egress/StartRoomCompositeEgress', {
        room_name: 'stage',
        segment_outputs: [{ filename_prefix: 'hls/seg', playlist_name: 'index.m3u8', segment_duration: 1 }],
      });
      const count = (): number =>
        existsSync(location) ? readFileSync(location, 'utf8').split('#EXTINF').length - 1 : 0;
      await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(0);
      const countThen = count();
      await page.getByRole('button', { name: 'Play index.m3u8' }).click();
      await expect.poll(timeOf(page), { timeout: 30_000 }).toBeGreaterThan(countThen);
      expect(errors).toEqual([]);
    });

    it('shows the bar of an audio player where a file has no picture', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'cuedesk-player-'));
      opened.push(async () => rmSync(folder, { recursive: true, force: true }));
      const location = join(folder, 'sound.mp4');
      execFileSync(ffmpegPath(), ['-loglevel', 'error', '-f', 'lavfi', '-i', 'sine=440:d=4', '-c:a', 'aac', location]);
      const { page, errors } = await openWith(playlist({ content: 'program', name: 'sound.mp4', location }));
      await page.getByRole('button', { name: 'Play sound.mp4', exact: true }).click();
      await expect.poll(timeOf(page)).toBeGreaterThan(0);
      await expect.poll(async () => (await page.getByLabel('Player of sound.mp4').boundingBox())?.height).toBe(54);
      expect(errors).toEqual([]);
    });

    it('plays segments out of a storage, by links that stay outside of the page', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'cuedesk-player-'));
      opened.push(async () => rmSync(folder, { recursive: true, force: true }));
      const sources = ['-f', 'lavfi', '-i', 'testsrc=s=160x90:r=10:d=4', '-f', 'lavfi', '-i', 'sine=440:d=4'];
      const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
      const hls = ['-f', 'hls', '-hls_time', '1', '-hls_playlist_type', 'event', join(folder, 'index.m3u8')];
      execFileSync(ffmpegPath(), ['-loglevel', 'error', ...sources, ...codecs, ...hls]);
      const server = await openS3Server();
      opened.push(() => server.close());
      const place: StoragePlace = s3Place({ region: 'us-east-1', endpoint: server.url });
      const { signal } = new AbortController();
      const store = await openStore({ place, secrets: s3Key }, signal);
      for (const name of readdirSync(folder))
        await store.put(`a show/${name}`, readFileSync(join(folder, name)), signal);
      store.close();
      const storage = { place, secrets: s3Key };
      const location = `${server.url}/shows/a%20show/index.m3u8`;
      const { page, errors } = await openWith(playlist({ location, isLocal: false }), () =>
        Promise.resolve({ storage, key: 'a show/index.m3u8', signal }),
      );
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.getByRole('button', { name: 'Play index.m3u8 from the storage' }).click();
      await expect.poll(timeOf(page), { timeout: 30_000 }).toBeGreaterThan(2.5);
      expect(errors).toEqual([]);
      expect(asked.filter((url) => url.includes('/set/')).length).toBeGreaterThan(0);
      expect(asked.filter((url) => url.includes('X-Amz') || url.startsWith(server.url))).toEqual([]);
    });
  });
});
