import { z } from 'zod';
import { EgressResults } from '../../shared/model/egress-results.ts';
import { HandOverMark, TakesOver } from '../../shared/model/hand-over.ts';
import { AutoStop, JobFile, JobMode, Refusal } from '../../shared/model/job.ts';
import { JobRequest } from '../../shared/model/job-request.ts';
import { StreamState } from './streams/stream-state.ts';

const Ms = z.number();
const known = { egressId: z.string(), updatedAtNs: z.string() };

/** The part that LiveKit's egress does. Moves down this list, but for a start that is asked again; data exists in the states that have it. */
export const EgressSide = z.discriminatedUnion('at', [
  z.object({ at: z.literal('none') }),
  /** The Start call, the first one or one of `tries`, has not been answered. */
  z.object({ at: z.literal('requested'), tries: z.number().default(1) }),
  /** Refused for a cause that passes: asked again at this moment, or as soon as a session is free. The one way back up. */
  z.object({ at: z.literal('waiting'), tries: z.number(), againAtMs: Ms, isForSession: z.boolean() }),
  z.object({ at: z.literal('starting'), ...known }),
  z.object({ at: z.literal('active'), ...known, mediaStartedAtMs: Ms.nullable(), results: EgressResults }),
  z.object({ at: z.literal('ending'), ...known, mediaStartedAtMs: Ms.nullable(), results: EgressResults }),
  z.object({
    at: z.literal('ended'),
    ...known,
    outcome: z.enum(['complete', 'failed', 'aborted', 'limit-reached', 'lost']),
    mediaStartedAtMs: Ms.nullable(),
    endedAtMs: Ms,
    results: EgressResults,
    /** The server's own words, redacted; empty where all went well. */
    said: z.string(),
    /** What they mean, and what can be done; not kept by an older Cuedesk. */
    why: z.object({ meaning: z.string(), advice: z.string().optional() }).optional(),
    /** What ended it, where the server tells more than that it ended. */
    by: z.enum(['stop-call', 'full-worker']).nullable().default(null),
  }),
  /** `lateEgressId`: the server took it after it was called off, and it was stopped. */
  z.object({ at: z.literal('refused'), atMs: Ms, lateEgressId: z.string().optional() }),
]);
export type EgressSide = z.infer<typeof EgressSide>;

/** The part that this computer does. A job may take several: one until egress runs, one after egress died. */
export const DeskSide = z.discriminatedUnion('at', [
  z.object({ at: z.literal('none') }),
  /** `lacksSinceMs`: it was cut off then, and goes on as its next part. */
  z.object({ at: z.literal('opening'), take: z.number(), lacksSinceMs: Ms.optional() }),
  z.object({ at: z.literal('recording'), take: z.number(), startedAtMs: Ms }),
  z.object({
    at: z.literal('finishing'),
    take: z.number(),
    startedAtMs: Ms.nullable(),
    lacksSinceMs: Ms.optional(),
    why: z.enum(['released', 'stopped', 'failed']),
  }),
  z.object({
    at: z.literal('closed'),
    take: z.number(),
    startedAtMs: Ms.nullable(),
    endedAtMs: Ms,
    why: z.enum(['released', 'stopped', 'failed', 'killed']),
  }),
]);
export type DeskSide = z.infer<typeof DeskSide>;

/** When nothing was recorded here that should have been, and why. */
export const DeskHole = z.object({ fromMs: Ms, toMs: Ms, cause: z.string() });
export type DeskHole = z.infer<typeof DeskHole>;

/** All that is known of a job: what the journal keeps and the machine changes. */
export const JobState = z.object({
  id: z.string(),
  serverId: z.string(),
  roomName: z.string(),
  title: z.string(),
  request: JobRequest,
  mode: JobMode,
  startedBy: z.enum(['here', 'elsewhere']),
  requestedAtMs: Ms,
  stopAskedAtMs: Ms.nullable(),
  phase: z.enum(['armed', 'waiting', 'starting', 'recording', 'stopping', 'done', 'failed']),
  phaseAtMs: Ms,
  endedAtMs: Ms.nullable(),
  egress: EgressSide,
  desk: DeskSide,
  refusal: Refusal.nullable(),
  /** Why the desk could not record, where it could not. */
  deskProblem: z.string().nullable(),
  deskFiles: z.array(JobFile),
  deskPeopleCount: z.number(),
  /** What its recording here lacks of the whole room; that of an older Cuedesk knows none. */
  deskHoles: z.array(DeskHole).default([]),
  /** The last of them still grows: nothing is taken now. */
  deskTakesNothing: z.boolean().default(false),
  /** The layout that was passed on last while it ran; null: the one that it began with. */
  layoutSent: z.string().nullable().default(null),
  /** Its destinations; the journal of an older Cuedesk knows none. */
  streams: z.array(StreamState).default([]),
  /** When a scheduled job is to begin; null where it began at the press. */
  startAtMs: Ms.nullable().default(null),
  /** Its time went by while the console was closed. */
  isMissed: z.boolean().default(false),
  autoStop: AutoStop.nullable().default(null),
  /** Egress alone will do, and nobody else asks again: a refusal that passes is waited for. */
  asksAgain: z.boolean().default(false),
  handOver: HandOverMark.nullable().default(null),
  takesOver: TakesOver.nullable().default(null),
});
export type JobState = z.infer<typeof JobState>;

/** A job as the journal keeps it; null where it cannot be read. */
export function readJobState(text: string): JobState | null {
  try {
    return JobState.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // no JSON: whoever asked says which row it was
  }
}

export const egressIsOver = (side: EgressSide): boolean =>
  side.at === 'none' || side.at === 'ended' || side.at === 'refused';
export const deskIsOver = (side: DeskSide): boolean => side.at === 'none' || side.at === 'closed';

/** When the first of its recordings here began; null: none has. */
export function deskBeganAtMs({ desk, deskFiles }: Pick<JobState, 'desk' | 'deskFiles'>): number | null {
  const now = 'startedAtMs' in desk ? desk.startedAtMs : null;
  const all = [now, ...deskFiles.map((file) => file.startedAtMs)].filter((startedAtMs) => startedAtMs !== null);
  return all.length > 0 ? Math.min(...all) : null;
}
