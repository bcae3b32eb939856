import { spawn } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ffmpeg } from '../ffmpeg.ts';

/** An ffmpeg that makes an MP4 of 48 kHz mono sound, with a plain picture whose clock is the sound's own. */
export interface Encoder {
  /** False once it has died: nothing more is taken. */
  readonly isRunning: boolean;
  /** S16LE mono 48 kHz. Dropped where the program takes no more, which its exit tells. */
  write(sound: Buffer): void;
  /** What the picture shows. */
  show(lines: readonly string[]): void;
  /** Ends the file properly; false where the program failed. */
  finish(): Promise<boolean>;
  /** Ends it as a kill would. */
  kill(): Promise<void>;
}

/** A file is closed within 0.1 s; one that hangs must not hold the rehearsal. */
const finishLimitMs = 10_000;
const maxUnwrittenBytes = 10 * 96_000;

export function startEncoder(options: {
  readonly ffmpeg: Ffmpeg;
  readonly folder: string;
  readonly file: string;
  readonly hasPicture: boolean;
}): Encoder {
  const text = join(options.folder, 'names.txt');
  writeFileSync(text, ' ');
  const child = spawn(options.ffmpeg.path, encoderArguments(options), {
    cwd: options.folder,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  let isRunning = true;
  const exited = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false)); // not started: told as a failed pipeline
    child.once('exit', (code) => resolve(code === 0));
  }).then((isWell) => {
    isRunning = false;
    return isWell;
  });
  child.stdin.on('error', () => {}); // EPIPE of a child that died: its exit tells more
  return {
    get isRunning() {
      return isRunning;
    },
    write: (sound) => {
      if (isRunning && child.stdin.writableLength < maxUnwrittenBytes) child.stdin.write(sound);
    },
    show: (lines) => {
      // Written beside and moved over: ffmpeg reads the file at every frame and must never meet half of it.
      writeFileSync(`${text}.new`, lines.join('\n') || ' ');
      renameSync(`${text}.new`, text);
    },
    finish: async () => {
      child.stdin.end();
      const limit = setTimeout(() => child.kill('SIGKILL'), finishLimitMs);
      const isWell = await exited;
      clearTimeout(limit);
      return isWell;
    },
    kill: async () => {
      if (isRunning) child.kill('SIGKILL');
      await exited;
    },
  };
}

function encoderArguments(options: {
  readonly ffmpeg: Ffmpeg;
  readonly file: string;
  readonly hasPicture: boolean;
}): string[] {
  const sound = ['-c:a', 'aac', '-b:a', '96k', '-ac', '2', '-ar', '48000'];
  const input = ['-hide_banner', '-loglevel', 'error', '-y', '-f', 's16le', '-ar', '48000', '-ac', '1', '-i', 'pipe:0'];
  const output = ['-movflags', '+faststart', '-f', 'mp4', options.file];
  if (!options.hasPicture) return [...input, ...sound, ...output];
  const font = options.ffmpeg.font?.replaceAll('\\', '/').replaceAll(':', '\\:');
  const names = font
    ? `,drawtext=fontfile='${font}':textfile=names.txt:reload=1:expansion=none:fontsize=20:line_spacing=10:fontcolor=white:x=32:y=28`
    : '';
  // The wave is drawn from the sound, so the picture runs on the sound's clock and ends with it.
  const graph = [
    '[0:a]asplit=2[sound][seen]',
    '[seen]showwaves=s=640x80:mode=cline:rate=10:colors=0x6cb6ff[wave]',
    'color=c=0x14171c:s=640x360:r=10[back]',
    `[back][wave]overlay=x=0:y=264:shortest=1${names},format=yuv420p[picture]`,
  ].join(';');
  const picture = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '32', '-g', '40', '-threads', '1'];
  return [
    ...input,
    '-filter_complex_threads',
    '1',
    '-filter_complex',
    graph,
    '-map',
    '[picture]',
    '-map',
    '[sound]',
    ...picture,
    ...sound,
    ...output,
  ];
}
