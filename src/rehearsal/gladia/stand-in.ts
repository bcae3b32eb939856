import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { serveConnection } from './connection.ts';
import { ArmedFaults, type GladiaFaults, faultsOf } from './faults.ts';
import { InitRequest } from './init.ts';
import { GladiaSession } from './session.ts';

export interface GladiaStandInOptions {
  /** The words by their numbers in the tones: all that the transcriber knows beforehand. */
  readonly lexicon: readonly string[];
  readonly key: string;
  /** 0: a free one. */
  readonly port?: number;
  /** Sessions that may be open at once; a paid plan has 30. */
  readonly concurrency?: number;
  readonly idleLimitMs?: number;
  readonly maxSessionS?: number;
  readonly afterStopMs?: number;
}

export interface GladiaStandIn {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly faults: GladiaFaults;
  sessions(): readonly GladiaSession[];
  close(): Promise<void>;
}

const maxBodyBytes = 256 * 1024;
/** The real server's limit of a frame. */
const maxFrameBytes = 1024 * 1024;
const keptSessions = 2_000;

/** A transcription server on a loopback port that speaks Gladia's `v2/live` and understands the tones of a scene. */
export async function openGladiaStandIn(options: GladiaStandInOptions): Promise<GladiaStandIn> {
  const { concurrency = 30, idleLimitMs = 30_000, maxSessionS = 3 * 3600, afterStopMs = 200 } = options;
  const sessions = new Map<string, GladiaSession>();
  const abandoned = new Map<string, NodeJS.Timeout>();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: maxFrameBytes });
  const armed = new ArmedFaults();
  const open = new Set<Duplex>();
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy()); // the client went away in the middle of its request
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });

  /** A session that nobody is connected to ends by itself, and until then takes a place. */
  function abandon(session: GladiaSession): void {
    clearTimeout(abandoned.get(session.id));
    abandoned.set(
      session.id,
      setTimeout(() => {
        abandoned.delete(session.id);
        session.finish();
      }, idleLimitMs),
    );
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const { method = 'GET' } = request;
    const body = await bodyOf(request);
    const refuse = (statusCode: number, message: string, more: object = {}, headers: object = {}): void =>
      send(
        response,
        statusCode,
        {
          timestamp: new Date().toISOString(),
          path: url.pathname,
          request_id: `G-${randomBytes(4).toString('hex')}`,
          statusCode,
          message,
          ...more,
        },
        headers,
      );
    const id = /^\/v2\/live\/([\w-]+)$/.exec(url.pathname)?.[1];
    const isInit = url.pathname === '/v2/live' && method === 'POST';
    if (!isInit && !(id && (method === 'GET' || method === 'DELETE')))
      return refuse(404, `Cannot ${method} ${url.pathname}`);
    const key = request.headers['x-gladia-key'];
    if (typeof key !== 'string' || key === '') return refuse(401, 'no gladia key provided');
    if (!isSame(key, options.key)) return refuse(401, 'gladia user not found');
    if (isInit) return init(body, response, refuse);
    const session = sessions.get(id ?? '');
    if (!session) return refuse(404, 'Live transcription not found');
    if (method === 'GET') return send(response, 200, session.report());
    if (session.status !== 'done') return refuse(403, 'The live transcription is not in a deletable state');
    sessions.delete(session.id);
    response.writeHead(202).end();
  }

  function init(
    body: Buffer | null,
    response: ServerResponse,
    refuse: (status: number, message: string, more?: object, headers?: object) => void,
  ): void {
    const fault = armed.take('post');
    if (fault === 'hang') return; // never answered; the socket is destroyed with the server
    if (fault) {
      const { status, message = 'armed by a drill', retryAfterS, location } = fault;
      const wait = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
      return refuse(status, message, {}, { ...wait, ...(location === undefined ? {} : { location }) });
    }
    if (!body) return refuse(413, 'request entity too large');
    const json = body.length === 0 ? {} : parsedJson(body.toString('utf8'));
    const parsed = InitRequest.safeParse(json);
    if (!parsed.success) {
      const errors = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
      return refuse(400, 'Invalid parameter(s)', { validation_errors: errors });
    }
    if (parsed.data.encoding !== 'wav/pcm')
      return refuse(422, `The rehearsal's transcriber understands wav/pcm and not ${parsed.data.encoding}.`);
    const running = [...sessions.values()].filter((session) => session.status !== 'done').length;
    if (running >= concurrency) return refuse(429, 'Maximum number of concurrent sessions reached');
    const session = new GladiaSession(parsed.data, options.lexicon, new Date());
    sessions.set(session.id, session);
    if (sessions.size > keptSessions) forgetOldest(sessions);
    abandon(session);
    const socketUrl = (armed.take('socketUrl') ?? `${url.replace('http', 'ws')}/v2/live?token={token}`).replace(
      '{token}',
      session.token,
    );
    send(response, 201, { id: session.id, created_at: session.createdAt.toISOString(), url: socketUrl });
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const fault = armed.take('upgrade');
    if (fault === 'hang') return;
    const target = new URL(request.url ?? '/', 'http://127.0.0.1');
    const token = target.searchParams.get('token') ?? '';
    const session = [...sessions.values()].find((one) => one.token === token);
    const status = fault ?? (target.pathname !== '/v2/live' ? 404 : session ? null : 401);
    if (status !== null || !session) {
      socket.end(`HTTP/1.1 ${status ?? 401} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      clearTimeout(abandoned.get(session.id));
      abandoned.delete(session.id);
      accepted.once('close', () => {
        if (session.status !== 'done' && !isClosing) abandon(session);
      });
      serveConnection(accepted, { session, armed, idleLimitMs, maxSessionS, afterStopMs });
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listening on TCP
  let isClosing = false;
  let closed: Promise<void> | null = null;
  return {
    url,
    faults: faultsOf(armed, () => sockets.clients),
    sessions: () => [...sessions.values()],
    close: () =>
      (closed ??= new Promise((resolve) => {
        isClosing = true;
        for (const timer of abandoned.values()) clearTimeout(timer);
        for (const socket of sockets.clients) socket.terminate();
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      })),
  };
}

function forgetOldest(sessions: Map<string, GladiaSession>): void {
  for (const [id, session] of sessions) {
    if (session.status !== 'done') continue;
    sessions.delete(id);
    return;
  }
}

/** The whole body; null where it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, json: unknown, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(json));
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // refused by the schema
  }
}
