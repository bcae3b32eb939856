import { spawn } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ffmpeg } from '../ffmpeg.ts';
import { curtain, encoderArguments, type EncoderOutputs, made } from './encoder-arguments.ts';

/** One ffmpeg that makes all outputs of an egress from 48 kHz stereo sound, with a plain picture on the sound's clock. */
export interface Encoder {
  /** False once it has died: nothing more is taken. */
  readonly isRunning: boolean;
  /** S16LE stereo 48 kHz. Dropped where the program takes no more, which its exit tells. */
  write(sound: Buffer): void;
  /** What the picture shows. */
  show(lines: readonly string[]): void;
  /** Makes the picture black, or gives it back. Nothing where ffmpeg cannot write text. */
  darken(isDark: boolean): void;
  /** Ends the files properly; false where the program failed. */
  finish(): Promise<boolean>;
  /** Ends it as a kill would. */
  kill(): Promise<void>;
}

/** A file is closed within 0.1 s; one that hangs must not hold the rehearsal. */
const finishLimitMs = 10_000;
const maxUnwrittenBytes = 10 * 192_000;

export function startEncoder(options: {
  readonly ffmpeg: Ffmpeg;
  /** Of this job alone: everything is made in here, by the names of `encoder-arguments`. */
  readonly folder: string;
  readonly outputs: EncoderOutputs;
  /** The live stream in its container, as it comes. */
  readonly onLive: (chunk: Buffer) => void;
}): Encoder {
  let isDark = false;
  write(made.names, ' ');
  write(made.curtain, ' ');
  const child = spawn(options.ffmpeg.path, encoderArguments(options.outputs, options.ffmpeg.font), {
    cwd: options.folder,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdout.on('data', options.onLive);
  let isRunning = true;
  const exited = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false)); // not started: told as a failed pipeline
    child.once('close', (code) => resolve(code === 0));
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
    show: (lines) => write(made.names, lines.join('\n') || ' '),
    darken: (is) => {
      if (is !== isDark) write(made.curtain, is ? curtain : ' ');
      isDark = is;
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

  /** Written beside and moved over: ffmpeg reads the file at every frame and must never meet half of it. */
  function write(name: string, text: string): void {
    const place = join(options.folder, name);
    writeFileSync(`${place}.new`, text);
    renameSync(`${place}.new`, place);
  }
}
