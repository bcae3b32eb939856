import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ffmpegPath } from './require.ts';

const run = promisify(execFile);

/** Plays a file to its end. Rejects where anything of it is damaged. `durationMs` is of what was played. */
export async function playThrough(path: string): Promise<{ readonly durationMs: number; readonly streams: string[] }> {
  const { stdout, stderr } = await run(
    ffmpegPath(),
    ['-v', 'info', '-nostats', '-progress', 'pipe:1', '-xerror', '-i', path, '-f', 'null', '-'],
    { maxBuffer: 16 << 20 },
  );
  const errors = stderr.split('\n').filter((line) => /error|invalid|corrupt|truncat/i.test(line));
  if (errors.length > 0) throw new Error(`${path} is damaged: ${errors.join('; ')}`);
  const input = stderr.split('Stream mapping')[0] ?? '';
  return {
    durationMs: Number([...stdout.matchAll(/out_time_us=(\d+)/g)].at(-1)?.[1] ?? 0) / 1000,
    streams: Array.from(input.matchAll(/Stream #0.*?: (Audio|Video|Subtitle): (\w+)/g), (match) =>
      match.slice(1).join(' '),
    ),
  };
}

export interface ForeignCue {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}
/** What ffmpeg reads in a subtitle file. */
export async function cuesByFfmpeg(path: string): Promise<ForeignCue[]> {
  const { stdout } = await run(ffmpegPath(), ['-v', 'error', '-xerror', '-i', path, '-f', 'srt', '-']);
  return stdout
    .trim()
    .split(/\r?\n\r?\n/)
    .map((block) => {
      const [, times = '', ...text] = block.split(/\r?\n/);
      const [startMs = NaN, endMs = NaN] = times.split(' --> ').map(msOf);
      return { startMs, endMs, text: text.join('\n') };
    });
}

function msOf(time: string): number {
  const [hours = NaN, minutes = NaN, seconds = NaN] = time.replace(',', '.').split(':').map(Number);
  return Math.round(((hours * 60 + minutes) * 60 + seconds) * 1000);
}
