import { z } from 'zod';

const Ms = z.number();

/** One RTMP, SRT or WebSocket address of a job, as the server tells of it. */
const StreamResult = z.object({
  /** Without its secret, in the form of `redactAddress`: what an entry of the address book is matched by. */
  url: z.string(),
  status: z.enum(['active', 'finished', 'failed']),
  /** Null until it is connected. */
  startedAtMs: Ms.nullable(),
  endedAtMs: Ms.nullable(),
  error: z.string(),
  /** Stands still at 1 while egress tries again; final once it has failed or come back and ended (measured). */
  retries: z.number(),
  lastRetryAtMs: Ms.nullable(),
});

/** What an egress has made so far; sizes and durations below zero, which failed items carry, are shown as 0. */
export const EgressResults = z.object({
  files: z.array(
    z.object({
      name: z.string(),
      /** Empty until the upload is complete. */
      location: z.string(),
      bytes: z.number(),
      durationMs: Ms,
    }),
  ),
  segments: z.array(
    z.object({
      playlistName: z.string(),
      playlistLocation: z.string(),
      livePlaylistLocation: z.string(),
      bytes: z.number(),
      durationMs: Ms,
      segmentCount: z.number(),
    }),
  ),
  images: z.array(z.object({ filenamePrefix: z.string(), imageCount: z.number() })),
  streams: z.array(StreamResult),
  /** Empty where none was written. */
  manifestLocation: z.string(),
  /** The first storage did not take it, and the server's second one did. */
  isInBackupStorage: z.boolean(),
});
export type EgressResults = z.infer<typeof EgressResults>;

export const noResults: EgressResults = {
  files: [],
  segments: [],
  images: [],
  streams: [],
  manifestLocation: '',
  isInBackupStorage: false,
};
