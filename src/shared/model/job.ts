import { z } from 'zod';
import { Problem, UnixMs } from './common.ts';
import { EgressResults } from './egress-results.ts';
import { HandOverMark, TakesOver } from './hand-over.ts';
import { JobDestination } from './job-destination.ts';
import { ComparedWay } from './job-plan.ts';
import { JobRequest } from './job-request.ts';

/** `best`: egress, with this desk recording the sound until egress is proven to run, and on if it never does. */
export const JobMode = z.enum(['best', 'egress-only', 'desk-only']);
export type JobMode = z.infer<typeof JobMode>;
const Engine = z.enum(['egress', 'desk']);

/** The three parts of every refusal: what was refused, the server's own words, what was done or can be done. */
export const Refusal = z.object({
  atMs: UnixMs,
  refused: z.string(),
  said: z.string(),
  meaning: z.string(),
  cuedeskDid: z.string().nullable(),
  youCan: z.array(z.string()),
  /** When the same may be asked for again, in a sentence; empty in what an older Cuedesk wrote. */
  again: z.string().default(''),
  /** What may lie behind a refusal that does not say why. */
  causes: z.array(z.string()).default([]),
  problem: Problem,
});
export type Refusal = z.infer<typeof Refusal>;

/** A file that exists or will. `bytes` and `durationMs` grow while it is written and are final once `isComplete`. */
export const JobFile = z.object({
  id: z.string(),
  engine: Engine,
  /**
   * `program` is what was asked for in one file; `person` one person of it. `segments` stand for their playlist, `images` for
   * all of one set, `manifest` lists what egress wrote.
   */
  content: z.enum(['program', 'person', 'segments', 'live-playlist', 'images', 'manifest']),
  identity: z.string().nullable(),
  name: z.string(),
  /** Where it lies, for the eyes: a path here, or the server's location. */
  location: z.string(),
  /** True where this computer can play it. */
  isLocal: z.boolean(),
  bytes: z.number().nullable(),
  durationMs: z.number().nullable(),
  /** When its first sample was taken. */
  startedAtMs: UnixMs.nullable(),
  isComplete: z.boolean(),
  /** How many segments or images it stands for. */
  count: z.number().int().optional(),
  /** The first storage did not take it, and the second one of the server did. */
  isInBackup: z.boolean().optional(),
});
export type JobFile = z.infer<typeof JobFile>;

/** What ends a job by itself, whichever comes first; null: not by this. */
export const AutoStop = z.object({
  /** After so long, counted from where its media began. */
  afterMs: z
    .number()
    .int()
    .min(1_000)
    .max(7 * 86_400_000)
    .nullable(),
  atMs: UnixMs.nullable(),
  /** When nobody has been in the room for so long. */
  emptyForMs: z.number().int().min(1_000).max(86_400_000).nullable(),
  /** When the room has been silent for so long; only where its levels are known. */
  silentForMs: z.number().int().min(1_000).max(86_400_000).nullable(),
});
export type AutoStop = z.infer<typeof AutoStop>;

const JobPhase = z.enum(['armed', 'waiting', 'starting', 'recording', 'stopping', 'done', 'failed']);

/** The part of a job that LiveKit's egress does. */
export const EgressPart = z.object({
  egressId: z.string().nullable(),
  status: z.enum([
    'requested',
    'waiting',
    'starting',
    'active',
    'ending',
    'complete',
    'failed',
    'aborted',
    'limit-reached',
    'refused',
  ]),
  /** When media began at the server (`*_results[].started_at`); null before. */
  startedAtMs: UnixMs.nullable(),
  endedAtMs: UnixMs.nullable(),
  /** Its worker ended it in order, before its time. */
  isCutShort: z.boolean().optional(),
  /** The state in a sentence, with the server's words where it gave any. */
  text: z.string(),
  /** Why it did not end well: the server's own words, what they mean, what can be done. */
  ending: z.object({ said: z.string(), meaning: z.string(), advice: z.string().optional() }).optional(),
  /** What it has made so far. */
  results: EgressResults,
});
export type EgressPart = z.infer<typeof EgressPart>;

/** The part of a job that this computer does. */
export const DeskPart = z.object({
  status: z.enum(['joining', 'recording', 'finishing', 'kept', 'released', 'failed']),
  startedAtMs: UnixMs.nullable(),
  endedAtMs: UnixMs.nullable(),
  peopleCount: z.number().int(),
  /** When the whole room was not recorded here though it should have been; in order. */
  holes: z.array(z.object({ fromMs: UnixMs, toMs: UnixMs })),
  /** The disk takes nothing at this moment. */
  takesNothing: z.boolean().optional(),
  text: z.string(),
});
export type DeskPart = z.infer<typeof DeskPart>;

/** A step that a producer can take, beside stop. `forget`: give up an egress of which nothing runs any more. */
const JobStep = z.enum(['retry', 'record-here', 'stop', 'forget']);

/** Something that does not go as it should while a job runs. */
export const JobWarning = z.object({
  code: z.string(),
  sinceMs: UnixMs,
  /** What, and why. */
  text: z.string(),
  advice: z.string(),
  steps: z.array(JobStep),
});
export type JobWarning = z.infer<typeof JobWarning>;

export const Job = z.object({
  id: z.string(),
  serverId: z.string(),
  roomName: z.string(),
  title: z.string(),
  request: JobRequest,
  mode: JobMode,
  /** Who holds it now, and so which tally it wears. */
  engine: Engine,
  phase: JobPhase,
  /** When the phase began: the seconds in "Starting 3 s". */
  phaseAtMs: UnixMs,
  requestedAtMs: UnixMs,
  /** When its media began: what the timer counts from. */
  startedAtMs: UnixMs.nullable(),
  endedAtMs: UnixMs.nullable(),
  /** The state in one sentence. */
  text: z.string(),
  egress: EgressPart.nullable(),
  desk: DeskPart.nullable(),
  refusal: Refusal.nullable(),
  files: z.array(JobFile),
  /** `elsewhere`: found at the server, started by somebody else. */
  startedBy: z.enum(['here', 'elsewhere']),
  /** The layout that was passed on last while it ran; null: the one that it began with. */
  layoutSent: z.string().nullable(),
  /** Where its stream goes; none where it has no stream. */
  destinations: z.array(JobDestination),
  /** When a scheduled job begins, or began; null where it was started by a press. */
  startAtMs: UnixMs.nullable(),
  autoStop: AutoStop.nullable(),
  /** When its stop was asked, by whomever; null where it was not. */
  stopAskedAtMs: UnixMs.nullable(),
  /** Its hand-over to the next part, where its server limits how long it may run. */
  handOver: HandOverMark.nullable(),
  /** The job that it takes over. */
  takesOver: TakesOver.nullable(),
  /** What does not go as it should, and what can be done about it. */
  warnings: z.array(JobWarning),
  /** It was refused for a cause that passes: when it is asked for again at the latest, and how often it has been; else null. */
  again: z
    .object({
      atMs: UnixMs,
      tries: z.number().int(),
      maxTries: z.number().int(),
      /** Also as soon as a session is free. */
      isForSession: z.boolean(),
    })
    .nullable(),
  /** Since when the server could not be asked about it; null where it can. */
  unknownSinceMs: UnixMs.nullable(),
});
export type Job = z.infer<typeof Job>;

/** Also where it waits for its time, or to be asked again: it is not over. */
export const isRunning = ({ phase }: Pick<Job, 'phase'>): boolean => phase !== 'done' && phase !== 'failed';

/** What will happen on Start, before one presses it. */
export const JobPlan = z.object({
  /** `egress`: as asked. `desk`: starts here, sound only. `none`: cannot start. */
  verdict: z.enum(['egress', 'desk', 'none']),
  headline: z.string(),
  /** Lines of the verdict: what, where, how, starts, lasts. */
  facts: z.array(z.object({ label: z.string(), value: z.string(), source: z.string() })),
  warnings: z.array(z.string()),
  /** The refusal that is expected, where one is. */
  expectedRefusal: z.string().nullable(),
  /** What was asked for and will not be had. */
  loses: z.array(z.string()),
  /** One other way, in words; null where there is none worth naming. */
  alternative: z.string().nullable(),
  /** Every way to record this room, side by side; empty where there is no room. */
  comparison: z.array(ComparedWay),
});
export type JobPlan = z.infer<typeof JobPlan>;
