// How long a recording lasts by its own header, of files that ffmpeg has written.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { durationMsOf } from '../../src/core/storage/duration.ts';
import { describeWith, ffmpegPath } from '../support/require.ts';

/** Its answer, and how many bytes were read for it. */
async function read(name: string, file: Buffer): Promise<{ readonly ms: number | null; readonly bytes: number }> {
  let bytes = 0;
  const ms = await durationMsOf(name, file.length, async ({ from, count }) => {
    bytes += count;
    return file.subarray(from, from + count);
  });
  return { ms, bytes };
}

describeWith('ffmpeg', 'the length of a recording', () => {
  test.each([
    ['a.mp4', ['-c:a', 'aac']],
    ['front.mp4', ['-c:a', 'aac', '-movflags', '+faststart']],
    ['a.ogg', ['-c:a', 'libopus', '-f', 'ogg']],
  ])('of %s is read from a few parts of it', async (name, args) => {
    const folder = mkdtempSync(join(tmpdir(), 'cuedesk-duration-'));
    const path = join(folder, name);
    const made = spawnSync(ffmpegPath(), ['-f', 'lavfi', '-i', 'sine=duration=30', ...args, path]);
    expect(made.status).toBe(0);
    const file = readFileSync(path);
    const { ms, bytes } = await read(name, file);
    expect(Math.abs((ms ?? 0) - 30_000)).toBeLessThan(100);
    expect(bytes).toBeLessThan(70_000);
    rmSync(folder, { recursive: true, force: true });
  });
});

test('of what is no recording, or is cut off, is not told', async () => {
  const noise = Buffer.alloc(4_000, 7);
  expect((await read('a.mp4', noise)).ms).toBeNull();
  expect((await read('a.mp4', Buffer.alloc(40))).ms).toBeNull();
  expect((await read('a.mp4', Buffer.from('short'))).ms).toBeNull();
  expect((await read('a.ogg', noise)).ms).toBeNull();
  expect((await read('a.mp3', noise)).ms).toBeNull();
});
