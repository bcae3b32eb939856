import { z } from 'zod';

/** The JSON messages of docs/room-child.md, parsed once where they arrive. */

const LinkId = z.number().int().positive();
const Sid = z.string().max(128);
const Identity = z.string().max(1024);
const Name = z.string().max(4096);
const Text = z.string().max(2000);

export const WireTrack = z.object({
  sid: Sid,
  kind: z.enum(['audio', 'video', 'data']),
  source: z.enum(['camera', 'microphone', 'screen-share', 'screen-share-audio', 'unknown']),
  name: Name,
  muted: z.boolean(),
  encrypted: z.boolean(),
});
export type WireTrack = z.infer<typeof WireTrack>;

export const WirePerson = z.object({
  sid: Sid,
  identity: Identity,
  name: Name,
  kind: z.enum(['standard', 'ingress', 'sip', 'agent', 'other']),
  joinedAtMs: z.number().int().nonnegative(),
  tracks: z.array(WireTrack).max(200),
});
export type WirePerson = z.infer<typeof WirePerson>;

/** First message of the child. */
export const Hello = z.object({
  ev: z.literal('hello'),
  token: z.string().max(256),
  program: z.enum(['rtc-child', 'scene-child']),
});
export type Hello = z.infer<typeof Hello>;

/** What the child tells of one link. */
export const ChildMessage = z.discriminatedUnion('ev', [
  z.object({ ev: z.literal('joined'), link: LinkId, sid: Sid, people: z.array(WirePerson).max(5000) }),
  z.object({ ev: z.literal('personJoined'), link: LinkId, person: WirePerson }),
  z.object({ ev: z.literal('personLeft'), link: LinkId, identity: Identity }),
  z.object({ ev: z.literal('trackPublished'), link: LinkId, identity: Identity, track: WireTrack }),
  z.object({ ev: z.literal('trackUnpublished'), link: LinkId, identity: Identity, sid: Sid }),
  z.object({ ev: z.literal('trackMuted'), link: LinkId, identity: Identity, sid: Sid, muted: z.boolean() }),
  z.object({ ev: z.literal('nameChanged'), link: LinkId, identity: Identity, name: Name }),
  z.object({ ev: z.literal('speakers'), link: LinkId, identities: z.array(Identity).max(5000) }),
  z.object({
    ev: z.literal('streamOpened'),
    link: LinkId,
    streamId: z.number().int().nonnegative().max(0xffff_ffff),
    identity: Identity,
    sid: Sid,
    atMs: z.number().nonnegative(),
  }),
  z.object({
    ev: z.literal('streamEnded'),
    link: LinkId,
    streamId: z.number().int().nonnegative(),
    reason: z.enum(['unpublished', 'left', 'disconnected']),
  }),
  z.object({ ev: z.literal('connection'), link: LinkId, state: z.enum(['reconnecting', 'connected']) }),
  z.object({ ev: z.literal('left'), link: LinkId, reason: z.string().max(100), retryable: z.boolean() }),
  z.object({
    ev: z.literal('joinFailed'),
    link: LinkId,
    code: z.string().max(100),
    text: Text,
    retryable: z.boolean(),
  }),
]);
export type ChildMessage = z.infer<typeof ChildMessage>;

/** What the core asks of the child. */
export const CoreMessage = z.discriminatedUnion('op', [
  z.object({ op: z.literal('join'), link: LinkId, url: z.string().max(2000), token: z.string().max(20_000) }),
  z.object({ op: z.literal('leave'), link: LinkId }),
  z.object({ op: z.literal('stop') }),
]);
export type CoreMessage = z.infer<typeof CoreMessage>;
