import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { systemClock, type Clock } from '../live/clock.ts';
import { closeServer } from '../live/close-server.ts';
import type { Log } from '../live/log.ts';
import { nameIn, serve, type Offered, type OfferedSet } from './offered-set.ts';
import { readBody } from './read-body.ts';
import { Tickets } from './tickets.ts';

interface RouteRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came, byte for byte: signatures are over these bytes. */
  readonly body: Buffer;
}
interface RouteAnswer {
  readonly status: number;
  readonly text?: string;
}
type RouteHandler = (request: RouteRequest) => Promise<RouteAnswer>;

export interface MediaPlaneOptions {
  readonly log: Log;
  /** Origins of our own pages: a browser's request from any other page is refused. Requests without an Origin are no page's. */
  readonly allowedOrigins: readonly string[];
  readonly clock?: Clock;
  /** Taken where it is free, else any other; 0 or left out: any. */
  readonly port?: number;
}

export interface MediaPlane {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** An address of a local file for a player of our page: for any number of ranges, until an hour without one, a day at most. */
  fileUrl(path: string, mimeType: string): string;
  /** The same for a file of a storage, whose own address is a secret and stays here. */
  remoteUrl(address: string, mimeType: string): string;
  /** The same for one of a set whose others are asked for by addresses relative to it. */
  setUrl(set: OfferedSet, name: string): string;
  /** A WebSocket address for one connection, to be opened within a minute. */
  socketUrl(onOpen: (socket: WebSocket) => void): string;
  /**
   * Hands the requests to this exact path to `handler`, which checks who has signed them; bodies above `maxBytes` are refused.
   * Returns the function that ends it.
   */
  route(path: string, handler: RouteHandler, options?: { readonly maxBytes?: number }): () => void;
  /** Ends every request and socket. */
  close(): Promise<void>;
}

const socketTicket = { isOnce: true, lifeMs: 60_000 };
/** A show that is recorded is played for as long as it lasts. */
const fileTicket = { isOnce: false, lifeMs: 24 * 3_600_000, idleMs: 3_600_000 };
const defaultBodyBytes = 256 << 10;
/** The composer's largest key frame is under 1 MB. */
const maxSocketMessageBytes = 4 << 20;
const maxConnections = 256;

/**
 * What is binary goes here and not over the port: one HTTP and WebSocket server on the loopback address, the same under
 * both hosts. Everything but the fixed routes is opened by a ticket that the port hands out.
 */
export async function openMediaPlane(options: MediaPlaneOptions): Promise<MediaPlane> {
  const { log } = options;
  const clock = options.clock ?? systemClock;
  const files = new Tickets<Offered>(clock);
  const sets = new Tickets<OfferedSet>(clock);
  const openers = new Tickets<(socket: WebSocket) => void>(clock);
  const routes = new Map<string, { readonly handler: RouteHandler; readonly maxBytes: number }>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxSocketMessageBytes,
    perMessageDeflate: false, // media is compressed already, and this is loopback
  });

  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.warn('A request to the media plane failed', { reason: error instanceof Error ? error.message : 'unknown' });
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end('Cuedesk could not handle this request.');
    });
  });
  server.maxConnections = maxConnections;
  server.on('upgrade', upgrade);
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);

  /**
   * Why a request is not even looked at, or null. The Host check keeps out names that were pointed here (DNS rebinding). What is
   * sent to a route is signed, and may come by any name: through a tunnel that ends here, say.
   */
  function refusal(request: IncomingMessage): string | null {
    if (!routes.has(pathOf(request)) && !hosts.has(request.headers.host?.toLowerCase() ?? ''))
      return 'This name is not allowed here.';
    const { origin } = request.headers;
    return origin === undefined || options.allowedOrigins.includes(origin) ? null : 'This page is not allowed here.';
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cache-control', 'no-store');
    const refused = refusal(request);
    if (refused) return void response.writeHead(403).end(refused);
    const path = pathOf(request);
    const route = routes.get(path);
    if (route) return answerRoute(route, request, response);
    const file = await offeredAt(path);
    if (!file) return void response.writeHead(404).end('There is nothing at this address.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
    const { origin } = request.headers;
    if (origin !== undefined) response.setHeader('access-control-allow-origin', origin); // it is one of ours
    await serve(file, request, response);
  }

  async function offeredAt(path: string): Promise<Offered | null> {
    const [, kind, ticket = '', name = ''] = /^\/(file|set)\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    if (kind === 'file') return name === '' ? (files.use(ticket) ?? null) : null;
    return (await sets.use(ticket)?.find(nameIn(name))) ?? null;
  }

  async function answerRoute(
    route: { readonly handler: RouteHandler; readonly maxBytes: number },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readBody(request, route.maxBytes);
    if (!body) {
      response.writeHead(413, { connection: 'close' }).end('This is more than is taken here.');
      return;
    }
    const result = await route.handler({ method: request.method ?? '', headers: request.headers, body });
    response.writeHead(result.status, { 'content-type': 'text/plain; charset=utf-8' }).end(result.text ?? '');
  }

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => stream.destroy()); // the other side left during the handshake
    const ticket = /^\/socket\/([^/]+)$/.exec(pathOf(request))?.[1];
    // The ticket is used only by a request that is allowed, so that a stranger cannot use it up.
    const onOpen = refusal(request) === null && ticket !== undefined ? openers.use(ticket) : undefined;
    if (!onOpen) {
      stream.once('finish', () => stream.destroy()); // whoever was refused may not hold the connection open
      stream.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      socket.on('error', (error) => log.warn('A media socket failed', { reason: error.message })); // 'close' follows
      try {
        onOpen(socket);
      } catch (error) {
        log.error('A media socket could not be served', {}, error);
        socket.close(1011);
      }
    });
  }

  let closing: Promise<void> | null = null;
  async function end(): Promise<void> {
    files.clear();
    sets.clear();
    openers.clear();
    await closeServer(server, sockets.clients);
  }

  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    fileUrl: (path, mimeType) => `${origin}/file/${files.issue({ path, mimeType }, fileTicket)}`,
    remoteUrl: (address, mimeType) => `${origin}/file/${files.issue({ address, mimeType }, fileTicket)}`,
    setUrl: (set, name) => `${origin}/set/${sets.issue(set, fileTicket)}/${encodeURIComponent(name)}`,
    socketUrl: (onOpen) => `ws://127.0.0.1:${port}/socket/${openers.issue(onOpen, socketTicket)}`,
    route(path, handler, { maxBytes = defaultBodyBytes } = {}) {
      const route = { handler, maxBytes };
      routes.set(path, route);
      return () => {
        if (routes.get(path) === route) routes.delete(path);
      };
    },
    close: () => (closing ??= end()),
  };
}

/** Listens on the loopback address; on any port where another program has this one. */
async function listen(server: Server, port: number): Promise<void> {
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    if (port === 0) throw error;
    await listen(server, 0);
  }
}

/** The path without its query; '' where it is no path at all. */
const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0] ?? '';
