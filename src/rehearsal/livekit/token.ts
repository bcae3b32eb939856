import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Key and secret of the one project that the stand-in serves. */
export interface ApiKey {
  readonly key: string;
  readonly secret: string;
}

const Grants = z.object({
  roomCreate: z.boolean().optional(),
  roomList: z.boolean().optional(),
  roomRecord: z.boolean().optional(),
  roomAdmin: z.boolean().optional(),
  roomJoin: z.boolean().optional(),
  room: z.string().optional(),
  destinationRoom: z.string().optional(),
});
const Header = z.object({ alg: z.string() });
const Claims = z.object({
  iss: z.string().default(''),
  sub: z.string().optional(),
  exp: z.number().optional(),
  nbf: z.number().optional(),
  video: Grants.optional(),
});
export type Grants = z.infer<typeof Grants>;
export type Claims = z.infer<typeof Claims>;

/** Measured: a token is taken up to 60 s after `exp` and before `nbf`. */
const leewayS = 60;

/**
 * The claims of a request; null where it carries no token (the handler then refuses by lack of grants), or the text of
 * the 401 that livekit-server answers. That text repeats the token, as the real one does.
 */
export function readToken(
  authorization: string | undefined,
  queryToken: string | null,
  apiKey: ApiKey,
  nowMs: number,
): { readonly claims: Claims | null } | { readonly refusal: string } {
  const bearer = 'Bearer ';
  if (authorization && !authorization.startsWith(bearer)) {
    return { refusal: 'invalid authorization header. Must start with Bearer ' };
  }
  const token = authorization ? authorization.slice(bearer.length) : (queryToken ?? '');
  if (token === '') return authorization ? { refusal: 'invalid authorization token' } : { claims: null };
  const parts = token.split('.');
  const header = Header.safeParse(decodePart(parts[0]));
  const claims = Claims.safeParse(decodePart(parts[1]));
  if (parts.length !== 3 || !header.success || !claims.success) return { refusal: 'invalid authorization token' };
  if (claims.data.iss !== apiKey.key) return { refusal: `invalid API key: ${claims.data.iss}` };
  const refuse = (cause: string): { readonly refusal: string } => ({
    refusal: `invalid token: ${token}, error: ${cause}`,
  });
  if (header.data.alg !== 'HS256') {
    return refuse(`token signature is invalid: signing method ${header.data.alg} is invalid`);
  }
  if (!isSignedBy(apiKey.secret, parts)) return refuse('token signature is invalid: signature is invalid');
  const nowS = nowMs / 1000;
  if (claims.data.exp !== undefined && nowS >= claims.data.exp + leewayS) {
    return refuse('token has invalid claims: token is expired');
  }
  if (claims.data.nbf !== undefined && nowS + leewayS < claims.data.nbf) {
    return refuse('token has invalid claims: token is not valid yet');
  }
  return { claims: claims.data };
}

/** A token of our own: for calls to the server behind, and for signing webhooks. */
export function signToken(apiKey: ApiKey, claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: apiKey.key, ...claims })}`;
  return `${head}.${hmac(apiKey.secret, head).toString('base64url')}`;
}

function isSignedBy(secret: string, parts: readonly string[]): boolean {
  const given = Buffer.from(parts[2] ?? '', 'base64url');
  const wanted = hmac(secret, `${parts[0]}.${parts[1]}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function hmac(secret: string, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

function decodePart(part: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined; // not JSON: the caller answers with LiveKit's own sentence for garbage
  }
}
