import { createHmac } from 'node:crypto';

/** Key and secret of one server. Never leaves the core. */
export interface ApiCredentials {
  readonly apiKey: string;
  readonly apiSecret: string;
}
/** What a token allows; names as LiveKit spells them. */
export interface Grants {
  readonly roomCreate?: true;
  readonly roomList?: true;
  readonly roomRecord?: true;
  readonly roomAdmin?: true;
  readonly roomJoin?: true;
  readonly room?: string;
  readonly hidden?: true;
  readonly agent?: true;
  readonly canSubscribe?: boolean;
  readonly canPublish?: boolean;
  readonly canPublishData?: boolean;
}
export interface TokenRequest {
  readonly grants: Grants;
  readonly ttlS: number;
  readonly identity?: string;
  readonly name?: string;
}

/** A signed token (HS256). `nbf` is now: a server takes up to 60 s of difference between the clocks. */
export function signToken(credentials: ApiCredentials, request: TokenRequest, nowMs: number): string {
  const nowS = Math.floor(nowMs / 1000);
  const claims = {
    iss: credentials.apiKey,
    nbf: nowS,
    exp: nowS + request.ttlS,
    ...(request.identity === undefined ? {} : { sub: request.identity }),
    ...(request.name === undefined ? {} : { name: request.name }),
    video: request.grants,
  };
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', credentials.apiSecret).update(signed).digest('base64url')}`;
}

/**
 * The token of our own hidden listener. `hidden` with the grant `agent` is the one combination that is not counted, sets no
 * recording mark and does not keep the room open (measured).
 */
export function signListenerToken(
  credentials: ApiCredentials,
  listener: { readonly roomName: string; readonly identity: string; readonly ttlS?: number },
  nowMs: number,
): string {
  const grants: Grants = {
    roomJoin: true,
    room: listener.roomName,
    hidden: true,
    agent: true,
    canSubscribe: true,
    canPublish: false,
    canPublishData: true,
  };
  return signToken(credentials, { grants, identity: listener.identity, ttlS: listener.ttlS ?? 6 * 3600 }, nowMs);
}
