import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Ffmpeg } from '../ffmpeg.ts';
import { pause } from '../pause.ts';
import type { DestinationState } from './rtmp-receiver.ts';

/** An SRT listener for one sender at a time: an ffmpeg that hands on what arrives. */
export interface SrtReceiver {
  readonly port: number;
  setState(state: DestinationState): void;
  close(): Promise<void>;
}

export interface SrtWatcher {
  began(): void;
  received(bytes: Buffer): void;
  ended(): void;
}

/** A listener that nobody calls ends after so long and is started again: one whose parent was killed does not stay for ever. */
const listenMs = 30_000;
const againMs = 100;

export async function openSrtReceiver(ffmpeg: Ffmpeg, watcher: SrtWatcher): Promise<SrtReceiver> {
  const port = await freeUdpPort();
  const closing = new AbortController();
  let child: ChildProcess | null = null;
  let state: DestinationState = 'up';

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      if (state !== 'down') await listenOnce();
      if (!(await pause(againMs, closing.signal))) return;
    }
  };
  const listenOnce = async (): Promise<void> => {
    const url = `srt://127.0.0.1:${port}?mode=listener&listen_timeout=${listenMs * 1000}`;
    const args = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-f', 'data', '-i', url];
    const listener = spawn(
      ffmpeg.path,
      [...args, '-map', '0', '-c', 'copy', '-flush_packets', '1', '-f', 'data', 'pipe:1'],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    child = listener;
    let hasBegun = false;
    listener.stdout.on('data', (bytes: Buffer) => {
      if (!hasBegun) watcher.began();
      hasBegun = true;
      watcher.received(bytes);
    });
    listener.once('error', () => {}); // not started: the loop tries again
    await once(listener, 'close').catch(() => {}); // the same
    if (hasBegun) watcher.ended();
    child = null;
  };
  const loop = run();
  return {
    port,
    setState: (next) => {
      const before = state;
      state = next;
      if (next === 'down') child?.kill(); // it tells its sender, which would notice a silence after 5 s only
      if (next === 'frozen') child?.kill('SIGSTOP');
      if (before === 'frozen') child?.kill('SIGCONT');
    },
    close: async () => {
      closing.abort();
      child?.kill('SIGKILL');
      await loop;
    },
  };
}

/** A port that is free now; the listener binds it a moment later. */
async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
