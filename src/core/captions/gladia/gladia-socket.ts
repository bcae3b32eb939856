import { WebSocket } from 'ws';
import type { GladiaLimits } from './limits.ts';
import { collectSession, createSession } from './gladia-http.ts';
import type { GladiaTransport, SocketHandlers, TranscriberSocket } from './transport.ts';

/** Gladia over the real network. */
export function networkTransport(limits: GladiaLimits): GladiaTransport {
  return {
    create: (account, body, signal) => createSession(account, body, { timeoutMs: limits.createTimeoutMs, signal }),
    connect: (url, handlers) => openSocket(url, handlers, limits),
    collect: (account, id, signal) => collectSession(account, id, { timeoutMs: limits.createTimeoutMs, signal }),
  };
}

/**
 * One connection. Its address is a secret and is named nowhere, so errors of `ws` (which hold it) are not passed on: the
 * close that follows each of them says enough. A connection over which nothing comes, not even the answer to a ping, is told.
 */
function openSocket(url: string, handlers: SocketHandlers, limits: GladiaLimits): TranscriberSocket {
  const socket = new WebSocket(url, {
    handshakeTimeout: limits.handshakeTimeoutMs,
    perMessageDeflate: false,
    maxPayload: limits.maxMessageBytes,
    followRedirects: false,
  });
  let isOver = false;
  let heard = false;
  let timer: NodeJS.Timeout | undefined;
  const finish = (tell: () => void): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    tell();
  };
  const ping = (): void => {
    heard = false;
    socket.ping();
    timer = setTimeout(() => {
      if (heard) timer = setTimeout(ping, Math.max(0, limits.pingEveryMs - limits.pongTimeoutMs));
      else if (!isOver) handlers.onSilent();
    }, limits.pongTimeoutMs);
  };
  socket.on('open', () => {
    timer = setTimeout(ping, limits.pingEveryMs);
    if (!isOver) handlers.onOpen();
  });
  socket.on('pong', () => (heard = true));
  socket.on('ping', () => (heard = true));
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    heard = true;
    // Text in a binary frame is text all the same.
    if (!isOver) handlers.onText(isBinary ? Buffer.from(data).toString('utf8') : data.toString('utf8'));
  });
  socket.on('unexpected-response', (request, response) => {
    response.resume();
    request.destroy();
    finish(() => handlers.onRefused(response.statusCode ?? 0));
  });
  socket.on('error', () => {}); // 'close' follows, with a code
  socket.on('close', (code: number) => finish(() => handlers.onClosed(code)));
  return {
    get queuedBytes() {
      return socket.bufferedAmount;
    },
    send: (data) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(data);
    },
    cut: () => {
      isOver = true;
      clearTimeout(timer);
      socket.terminate();
    },
  };
}
