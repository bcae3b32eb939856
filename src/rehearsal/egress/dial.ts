import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';

/** A WebSocket as egress opens it: the measured headers in the measured order, no extensions, pongs that say `pong`. */
export function dialAsEgress(url: string, handshakeMs: number, signal: AbortSignal): Promise<WebSocket> {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    // Go's parser takes a WebSocket URL without a host, and then dials port 80 of nothing.
    const port = url.startsWith('wss:') ? 443 : 80;
    return Promise.reject(new Error(`dial tcp :${port}: connect: connection refused`));
  }
  if (parsed.username || parsed.password) return Promise.reject(new Error('malformed ws or wss URL'));
  const port = parsed.port || (parsed.protocol === 'wss:' ? '443' : '80');
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    handshakeTimeout: handshakeMs,
    autoPong: false,
    // No header may be added, and their order is egress's: so all are taken off and put on again.
    finishRequest: (request) => {
      const key = request.getHeader('sec-websocket-key');
      for (const name of request.getHeaderNames()) request.removeHeader(name);
      request.setHeader('Host', parsed.host);
      request.setHeader('User-Agent', 'Go-http-client/1.1');
      request.setHeader('Connection', 'Upgrade');
      request.setHeader('Content-Type', 'audio/x-raw');
      request.setHeader('Sec-WebSocket-Key', key ?? '');
      request.setHeader('Sec-WebSocket-Version', '13');
      request.setHeader('Upgrade', 'websocket');
      request.end();
    },
  });
  socket.on('ping', () => socket.pong('pong'));
  return new Promise((resolve, reject) => {
    const give = (): void => socket.terminate();
    signal.addEventListener('abort', give, { once: true });
    socket.once('open', () => {
      signal.removeEventListener('abort', give);
      socket.on('error', () => {}); // the close that always follows is what egress tells of
      resolve(socket);
    });
    socket.once('unexpected-response', (request, response: IncomingMessage) => {
      response.resume();
      request.destroy();
      reject(new Error('websocket: bad handshake'));
    });
    socket.once('error', (error) => {
      signal.removeEventListener('abort', give);
      socket.on('error', () => {}); // one failure is told once
      reject(new Error(inGoWords(error, parsed.hostname, port)));
    });
  });
}

/** The words of Go's network stack for what Node met. */
function inGoWords(error: Error & { readonly code?: string }, host: string, port: string): string {
  const causes = (error as { readonly errors?: readonly { readonly code?: string }[] }).errors;
  const code = error.code ?? causes?.[0]?.code ?? '';
  const address = host === 'localhost' ? '127.0.0.1' : host;
  if (code === 'ECONNREFUSED') return `dial tcp ${address}:${port}: connect: connection refused`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${host} on 127.0.0.53:53: no such host`;
  if (code === 'ECONNRESET') return `read tcp 127.0.0.1:0->${address}:${port}: read: connection reset by peer`;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return 'tls: first record does not look like a TLS handshake';
  if (/handshake has timed out/.test(error.message)) return `read tcp 127.0.0.1:0->${address}:${port}: i/o timeout`;
  return 'websocket: bad handshake';
}
