import { z } from 'zod';
import { Problem } from '../../shared/model/common.ts';
import { EgressResults } from '../../shared/model/egress-results.ts';
import { HandOverMark } from '../../shared/model/hand-over.ts';
import { JobFile } from '../../shared/model/job.ts';
import { DeskHole, JobState } from './job-state.ts';
import type { EgressSnapshot } from './ports.ts';
import type { StreamChange } from './streams/change-streams.ts';

/** What happened. `atMs` is this computer's wall clock. */
export type JobEvent =
  | { readonly type: 'begun'; readonly atMs: number }
  /** The hour of a scheduled job has come. */
  | { readonly type: 'due'; readonly atMs: number }
  /** The time of a job that waits for it has gone by while the console was closed. */
  | { readonly type: 'missed'; readonly atMs: number }
  | {
      readonly type: 'egressSeen';
      readonly atMs: number;
      readonly snapshot: EgressSnapshot;
      /** How it was learned: the answer to a call, a look at the list, a webhook. */
      readonly by?: 'answer' | 'look' | 'webhook' | undefined;
      /** The console was away, and this is the first that it hears of the job since. */
      readonly wasAway?: boolean | undefined;
    }
  | { readonly type: 'egressRefused'; readonly atMs: number; readonly problem: Problem }
  /** A start that was refused is asked for again: its time came, a session became free, or the producer asked. */
  | { readonly type: 'tryAgain'; readonly atMs: number; readonly because: 'time' | 'free' | 'asked' }
  /** The server took a start that had been called off and was over. */
  | { readonly type: 'takenLate'; readonly atMs: number; readonly egressId: string }
  /** The server lists its jobs and this one is not among them. */
  | { readonly type: 'egressGone'; readonly atMs: number; readonly wasAway?: boolean | undefined }
  /** The producer gives up an egress whose row the server keeps for ever. */
  | { readonly type: 'forgotten'; readonly atMs: number }
  /** Its server was removed from Cuedesk: nobody here can ask for it any more. */
  | { readonly type: 'serverRemoved'; readonly atMs: number }
  | { readonly type: 'deskBegan'; readonly atMs: number; readonly startedAtMs: number }
  | {
      readonly type: 'deskGrew';
      readonly atMs: number;
      readonly files: readonly JobFile[];
      readonly peopleCount: number;
      /** What it lacks so far of the whole room. */
      readonly holes?: readonly DeskHole[] | undefined;
    }
  | { readonly type: 'deskFailed'; readonly atMs: number; readonly problem: Problem }
  | {
      readonly type: 'deskClosed';
      readonly atMs: number;
      readonly files: readonly JobFile[];
      readonly holes?: readonly DeskHole[] | undefined;
    }
  /** The console was killed while the desk recorded: what was found of it at the next start. */
  | {
      readonly type: 'deskFound';
      readonly atMs: number;
      readonly endedAtMs: number;
      readonly files: readonly JobFile[];
    }
  /** Something does not go as it should, and the desk is to record beside it; `because` says what. */
  | { readonly type: 'takeOverAsked'; readonly atMs: number; readonly because: string }
  /** `because`: the rule that stops it; left out where the producer does. */
  | { readonly type: 'stopAsked'; readonly atMs: number; readonly because?: string | undefined }
  | { readonly type: 'layoutSent'; readonly atMs: number; readonly layout: string }
  /** One of its destinations: what the producer asked, what became of a call, or only the time. */
  | { readonly type: 'streams'; readonly atMs: number; readonly change: StreamChange }
  /** Its hand-over to the next part has gone on; `told` says how, in a sentence. Also of a job that is over by then. */
  | { readonly type: 'handedOver'; readonly atMs: number; readonly mark: HandOverMark; readonly told: string }
  /** The hand-over by which it took another job over is over. */
  | { readonly type: 'tookOver'; readonly atMs: number; readonly told: string }
  /** The console ends in order: what it records itself is finished; egress goes on at its server. */
  | { readonly type: 'consoleClosing'; readonly atMs: number };

const Ms = z.number();
const at = { atMs: Ms };
const files = z.array(JobFile);
const holes = z.array(DeskHole).optional();
const Snapshot = z.object({
  egressId: z.string(),
  roomName: z.string(),
  kind: z.enum(['room-composite', 'web', 'participant', 'track-composite', 'track', 'v2']),
  status: z.enum(['starting', 'active', 'ending', 'complete', 'failed', 'aborted', 'limit-reached']),
  startedAtMs: Ms.nullable(),
  mediaStartedAtMs: Ms.nullable(),
  endedAtMs: Ms.nullable(),
  updatedAtNs: z.coerce.bigint(),
  error: z.string(),
  errorCode: z.number(),
  details: z.string(),
  problem: Problem.optional(),
  results: EgressResults,
});

const ids = z.array(z.string());
const Change = z.discriminatedUnion('do', [
  z.object({ do: z.literal('add'), addressId: z.string(), url: z.string(), replaces: z.string().nullable() }),
  z.object({ do: z.literal('drop'), id: z.string() }),
  z.object({ do: z.literal('retryNow'), id: z.string() }),
  z.object({ do: z.literal('tick') }),
  z.object({ do: z.literal('looked') }),
  z.object({ do: z.literal('call'), addIds: ids, removeIds: ids }),
  z.object({
    do: z.literal('answer'),
    results: z.array(
      z.object({
        id: z.string(),
        outcome: z.enum(['done', 'refused', 'impossible', 'unknown']),
        said: z.string(),
      }),
    ),
  }),
]);

/** An event as the journal keeps it; `kept` is the whole job at one moment, where a replay begins. */
const KeptEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('kept'), ...at, state: JobState }),
  z.object({ type: z.literal('begun'), ...at }),
  z.object({ type: z.literal('due'), ...at }),
  z.object({ type: z.literal('missed'), ...at }),
  z.object({
    type: z.literal('egressSeen'),
    ...at,
    snapshot: Snapshot,
    by: z.enum(['answer', 'look', 'webhook']).optional(),
    wasAway: z.boolean().optional(),
  }),
  z.object({ type: z.literal('egressRefused'), ...at, problem: Problem }),
  z.object({ type: z.literal('tryAgain'), ...at, because: z.enum(['time', 'free', 'asked']) }),
  z.object({ type: z.literal('takenLate'), ...at, egressId: z.string() }),
  z.object({ type: z.literal('egressGone'), ...at, wasAway: z.boolean().optional() }),
  z.object({ type: z.literal('forgotten'), ...at }),
  z.object({ type: z.literal('serverRemoved'), ...at }),
  z.object({ type: z.literal('deskBegan'), ...at, startedAtMs: Ms }),
  z.object({ type: z.literal('deskGrew'), ...at, files, peopleCount: z.number(), holes }),
  z.object({ type: z.literal('deskFailed'), ...at, problem: Problem }),
  z.object({ type: z.literal('deskClosed'), ...at, files, holes }),
  z.object({ type: z.literal('deskFound'), ...at, endedAtMs: Ms, files }),
  z.object({ type: z.literal('takeOverAsked'), ...at, because: z.string() }),
  z.object({ type: z.literal('stopAsked'), ...at, because: z.string().optional() }),
  z.object({ type: z.literal('layoutSent'), ...at, layout: z.string() }),
  z.object({ type: z.literal('streams'), ...at, change: Change }),
  z.object({ type: z.literal('handedOver'), ...at, mark: HandOverMark, told: z.string() }),
  z.object({ type: z.literal('tookOver'), ...at, told: z.string() }),
  z.object({ type: z.literal('consoleClosing'), ...at }),
]);
type KeptEvent = JobEvent | { readonly type: 'kept'; readonly atMs: number; readonly state: JobState };

/** An event of the journal; null where it cannot be read. */
export function readJobEvent(text: string): KeptEvent | null {
  try {
    return KeptEvent.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // no JSON: the replay ends before it
  }
}

/** As the journal keeps it. `clean` takes what may be a secret out of each text. */
export const writeJobEvent = (event: KeptEvent, clean: (text: string) => string): string =>
  JSON.stringify(event, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : typeof value === 'string' ? clean(value) : value,
  );
