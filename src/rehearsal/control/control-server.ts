import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

/** One request of the control API: its parsed inputs in, JSON out. Throws a ControlRefusal for what cannot be done. */
export interface ControlHandlers {
  state(): unknown;
  drill(id: string): Promise<{ readonly text: string }>;
  webhook(url: string): void;
  spoken(room: string, fromMs: number, toMs: number): unknown;
  decode(path: string): Promise<unknown>;
  compare(input: z.infer<typeof CompareBody>): unknown;
}

/** A request that is refused with a sentence. */
export class ControlRefusal extends Error {
  override readonly name = 'ControlRefusal';
  readonly status: number;
  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

export interface ControlServer {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

const maxBodyBytes = 8 * 1024 * 1024;
const maxHeard = 100_000;

const WebhookBody = z.object({ url: z.string().max(2_000) });
const DecodeBody = z.object({ path: z.string().min(1).max(4_000) });
const CompareBody = z.object({
  room: z.string(),
  fromMs: z.number(),
  toMs: z.number(),
  words: z.array(z.object({ identity: z.string(), word: z.string(), atMs: z.number() })).max(maxHeard),
});
const SpokenQuery = z.object({ room: z.string(), fromMs: z.coerce.number(), toMs: z.coerce.number() });

/** The rehearsal's own API on a free port of 127.0.0.1, for those who hold its token. */
export async function openControlServer(handlers: ControlHandlers): Promise<ControlServer> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    answer(request).then(
      (json) => send(response, 200, json),
      (error: unknown) => {
        if (error instanceof ControlRefusal) return send(response, error.status, { error: error.message });
        if (error instanceof z.ZodError) return send(response, 400, { error: z.prettifyError(error) });
        send(response, 500, { error: 'The rehearsal met an error of its own.' });
      },
    );
  });

  const answer = async (request: IncomingMessage): Promise<unknown> => {
    if (!isAuthorized(request.headers.authorization, token))
      throw new ControlRefusal(401, 'The token is missing or wrong.');
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const route = `${request.method} ${url.pathname}`;
    if (route === 'GET /state') return handlers.state();
    if (route === 'GET /spoken') {
      const { room, fromMs, toMs } = SpokenQuery.parse(Object.fromEntries(url.searchParams));
      return handlers.spoken(room, fromMs, toMs);
    }
    const drill = /^POST \/drills\/([a-z0-9-]+)$/.exec(route)?.[1];
    if (drill) return handlers.drill(drill);
    if (route === 'POST /webhook') {
      handlers.webhook(WebhookBody.parse(await readJson(request)).url);
      return {};
    }
    if (route === 'POST /decode') return handlers.decode(DecodeBody.parse(await readJson(request)).path);
    if (route === 'POST /compare') return handlers.compare(CompareBody.parse(await readJson(request)));
    throw new ControlRefusal(404, `The rehearsal does not know ${route}.`);
  };

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // listening on TCP
  let closed: Promise<void> | null = null;
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    close: () =>
      (closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })),
  };
}

function isAuthorized(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) throw new ControlRefusal(413, 'The request is too large.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw new ControlRefusal(400, 'The request is not JSON.');
  }
}

function send(response: ServerResponse, status: number, json: unknown): void {
  const body = Buffer.from(JSON.stringify(json));
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  response.end(body);
}
