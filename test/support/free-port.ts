import { once } from 'node:events';
import { createServer } from 'node:net';
import { listenOnKeptPort } from '../../src/rehearsal/kept-port.ts';

/** A port that is free, and that no system hands out meanwhile to somebody else. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnKeptPort(server);
  server.close();
  await once(server, 'close');
  return port;
}
