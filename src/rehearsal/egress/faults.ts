import { type Gates, openGates } from './gates.ts';
import type { Course } from './course.ts';
import type { EgressRow, EndReason } from './row.ts';
import type { FoundSource } from './source.ts';
import type { StreamSet } from './stream-set.ts';

/** One egress that a handler has. */
export interface RunningJob {
  readonly row: EgressRow;
  readonly room: string;
  readonly course: Course;
  source: FoundSource | null;
  streams: StreamSet | null;
  readonly end: AbortController;
  readonly kill: AbortController;
  breakConnection: (() => void) | null;
  done: Promise<void>;
}

/** What drills can do to running egresses. */
export interface EgressFaults {
  readonly gates: Gates;
  /** Jobs that a worker still handles. */
  readonly handledCount: number;
  /** Track WebSockets that are open. */
  readonly socketCount: number;
  /** The handler of the newest recording, else of the newest egress, is killed. Says which; null where none runs. */
  killOne(): string | null;
  /** The same for service and handler: the row stays as it is for ever, and nothing answers for it. */
  orphanOne(): string | null;
  /** The newest egress meets its session limit. */
  endOne(): string | null;
  /** Breaks the connections of all running track WebSockets; says how many. */
  dropSockets(): number;
  /** The next Stop is answered with 408 and has no effect. */
  armUnheardStop(isArmed: boolean): void;
  /** Every picture is black until then (wall clock). */
  darken(untilMs: number): void;
  readonly isDark: boolean;
  /** Black is written over the picture, for which some builds of ffmpeg lack text. */
  readonly canDarken: boolean;
  readonly isUnheardStopArmed: boolean;
}

/** The job, where a handler still answers for it. */
export function handled(job: RunningJob | undefined): RunningJob | undefined {
  return job && !job.row.isOver && !job.kill.signal.aborted ? job : undefined;
}

export function openFaults(
  jobs: ReadonlyMap<string, RunningJob>,
  endJob: (job: RunningJob, reason: EndReason) => void,
  { now, canDarken }: { readonly now: () => number; readonly canDarken: boolean },
): EgressFaults {
  let darkUntilMs = 0;
  let isUnheardStopArmed = false;
  const newestJob = (): RunningJob | undefined => {
    const newest = [...jobs.values()].filter((job) => handled(job)).reverse();
    return newest.find((job) => job.course.kind === 'encoded') ?? newest[0];
  };
  return {
    gates: openGates(),
    get handledCount() {
      return [...jobs.values()].filter((job) => handled(job)).length;
    },
    get socketCount() {
      return [...jobs.values()].filter((job) => job.breakConnection !== null).length;
    },
    killOne: () => {
      const job = newestJob();
      job?.kill.abort();
      job?.row.die('signal: killed');
      return job?.row.id ?? null;
    },
    orphanOne: () => {
      const job = newestJob();
      job?.kill.abort();
      return job?.row.id ?? null;
    },
    endOne: () => {
      const job = newestJob();
      if (job) endJob(job, 'Session limit reached');
      return job?.row.id ?? null;
    },
    dropSockets: () => {
      const broken = [...jobs.values()].flatMap((job) => (job.breakConnection ? [job.breakConnection] : []));
      for (const breakConnection of broken) breakConnection();
      return broken.length;
    },
    darken: (untilMs) => (darkUntilMs = untilMs),
    get isDark() {
      return now() < darkUntilMs;
    },
    canDarken,
    armUnheardStop: (isArmed) => (isUnheardStopArmed = isArmed),
    get isUnheardStopArmed() {
      return isUnheardStopArmed;
    },
  };
}
