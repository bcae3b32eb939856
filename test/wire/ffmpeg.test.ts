import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { locateFfmpeg, probeFfmpeg } from '../../src/core/ffmpeg/locate.ts';
import { findFfmpeg } from '../../src/rehearsal/ffmpeg.ts';
import { describeWith, ffmpegPath } from '../support/require.ts';

describeWith('ffmpeg', 'a real ffmpeg', () => {
  test('tells its version and what it can do', async () => {
    const found = await probeFfmpeg(ffmpegPath());
    expect(found.version).toMatch(/^\S+$/);
    expect(found.abilities.aac).toBe(true);
  });
});

test('FFMPEG_PATH wins, for the console and the rehearsal, and a path that is not there is not replaced by another', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-ffmpeg-'));
  try {
    const own = join(folder, 'ffmpeg');
    expect(locateFfmpeg({ FFMPEG_PATH: own, PATH: process.env['PATH'] })).toBeNull();
    expect(findFfmpeg({ FFMPEG_PATH: own, PATH: process.env['PATH'] })).toBeNull();
    writeFileSync(own, '#!/bin/sh\nexit 3\n');
    chmodSync(own, 0o755);
    expect(locateFfmpeg({ FFMPEG_PATH: own, PATH: '' })).toBe(own);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.skipIf(process.platform === 'win32')(
  'a program that does not answer like ffmpeg is refused with its own words',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cuedesk-ffmpeg-'));
    try {
      const own = join(folder, 'ffmpeg');
      writeFileSync(own, '#!/bin/sh\necho "no libavcodec" >&2\nexit 3\n');
      chmodSync(own, 0o755);
      await expect(probeFfmpeg(own)).rejects.toThrow('ended with 3: no libavcodec');
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
