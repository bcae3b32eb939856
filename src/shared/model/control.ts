import { z } from 'zod';
import { AutoEgress } from './auto-egress.ts';
import { UnixMs } from './common.ts';

/** Limits of livekit-server's default configuration, in bytes (measured). */
const controlLimits = { nameBytes: 256, metadataBytes: 524_288 };

export const RoomName = z.string().min(1).max(controlLimits.nameBytes);
export const Identity = z.string().min(1).max(controlLimits.nameBytes);
/** With slack: what is larger than the server takes is refused there, in the server's words. */
export const Metadata = z.string().max(controlLimits.metadataBytes * 2);

/** A room to be opened. Null leaves a value to the server. */
export const NewRoom = z.object({
  name: RoomName,
  /** How long it stays open while nobody has come; the server's own default is 300. */
  emptyTimeoutS: z.number().int().min(1).max(604_800).nullable(),
  /** How long it stays open after the last person has left; the server's own default is 20. */
  departureTimeoutS: z.number().int().min(1).max(604_800).nullable(),
  maxPeople: z.number().int().min(1).max(100_000).nullable(),
  metadata: Metadata,
  autoEgress: AutoEgress,
});
export type NewRoom = z.infer<typeof NewRoom>;

/** What became of *Create room*. */
export const CreatedRoom = z.object({
  name: z.string(),
  /** It was open already: the server returns it as it is, and nothing that was asked for was set. */
  wasOpen: z.boolean(),
  /**
   * The server says nothing of the egress that was asked for, so it was looked for: `missing` where the room has none,
   * `no-egress` where the server has none at all, `later` where it begins only with the first person, `unknown` where it
   * could not be looked for.
   */
  egress: z.enum(['not-asked', 'not-set', 'started', 'missing', 'no-egress', 'later', 'unknown']),
});
export type CreatedRoom = z.infer<typeof CreatedRoom>;

/** What the server keeps of a room beside its people. */
export const RoomFacts = z.object({
  name: z.string(),
  sid: z.string(),
  createdAtMs: UnixMs,
  metadata: z.string(),
  emptyTimeoutS: z.number(),
  departureTimeoutS: z.number(),
  /** 0: no limit. */
  maxPeople: z.number(),
});
export type RoomFacts = z.infer<typeof RoomFacts>;

/** What the server keeps of a person beside their tracks. */
export const PersonFacts = z.object({ identity: z.string(), name: z.string(), metadata: z.string() });
export type PersonFacts = z.infer<typeof PersonFacts>;
