import { createHmac } from 'node:crypto';

/** A server that speaks LiveKit's API, real or stand-in. */
export interface ApiSide {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

export const everyGrant = (room: string) => ({
  roomCreate: true,
  roomList: true,
  roomRecord: true,
  roomAdmin: true,
  room,
});

/** A signed token, with any claim and header replaced; `undefined` takes a claim out. */
export function tokenFor(
  side: ApiSide,
  video: Readonly<Record<string, unknown>>,
  claims: Readonly<Record<string, unknown>> = {},
  odd: { readonly secret?: string; readonly alg?: string } = {},
): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const nowS = Math.floor(Date.now() / 1000);
  const payload = { iss: side.apiKey, exp: nowS + 600, nbf: nowS, video, ...claims };
  const head = `${part({ alg: odd.alg ?? 'HS256', typ: 'JWT' })}.${part(payload)}`;
  const signature = createHmac('sha256', odd.secret ?? side.apiSecret)
    .update(head)
    .digest('base64url');
  return `${head}.${signature}`;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** Parsed where it is JSON, else the text; the caller's token is masked. */
  readonly body: unknown;
  readonly tookMs: number;
}

export async function send(
  side: ApiSide,
  path: string,
  options: {
    readonly method?: string;
    readonly token?: string | null;
    readonly authorization?: string;
    readonly contentType?: string;
    readonly body?: unknown;
  } = {},
): Promise<Answer> {
  const { method = 'POST', contentType = 'application/json', body = {} } = options;
  const token = options.token === undefined ? tokenFor(side, everyGrant('r1')) : options.token;
  const authorization = options.authorization ?? (token === null ? null : `Bearer ${token}`);
  const startedMs = performance.now();
  const answer = await fetch(side.url + path, {
    method,
    headers: { 'content-type': contentType, ...(authorization === null ? {} : { authorization }) },
    ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const received = await answer.text();
  const text = token ? received.replaceAll(token, '<JWT>') : received;
  const type = answer.headers.get('content-type') ?? '';
  return {
    status: answer.status,
    contentType: type,
    body: type === 'application/json' ? (JSON.parse(text) as unknown) : text,
    tookMs: performance.now() - startedMs,
  };
}

/** A call of the room service or of egress, as JSON. */
export function callTwirp(side: ApiSide, method: string, body: unknown, room = 'r1'): Promise<Answer> {
  return send(side, `/twirp/livekit.${method}`, { token: tokenFor(side, everyGrant(room)), body });
}
