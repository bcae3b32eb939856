import { randomInt } from 'node:crypto';
import type { Server } from 'node:net';

/** Below what any system hands out by itself: nobody who dials or listens on any port gets one of these meanwhile. */
const [from, to] = [20_000, 32_000];
const tries = 50;

/** Listens on a port that can be left and listened on again. */
export async function listenOnKeptPort(server: Server): Promise<number> {
  for (let triesLeft = tries; ; triesLeft--) {
    const port = randomInt(from, to);
    try {
      await listenOn(server, port);
      return port;
    } catch (error) {
      if (triesLeft === 0) throw error; // taken, or kept by the system
    }
  }
}

export function listenOn(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
