import { z } from 'zod';
import { Problem, UnixMs } from './common.ts';

const TrackSource = z.enum(['camera', 'microphone', 'screen-share', 'screen-share-audio', 'unknown']);
export const Track = z.object({
  sid: z.string(),
  kind: z.enum(['audio', 'video', 'data']),
  source: TrackSource,
  name: z.string(),
  isMuted: z.boolean(),
  isEncrypted: z.boolean(),
  /** As published: `video/VP8`; left out where the server does not tell. */
  codec: z.string().optional(),
});
export type Track = z.infer<typeof Track>;

/** One person of a room. Egress recorders, hidden recorders and hidden agents (ours too) never become one. */
export const Person = z.object({
  sid: z.string(),
  identity: z.string(),
  /** Display name; the identity where none was set. */
  name: z.string(),
  kind: z.enum(['standard', 'ingress', 'sip', 'agent', 'other']),
  joinedAtMs: UnixMs,
  tracks: z.array(Track),
  /** True where every microphone of theirs is muted, or none is published. */
  isMuted: z.boolean(),
  isSpeaking: z.boolean(),
});
export type Person = z.infer<typeof Person>;

/** What holds a room or a person now: words of the tally. */
export const Tally = z.enum(['REC', 'LIVE', 'CAP', 'DESK']);
export type Tally = z.infer<typeof Tally>;

export const RoomSummary = z.object({
  name: z.string(),
  sid: z.string(),
  createdAtMs: UnixMs,
  peopleCount: z.number().int(),
  tally: z.array(Tally),
});
export type RoomSummary = z.infer<typeof RoomSummary>;

/** How well a server is seen. `stale` keeps the last rooms and says how old they are and when the next try is. */
export const Sight = z.object({
  state: z.enum(['connecting', 'current', 'stale']),
  /** When the shown data was true; null before the first answer. */
  asOfMs: UnixMs.nullable(),
  roundTripMs: z.number().nullable(),
  /** How it is known: polling alone, webhooks as hints, or the room's own events. */
  by: z.enum(['polling', 'webhooks', 'events']),
  problem: Problem.optional(),
  triesSoFar: z.number().int(),
  nextTryAtMs: UnixMs.nullable(),
});
export type Sight = z.infer<typeof Sight>;

export const RoomList = z.object({ serverId: z.string(), sight: Sight, rooms: z.array(RoomSummary) });
export type RoomList = z.infer<typeof RoomList>;

export const RoomDetail = z.object({
  serverId: z.string(),
  name: z.string(),
  sight: Sight,
  /** False once the room has gone; the people of the last look stay. */
  exists: z.boolean(),
  createdAtMs: UnixMs.nullable(),
  people: z.array(Person),
  /** By identity: which jobs and captions hold this person now. */
  tally: z.record(z.string(), z.array(Tally)),
});
export type RoomDetail = z.infer<typeof RoomDetail>;
