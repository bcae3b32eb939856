import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer } from '../live/close-server.ts';
import type { Log } from '../live/log.ts';
import type { Health } from './health.ts';

export interface ObserveServerOptions {
  /** Null: this computer alone may ask. A token: everybody who has it, from anywhere. */
  readonly token: string | null;
  /** 0: any free port. */
  readonly port: number;
  readonly metrics: () => Promise<string>;
  readonly health: () => Health;
  readonly log: Log;
}
export interface ObserveServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Monitors keep one connection each. */
const maxConnections = 32;

/** `/metrics` and `/health` on a port of their own. Rejects where the port cannot be had. */
export async function openObserveServer(options: ObserveServerOptions): Promise<ObserveServer> {
  const { token, log } = options;
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error('The figures could not be told', {}, error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  server.maxConnections = maxConnections;
  server.listen(options.port, token === null ? '127.0.0.1' : '0.0.0.0');
  await once(server, 'listening'); // rejects with the error of the server
  const { port } = server.address() as AddressInfo;
  const names = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    // No page has business here; and without a token no name but this computer's own (DNS rebinding).
    const isStrange = request.headers.origin !== undefined;
    const isOurName = token !== null || names.has(request.headers.host?.toLowerCase() ?? '');
    if (isStrange || !isOurName) return void response.writeHead(403).end();
    if (token !== null && !isAllowed(request.headers.authorization, token))
      return void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== '/metrics' && path !== '/health') return void response.writeHead(404).end();
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
    if (path === '/metrics') {
      const text = await options.metrics();
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
      return;
    }
    const health = options.health();
    response
      .writeHead(health.status === 'unhealthy' ? 503 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(health));
  }

  return { port, close: () => closeServer(server, new Set()) };
}

/** In the same time for every wrong token: digests are of one length, whatever was sent. */
function isAllowed(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
