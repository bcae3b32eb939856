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
const RawClaims = z.object({
  iss: z.string().default(''),
  sub: z.string().optional(),
  exp: z.number().optional(),
  nbf: z.number().optional(),
  video: z.unknown().optional(),
});
export type Grants = z.infer<typeof Grants>;
export type Claims = Omit<z.infer<typeof RawClaims>, 'video'> & { readonly video?: Grants | undefined };

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
  const claims = RawClaims.safeParse(decodePart(parts[1]));
  if (parts.length !== 3 || !header.success || !claims.success) return { refusal: 'invalid authorization token' };
  if (claims.data.iss !== apiKey.key) return { refusal: `invalid API key: ${claims.data.iss}` };
  const refuse = (cause: string): { readonly refusal: string } => ({
    refusal: `invalid token: ${token}, error: ${cause}`,
  });
  const malformed = misread(claims.data.video);
  if (malformed !== null) return refuse(`token is malformed: could not JSON decode claim: json: ${malformed}`);
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
  return { claims: { ...claims.data, video: Grants.parse(withoutNulls(claims.data.video)) } };
}

/** What Go says of grants of another type; null where they can be read. To Go a null is what is not there. */
function misread(video: unknown): string | null {
  const words = (value: unknown, field: string, type: string): string =>
    `cannot unmarshal ${goKind(value)} into Go struct field ${field} of type ${type}`;
  if (typeof video !== 'object' || Array.isArray(video))
    return video === undefined ? null : words(video, 'tokenClaims.ClaimGrants.video', 'auth.VideoGrant');
  const grants = withoutNulls(video);
  const [issue] = Grants.safeParse(grants).error?.issues ?? [];
  const name = String(issue?.path[0]);
  const type = name === 'room' || name === 'destinationRoom' ? 'string' : 'bool';
  return issue ? words(grants[name], `VideoGrant.ClaimGrants.video.${name}`, type) : null;
}
const goKind = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
const withoutNulls = (value: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, inside]) => inside !== null));

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
