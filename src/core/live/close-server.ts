import { once, type EventEmitter } from 'node:events';
import type { Server } from 'node:http';

interface Socket extends EventEmitter {
  close(code: number, reason: string): void;
  terminate(): void;
}

/** How long the other side of a socket may take to answer its closing. */
const graceMs = 500;

/** Ends a server with its requests and WebSockets: each socket is asked, then cut, and all are waited for. */
export async function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const open = [...sockets];
  const allGone = Promise.all(open.map((socket) => once(socket, 'close')));
  for (const socket of open) socket.close(1001, 'Cuedesk is closing');
  const timer = setTimeout(() => open.forEach((socket) => socket.terminate()), graceMs);
  await allGone;
  clearTimeout(timer);
  server.closeAllConnections();
  await closed;
}
