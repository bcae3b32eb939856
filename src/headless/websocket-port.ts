import type { RawData, WebSocket } from 'ws';
import type { Log } from '../core/live/log.ts';
import type { Port } from '../shared/rpc/port.ts';

/** A page that has not read this much is gone or hangs; its socket is closed, and it begins anew with fresh snapshots. */
const maxUnsentBytes = 16 << 20;

/** The port over a WebSocket. What is not JSON text ends this socket alone, with close code 1007. */
export function webSocketPort(socket: WebSocket, log: Log): Port {
  const listeners: ((message: unknown) => void)[] = [];
  socket.on('error', (error) => log.warn('The socket of a page failed', { reason: error.message })); // 'close' follows
  socket.on('message', (data, isBinary) => {
    const message = isBinary ? undefined : parse(data);
    if (message === undefined) {
      log.warn('A page sent something that is not JSON; its socket is closed');
      socket.close(1007, 'not JSON');
      return;
    }
    for (const listener of listeners) listener(message);
  });
  return {
    send(message) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > maxUnsentBytes) {
        log.warn('A page does not read what it is sent; its socket is closed', { unsentBytes: socket.bufferedAmount });
        socket.terminate();
        return;
      }
      socket.send(JSON.stringify(message), () => {}); // a failure here is followed by 'close'
    },
    onMessage: (listener) => void listeners.push(listener),
    onClose: (listener) => void socket.on('close', () => listener()),
    close: () => socket.close(1001),
  };
}

function parse(data: RawData): unknown {
  try {
    return JSON.parse((data as Buffer).toString('utf8')); // ws gives a Buffer unless asked for something else
  } catch {
    return undefined; // JSON has no undefined, so it can mean "not JSON"
  }
}
