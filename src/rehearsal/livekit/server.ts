import { WrappedJoinRequest } from '@livekit/protocol';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Service } from './rpc.ts';
import { type ApiKey, type Claims, readToken } from './token.ts';
import { TwirpError } from './twirp-error.ts';
import { answerJson } from './wire-message.ts';

/** LiveKit's HTTP front on a free port of 127.0.0.1: the Twirp services, the health answer, the token check. */
export interface LivekitFront {
  readonly url: string;
  /** The server itself, for those who take over upgrades (the room child's stream, the signalling of a server behind). */
  readonly server: Server;
  close(): Promise<void>;
}

/** A real server takes 11 MB and more; this is enough for any request and bounds the memory. */
const maxBodyBytes = 16 * 1024 * 1024;

export async function openLivekitFront(options: {
  readonly apiKey: ApiKey;
  readonly services: Readonly<Record<string, Service>>;
  readonly now: () => number;
  /** Requests that another server answers; true where it took the request. */
  readonly passOn?: (request: IncomingMessage, response: ServerResponse) => boolean;
}): Promise<LivekitFront> {
  const server = createServer((request, response) => {
    if (options.passOn?.(request, response)) return;
    answer(request, response).catch((error: unknown) => {
      const refusal = error instanceof TwirpError ? error : new TwirpError('internal', 'internal error');
      sendJson(response, refusal.status, refusal.body);
    });
  });
  const sockets = new Set<Duplex>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const token = readToken(
      request.headers.authorization,
      url.searchParams.get('access_token'),
      options.apiKey,
      options.now(),
    );
    if ('refusal' in token) return sendText(response, 401, token.refusal);
    if (url.pathname === '/') return sendText(response, 200, 'OK');
    if (url.pathname === '/rtc/validate') return sendText(response, ...validateJoin(token.claims));
    if (url.pathname === '/rtc/v1/validate')
      return sendText(response, ...validateJoinRequest(token.claims, url.searchParams.get('join_request') ?? ''));
    const [, prefix, serviceName = '', method = '', ...rest] = url.pathname.split('/');
    const service = prefix === 'twirp' ? options.services[serviceName] : undefined;
    if (!service) return sendText(response, 404, '404 page not found\n');
    const badRoute = (text: string): TwirpError =>
      new TwirpError('bad_route', text, { twirp_invalid_route: `${request.method} ${url.pathname}` });
    if (request.method !== 'POST') throw badRoute(`unsupported method "${request.method}" (only POST is allowed)`);
    const rpc = rest.length === 0 && Object.hasOwn(service, method) ? service[method] : undefined;
    if (!rpc) throw badRoute(`no handler for path "${url.pathname}"`);
    const contentType = request.headers['content-type'] ?? '';
    const format = formats[contentType.split(';')[0]?.trim().toLowerCase() ?? ''];
    if (!format) throw badRoute(`unexpected Content-Type: "${contentType}"`);
    const body = await readBody(request);
    if (!body) return sendText(response, 413, 'request body too large');
    const message = await rpc(body, format, token.claims);
    if (format === 'json') return sendJson(response, 200, answerJson(message));
    send(response, 200, 'application/protobuf', Buffer.from(message.toBinary()));
  };

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // listening on TCP
  let closed: Promise<void> | null = null;
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    close: () =>
      (closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      })),
  };
}

/** Of a default configuration, in bytes; the same for rooms and people. */
const maxNameBytes = 256;
const isTooLong = (name: string): boolean => Buffer.byteLength(name) > maxNameBytes;
const noPermissions: [number, string] = [401, 'no permissions to access the room'];

/** The check of a join token without joining, in the words of livekit-server 1.13.5. */
function validateJoin(claims: Claims | null): [status: number, text: string] {
  if (!claims) return noPermissions;
  if (claims.video?.roomJoin !== true) return [401, 'permissions denied'];
  if (!claims.sub) return [400, 'identity cannot be empty'];
  const limit = `length exceeds limits: max length ${maxNameBytes}`;
  if (isTooLong(claims.sub)) return [400, `participant identity ${limit}`];
  if (!claims.video.room) return [400, 'no room name'];
  if (isTooLong(claims.video.room)) return [400, `room name ${limit}`];
  return [200, 'success'];
}

/** The same of the newer signalling, which carries a protobuf. */
function validateJoinRequest(claims: Claims | null, joinRequest: string): [status: number, text: string] {
  if (!claims) return noPermissions;
  if (joinRequest === '') return [400, 'join_request is required'];
  if (!/^(?:[\w-]{4})*(?:[\w-]{2}==|[\w-]{3}=)?$/.test(joinRequest))
    return [400, 'cannot base64 decode wrapped join request'];
  try {
    WrappedJoinRequest.fromBinary(Buffer.from(joinRequest, 'base64url'));
  } catch {
    return [400, 'cannot unmarshal wrapped join request'];
  }
  return validateJoin(claims);
}

const formats: Readonly<Record<string, 'json' | 'protobuf'>> = {
  'application/json': 'json',
  'application/protobuf': 'protobuf',
};

/** The whole body; null where it is too large. */
export async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function sendJson(response: ServerResponse, status: number, json: unknown): void {
  send(response, status, 'application/json', Buffer.from(JSON.stringify(json)));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, status, 'text/plain; charset=utf-8', Buffer.from(text));
}

function send(response: ServerResponse, status: number, contentType: string, body: Buffer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'Content-Type': contentType, Vary: 'Origin', 'Content-Length': body.length });
  response.end(body);
}

/** Answers a WebSocket that nobody here serves. */
export function refuseUpgrade(socket: Duplex): void {
  socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
