import { z } from 'zod';
import { CaptionOptions } from './captions.ts';
import { JobMode } from './job.ts';
import { JobRequest } from './job-request.ts';
import { Track } from './room.ts';
import { noTiming, Timing } from './timing.ts';

/** Whose track a show means, and which of theirs: a SID is new with every join. */
const TrackOwner = z.object({
  identity: z.string().max(256),
  source: Track.shape.source,
  kind: Track.shape.kind,
  /** For the eyes, where the track is not there. */
  person: z.string().max(256),
});
export type TrackOwner = z.infer<typeof TrackOwner>;

export const ShowJob = z.object({
  title: z.string().trim().min(1).max(120),
  mode: JobMode,
  request: JobRequest,
  /** By the SID in the request. */
  trackOwners: z.record(z.string().max(64), TrackOwner),
  /** When it begins and ends by itself; what an older Cuedesk wrote has none. */
  timing: Timing.default(noTiming),
});
export type ShowJob = z.infer<typeof ShowJob>;

/** An entry of a book of this computer, as a show speaks of it elsewhere: never with its secret. */
const NamedEntry = z.object({ name: z.string().max(120), kind: z.string().max(40), shown: z.string().max(2_048) });
export type NamedEntry = z.infer<typeof NamedEntry>;

/** A saved preset: several start forms that begin together, in whichever room is open. */
export const Show = z.object({
  id: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(80),
  jobs: z.array(ShowJob).max(20),
  /** Captions that begin with its jobs; null: none. */
  captions: CaptionOptions.nullable().default(null),
  /** What the jobs name by id, so that another computer can say what must be entered there again. */
  addresses: z.record(z.string().max(64), NamedEntry),
  storages: z.record(z.string().max(64), NamedEntry),
});
export type Show = z.infer<typeof Show>;

/** A show as one file. Nothing secret is in it. */
export const ShowFile = z.object({ format: z.literal('cuedesk-show'), version: z.literal(1), show: Show });
export type ShowFile = z.infer<typeof ShowFile>;

/** Some 20 times what a full show needs: whatever is longer is none. */
export const maxShowFileChars = 512_000;
