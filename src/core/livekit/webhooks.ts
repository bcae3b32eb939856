import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { parseEgressInfo, type EgressSnapshot } from './egress-info.ts';
import { parseJson } from './twirp.ts';
import type { ApiCredentials } from './tokens.ts';

/** What a webhook is worth: where to look now, and the state of a job to be merged by its `updatedAtNs`. */
export interface WebhookHint {
  readonly serverId: string;
  readonly roomName: string | null;
  readonly egress?: EgressSnapshot;
}
/** The answer to the sender. It is given before anything is done: a slow answer holds up the queue of the room at the server. */
export interface WebhookAnswer {
  readonly status: 200 | 400 | 401;
  /** For the log; never sent. */
  readonly reason: string;
}
export interface WebhookReceiverOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly credentialsOf: (serverId: string) => Promise<ApiCredentials>;
  /** Called after the answer was decided; must not wait. */
  readonly onHint: (hint: WebhookHint) => void;
}

/** A webhook of LiveKit is about 1 kB; one of an egress with many outputs some 10 kB. */
export const maxWebhookBytes = 256 * 1024;
/** As the SDK's own receiver. */
const toleranceS = 10;
/** The same id comes again within 15 s at most (five tries, measured); a busy server sends some hundred events in that time. */
const keptIds = 4_096;

const Claims = z.object({
  iss: z.string(),
  exp: z.number(),
  nbf: z.number().optional(),
  sha256: z.string(),
});
const Event = z.object({
  event: z.string().max(64),
  id: z.string().max(128).optional(),
  room: z.object({ name: z.string().max(1024).optional() }).optional(),
  egressInfo: z.unknown().optional(),
});

/**
 * Receives what servers send to the console. A delivery counts only as a reason to look now, so that one that comes twice, late
 * or out of order does no harm; what is not signed by the server's own key is refused.
 */
export class WebhookReceiver {
  readonly #options: WebhookReceiverOptions;
  readonly #ids = new Set<string>();
  constructor(options: WebhookReceiverOptions) {
    this.#options = options;
  }

  /** `authorization` is the bare token, as LiveKit sends it. Never rejects. */
  async receive(serverId: string, body: Buffer, authorization: string | undefined): Promise<WebhookAnswer> {
    let credentials: ApiCredentials;
    try {
      credentials = await this.#options.credentialsOf(serverId);
    } catch {
      return this.#refuse(serverId, 401, 'no such server'); // why its secret cannot be had is no business of the sender
    }
    const fault = verify(credentials, body, authorization, this.#options.clock.nowMs());
    if (fault) return this.#refuse(serverId, 401, fault);
    const event = Event.safeParse(parseJson(body.toString('utf8')));
    if (!event.success) return this.#refuse(serverId, 400, 'not an event');
    const { id, room, egressInfo } = event.data;
    if (id !== undefined && !this.#isNew(`${serverId} ${id}`)) return { status: 200, reason: 'known already' };
    const egress = parseEgressInfo(egressInfo);
    const roomName = room?.name ?? egress?.roomName ?? null;
    this.#options.onHint({ serverId, roomName: roomName || null, ...(egress ? { egress } : {}) });
    return { status: 200, reason: event.data.event };
  }

  #isNew(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > keptIds) this.#ids.delete(this.#ids.keys().next().value ?? '');
    return true;
  }
  #refuse(serverId: string, status: 400 | 401, reason: string): WebhookAnswer {
    this.#options.log.warn('A webhook was refused', { serverId, reason });
    return { status, reason };
  }
}

/** Null where the token is the server's, of now, and of this very body; else what is wrong. */
function verify(
  credentials: ApiCredentials,
  body: Buffer,
  authorization: string | undefined,
  nowMs: number,
): string | null {
  if (!authorization || authorization.length > 8_192) return 'no token';
  const [header, payload, signature, ...more] = authorization.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) return 'not a token';
  if (!z.object({ alg: z.literal('HS256') }).safeParse(decode(header)).success) return 'signed in another way';
  const expected = createHmac('sha256', credentials.apiSecret).update(`${header}.${payload}`).digest();
  if (!isSame(expected, Buffer.from(signature, 'base64url'))) return 'signed with another secret';
  const claims = Claims.safeParse(decode(payload));
  if (!claims.success) return 'a token of another kind';
  const nowS = nowMs / 1000;
  if (claims.data.iss !== credentials.apiKey) return 'of another key';
  if (claims.data.exp + toleranceS < nowS || (claims.data.nbf ?? 0) - toleranceS > nowS) return 'not of now';
  if (!isSame(createHash('sha256').update(body).digest(), Buffer.from(claims.data.sha256, 'base64')))
    return 'the body is another';
  return null;
}

const decode = (part: string): unknown => parseJson(Buffer.from(part, 'base64url').toString('utf8'));
const isSame = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
