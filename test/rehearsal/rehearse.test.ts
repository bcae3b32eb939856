// What `npm run rehearse` starts, as it was built: its words, its files, and the code with which it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Summary } from '../../src/headless/rehearse/summary.ts';
import { builtProgram } from '../support/built.ts';
import { playThrough } from '../support/media-check.ts';
import { onQuietMachine } from '../support/quiet-machine.ts';
import { describeWith, ffmpegPath } from '../support/require.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-rehearse-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function rehearse(...args: readonly string[]) {
  const child = spawn(process.execPath, [builtProgram('rehearse'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FFMPEG_PATH: ffmpegPath() },
  });
  const [out, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number, out, said };
}

test('a wrong option is refused with a sentence', async () => {
  const { code, out, said } = await rehearse('--seconds', '1', '--out', folder);
  expect([code, out]).toEqual([1, '']);
  expect(said).toContain('--seconds takes a number from 5 to 43200.\n');
});

describeWith('ffmpeg', 'the main job without a window', () => {
  test('ends with 0 when every word and file is right, tells it as JSON, and its files play', () =>
    onQuietMachine(async () => {
      const out = mkdtempSync(join(folder, 'run-'));
      const ran = await rehearse('--seconds', '5', '--out', out, '--json');
      const summary = JSON.parse(ran.out) as Summary;
      expect([summary.wrong, ran.code], ran.said).toEqual([[], 0]);
      expect(readFileSync(join(out, 'summary.json'), 'utf8')).toBe(ran.out);
      expect(summary.captions.words.spoken).toBeGreaterThan(0);
      const [job] = summary.jobs;
      expect([job?.engine, job?.phase]).toEqual(['egress', 'done']);
      const video = job?.files.find(({ name }) => name.endsWith('.mp4'));
      expect((await playThrough(video?.path ?? '')).streams.sort()).toEqual(['Audio aac', 'Video h264']);
      const exported = readdirSync(out).filter((name) => /^town-hall [\d-]+ [\d.]+\.(?:srt|vtt|txt|json)$/.test(name));
      expect(exported).toHaveLength(4);
    }));
});
