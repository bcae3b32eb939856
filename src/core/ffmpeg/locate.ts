import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { startProcess } from '../live/process.ts';
import { withDeadline } from '../live/deadline.ts';

export interface Ffmpeg {
  readonly path: string;
  readonly version: string;
  /** What this build can do; what it cannot is switched off in the page with the reason. */
  readonly abilities: Readonly<Record<FfmpegAbility, boolean>>;
}
type FfmpegAbility = 'srt' | 'rtmps' | 'h264' | 'aac' | 'opus' | 'flac';

const probeLimitMs = 10_000;

/** Order: `FFMPEG_PATH`, ffmpeg-static where its download succeeded, the PATH. Null: there is none. */
export function locateFfmpeg(env: NodeJS.ProcessEnv = process.env): string | null {
  const named = env['FFMPEG_PATH'];
  if (named) return existsSync(named) ? named : null;
  const bundled = fromPackage();
  if (bundled) return bundled;
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  return (
    (env['PATH'] ?? '')
      .split(delimiter)
      .map((folder) => join(folder, name))
      .find((file) => existsSync(file)) ?? null
  );
}

function fromPackage(): string | null {
  try {
    const path: unknown = createRequire(import.meta.url)('ffmpeg-static');
    if (typeof path !== 'string') return null;
    const file = path.replace('app.asar', 'app.asar.unpacked'); // a program inside an archive cannot be run
    return existsSync(file) ? file : null;
  } catch {
    return null; // optional: npm takes the package away where its download fails
  }
}

/** Asks a build once what it is and can do. Rejects where it does not run. */
export async function probeFfmpeg(path: string, signal?: AbortSignal): Promise<Ffmpeg> {
  const [version, protocols, encoders] = await Promise.all([
    ask(path, '-version', signal),
    ask(path, '-protocols', signal),
    ask(path, '-encoders', signal),
  ]);
  const has = (text: string, word: string): boolean => new RegExp(`(^|\\s)${word}(\\s|$)`, 'm').test(text);
  return {
    path,
    version: /^ffmpeg version (\S+)/m.exec(version)?.[1] ?? 'unknown',
    abilities: {
      srt: has(protocols, 'srt'),
      rtmps: has(protocols, 'rtmps'),
      h264: has(encoders, 'libx264'),
      aac: has(encoders, 'aac'),
      opus: has(encoders, 'libopus'),
      flac: has(encoders, 'flac'),
    },
  };
}

async function ask(path: string, question: string, signal: AbortSignal | undefined): Promise<string> {
  const lines: string[] = [];
  const child = startProcess({
    file: path,
    args: ['-hide_banner', question],
    ask: 'SIGTERM',
    graceMs: 1_000,
    onLine: (line) => lines.push(line),
  });
  try {
    const exit = await withDeadline(`ffmpeg ${question}`, probeLimitMs, signal, () => child.exited);
    if (exit.error) throw exit.error;
    if (exit.code !== 0) throw new Error(`ffmpeg ${question} ended with ${exit.code}: ${exit.lastLines.at(-1) ?? ''}`);
    return lines.join('\n');
  } finally {
    await child.close();
  }
}
