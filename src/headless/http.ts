import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { systemClock } from '../core/live/clock.ts';
import { closeServer } from '../core/live/close-server.ts';
import type { Log } from '../core/live/log.ts';
import { Tickets } from '../core/media-plane/tickets.ts';
import { pageFile } from '../core/page/page-files.ts';
import { pageHeaders } from '../core/page/page-policy.ts';
import { ProblemError } from '../shared/model/problem-error.ts';
import type { Port } from '../shared/rpc/port.ts';
import { maxRequestChars } from '../shared/rpc/wire.ts';
import { webSocketPort } from './websocket-port.ts';

export interface PageServerOptions {
  /** The folder of the built page. */
  readonly root: string;
  /** 0: any free port. */
  readonly port: number;
  readonly log: Log;
  /** Told with the next one-time address when one was used, so that another browser can be let in. */
  readonly onTokenUsed?: (nextUrl: string) => void;
}

export interface PageServer {
  /** The two origins that this page may have. */
  readonly origins: readonly string[];
  /** A new one-time address: whoever opens it first is let in, by a cookie from then on. */
  issueUrl(): string;
  /** Called with the port of each page that is let in. Pages that come earlier are sent away. */
  onPort(listener: (port: Port) => void): void;
  close(): Promise<void>;
}

/** A browser stays let in this long, while the host runs. */
const sessionMs = 7 * 24 * 3_600_000;
const maxConnections = 128;

/**
 * Serves the page and its port on the loopback address. The token keeps other users of this computer out, the Origin
 * check keeps other pages of the same browser out, and the Host check keeps out names that were pointed here.
 */
export async function openPageServer(options: PageServerOptions): Promise<PageServer> {
  const { log, root } = options;
  const tokens = new Tickets<true>(systemClock);
  const sessions = new Tickets<true>(systemClock);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxRequestChars, perMessageDeflate: false });
  let onPort: ((port: Port) => void) | null = null;

  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error('The page could not be served', {}, error);
      response.destroy();
    });
  });
  server.maxConnections = maxConnections;
  server.on('upgrade', upgrade);
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw portProblem(options.port, error);
  });
  const { port } = server.address() as AddressInfo;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  /** Cookies do not know ports: two consoles on one computer must not overwrite each other's. */
  const cookieName = `cuedesk-${port}`;

  const issueUrl = (): string =>
    `http://127.0.0.1:${port}/?token=${tokens.issue(true, { lifeMs: Infinity, isOnce: true })}`;
  const isOwnHost = (request: IncomingMessage): boolean => hosts.includes(request.headers.host?.toLowerCase() ?? '');

  function isLetIn(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(/;\s*/);
    const own = cookies.find((cookie) => cookie.startsWith(`${cookieName}=`));
    return own !== undefined && sessions.use(own.slice(cookieName.length + 1)) === true;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number, text: string): void => {
      response.writeHead(status, { ...pageHeaders, 'content-type': 'text/plain; charset=utf-8' }).end(text);
    };
    if (!isOwnHost(request)) return refuse(403, 'This name is not allowed here.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'This page can only be read.');
    const url = addressOf(request);
    if (!url) return refuse(400, 'This is no address.');
    const token = url.pathname === '/' ? url.searchParams.get('token') : null;
    if (token !== null && request.method === 'GET') {
      // Who is in already comes back by an old address, for example from the history.
      if (!isLetIn(request)) {
        if (!tokens.use(token)) return refuse(403, usedUp);
        const session = sessions.issue(true, { lifeMs: sessionMs, isOnce: false });
        const age = Math.floor(sessionMs / 1000);
        response.setHeader('set-cookie', `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${age}`);
        options.onTokenUsed?.(issueUrl());
      }
      response.writeHead(303, { ...pageHeaders, location: '/' }).end();
      return;
    }
    if (!isLetIn(request)) return refuse(403, noToken);
    const file = await pageFile(root, url.pathname);
    response.writeHead(file.status, file.headers).end(request.method === 'HEAD' ? undefined : file.body);
  }

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => stream.destroy()); // the other side left during the handshake
    const isOurs =
      isOwnHost(request) &&
      addressOf(request)?.pathname === '/port' &&
      request.headers.origin === `http://${request.headers.host?.toLowerCase()}` &&
      isLetIn(request);
    const accept = isOurs ? onPort : null;
    if (!accept) {
      stream.once('finish', () => stream.destroy()); // whoever was refused may not hold the connection open
      stream.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => accept(webSocketPort(socket, log)));
  }

  let closing: Promise<void> | null = null;
  async function end(): Promise<void> {
    tokens.clear();
    sessions.clear();
    await closeServer(server, sockets.clients);
  }

  return {
    origins: hosts.map((host) => `http://${host}`),
    issueUrl,
    onPort: (listener) => (onPort = listener),
    close: () => (closing ??= end()),
  };
}

const usedUp = 'This address has been used already. Cuedesk prints a new one wherever it was started.';
const noToken = 'Open the whole address that Cuedesk printed where it was started, with its token.';

function addressOf(request: IncomingMessage): URL | null {
  return URL.parse(request.url ?? '', 'http://page');
}

function portProblem(port: number, cause: NodeJS.ErrnoException): ProblemError {
  const text =
    cause.code === 'EADDRINUSE'
      ? `Port ${port} is used by another program.`
      : `Port ${port} cannot be opened (${cause.code}).`;
  const advice = 'Choose another one with --port, or leave it out for a free one.';
  return new ProblemError({ code: 'port-unavailable', fault: 'yours', retryable: false, text, advice }, { cause });
}
