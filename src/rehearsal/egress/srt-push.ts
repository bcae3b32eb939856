import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ffmpeg } from '../ffmpeg.ts';
import type { PushEvents, StreamPush } from './stream-push.ts';
import type { EgressTiming } from './timing.ts';

export interface SrtPush extends StreamPush {
  write(chunk: Buffer): void;
}

const maxWaitingBytes = 1024 * 1024;
/** What is secret in an SRT address, by FFmpeg's names. */
const secretOptions = ['passphrase', 'streamid', 'srt_streamid'];

/** SRT by an ffmpeg of its own, which only carries the bytes; never connected again, as in egress. */
export function openSrtPush(options: {
  readonly url: string;
  readonly ffmpeg: Ffmpeg;
  /** Of this job alone; `name` is this push's own in it. */
  readonly folder: string;
  readonly name: string;
  readonly timing: EgressTiming;
  readonly on: PushEvents;
}): SrtPush {
  const url = new URL(options.url);
  // FFmpeg takes microseconds where libsrt's own syntax has milliseconds.
  url.searchParams.set('connect_timeout', String(options.timing.srtConnectMs));
  url.searchParams.set('mode', url.searchParams.get('mode') ?? 'caller');
  const preset = join(options.folder, `${options.name}.preset`);
  writeFileSync(preset, takeSecrets(url), { mode: 0o600 });
  const quiet = ['-hide_banner', '-loglevel', 'info', '-f', 'data', '-i', 'pipe:0'];
  const child = spawn(
    options.ffmpeg.path,
    [...quiet, '-map', '0', '-c', 'copy', '-fpre', preset, '-f', 'data', url.href],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  let isClosing = false;
  let isOpen = false;
  const forget = (): void => rmSync(preset, { force: true });
  child.stderr.on('data', (chunk: Buffer) => {
    if (isOpen || !chunk.includes('Output #0')) return;
    isOpen = true;
    forget();
    options.on.connected();
  });
  child.stdin.on('error', () => {}); // its exit tells more
  const failed = (): void => {
    forget();
    if (!isClosing) options.on.failed('Failed to write to SRT socket: Connection does not exist', !isOpen);
  };
  child.once('error', failed);
  child.once('exit', failed);
  return {
    retries: 0,
    lastRetryAtMs: 0,
    write: (chunk) => {
      if (child.stdin.writableLength < maxWaitingBytes) child.stdin.write(chunk);
    },
    close: () => {
      isClosing = true;
      child.stdin.end();
      const force = setTimeout(() => child.kill('SIGKILL'), 1_000);
      child.once('exit', () => clearTimeout(force));
    },
    kill: () => {
      isClosing = true;
      child.kill('SIGKILL');
    },
  };
}

/**
 * Takes what is secret out of the address, as lines of a preset: the command line is read by every user of the computer, a
 * file of mode 0600 by this one.
 */
function takeSecrets(url: URL): string {
  const lines = secretOptions.flatMap((name) => {
    const value = url.searchParams.get(name);
    url.searchParams.delete(name);
    return value ? [`${name}=${value.replace(/[\r\n]/g, '')}\n`] : [];
  });
  return lines.join('');
}
