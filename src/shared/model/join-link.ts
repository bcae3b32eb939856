import { z } from 'zod';
import { UnixMs } from './common.ts';
import { Identity, RoomName } from './control.ts';

/** For whom a token is made: somebody who speaks, somebody who only watches, or an ear that nobody sees. */
export const JoinRole = z.enum(['guest', 'viewer', 'monitor']);
export type JoinRole = z.infer<typeof JoinRole>;

/** What a token of each role allows; the page says the same in words. */
export interface JoinRights {
  readonly canPublish: boolean;
  readonly canSubscribe: boolean;
  readonly canPublishData: boolean;
  /**
   * Nobody sees or hears that they are there, they are not counted, and the room does not stay open for them. It takes
   * `hidden` and `agent` together: `hidden` alone is counted and keeps the room open for ever (measured).
   */
  readonly isHidden: boolean;
}
export const joinRights: Readonly<Record<JoinRole, JoinRights>> = {
  guest: { canPublish: true, canSubscribe: true, canPublishData: true, isHidden: false },
  viewer: { canPublish: false, canSubscribe: true, canPublishData: false, isHidden: false },
  monitor: { canPublish: false, canSubscribe: true, canPublishData: false, isHidden: true },
};

export const JoinOrder = z.object({
  role: JoinRole,
  roomName: RoomName,
  identity: Identity,
  /** The name that others see; empty: the identity. */
  name: z.string().max(256),
  validForS: z
    .number()
    .int()
    .min(60)
    .max(30 * 86_400),
});
export type JoinOrder = z.infer<typeof JoinOrder>;

/** A token and the link that carries it: both are secrets. They are given once to who asked, and kept nowhere. */
export const JoinLink = z.object({
  serverUrl: z.string(),
  token: z.string(),
  /** LiveKit's own meeting page, with server and token in its address. */
  link: z.string(),
  expiresAtMs: UnixMs,
  /** False: the server speaks without TLS, and a page of https does not reach it, other than on this computer. */
  isReachableByPage: z.boolean(),
});
export type JoinLink = z.infer<typeof JoinLink>;
