import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

export interface Ffmpeg {
  readonly path: string;
  /** A font that this ffmpeg can write with; null where it has no text or the machine no known font. */
  readonly font: string | null;
  /** Not every build has it. */
  readonly hasSrt: boolean;
}

const fonts = [
  '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  '/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf',
  '/usr/share/fonts/TTF/DejaVuSans.ttf',
  '/System/Library/Fonts/Helvetica.ttc',
  'C:\\Windows\\Fonts\\arial.ttf',
];

/** `FFMPEG_PATH` and no other where it is set, else ffmpeg-static where it is installed, else the PATH; null where there is none. */
export function findFfmpeg(env: NodeJS.ProcessEnv): Ffmpeg | null {
  const named = env['FFMPEG_PATH'];
  const places = named ? [named] : [staticFfmpeg(), onPath(env['PATH'] ?? '')];
  const path = places.find((one) => one && isProgram(one));
  if (!path) return null;
  const filters = spawnSync(path, ['-hide_banner', '-filters'], { encoding: 'utf8', timeout: 5_000 });
  const protocols = spawnSync(path, ['-hide_banner', '-protocols'], { encoding: 'utf8', timeout: 5_000 });
  const hasText = /\bdrawtext\b/.test(filters.stdout ?? '');
  return {
    path,
    font: hasText ? (fonts.find((font) => existsSync(font)) ?? null) : null,
    hasSrt: /^\s*srt$/m.test(protocols.stdout ?? ''),
  };
}

function staticFfmpeg(): string | null {
  try {
    return createRequire(import.meta.url)('ffmpeg-static') as string | null;
  } catch {
    return null; // an optional package: its absence is foreseen
  }
}

function onPath(path: string): string | null {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  return (
    path
      .split(delimiter)
      .map((folder) => join(folder, name))
      .find(isProgram) ?? null
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not ours to run: the next place is asked
  }
}
