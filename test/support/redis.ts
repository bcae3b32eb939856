import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisPath } from './require.ts';

/** A real redis without persistence, on a socket of its own, and on the port that livekit-server dials. */
export interface RealRedis {
  readonly address: string;
  /** One command; its answer as redis writes it. Rejects where redis refuses it. */
  ask(...words: readonly (string | Uint8Array)[]): Promise<string>;
  close(): Promise<void>;
}

export async function startRedis(port: number): Promise<RealRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-redis-'));
  const socketPath = join(folder, 'redis.sock');
  const settings = ['--bind', '127.0.0.1', '--port', String(port), '--unixsocket', socketPath, '--save', ''];
  const child = spawn(redisPath(), [...settings, '--dir', folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const chunk of child.stdout) if (String(chunk).includes('Ready to accept connections')) break;
  if (!existsSync(socketPath)) throw new Error('redis-server did not start.');
  const socket = connect(socketPath);
  await once(socket, 'connect');
  return {
    address: `127.0.0.1:${port}`,
    ask: (...words) => ask(socket, words),
    close: async () => {
      socket.destroy();
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** RESP: an array of bulk strings. Every answer that is asked for here is one line. */
async function ask(socket: Socket, words: readonly (string | Uint8Array)[]): Promise<string> {
  const parts = words.flatMap((word) => {
    const bytes = Buffer.from(word);
    return [Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n')];
  });
  socket.write(Buffer.concat([Buffer.from(`*${words.length}\r\n`), ...parts]));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  const text = answer.toString().trim();
  if (text.startsWith('-')) throw new Error(`redis: ${text}`);
  return text;
}
