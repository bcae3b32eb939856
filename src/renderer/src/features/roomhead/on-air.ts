import type { CaptionSession } from '../../../../shared/model/captions.ts';
import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { isOnlyStream } from '../../../../shared/model/streaming.ts';
import { countsOf, reachNobody } from '../destinations/destination-words.ts';
import { deskHasNothing } from '../jobs/job-words.ts';

/** The parts of jobs that hold a room now, and since when: what the room head, the program and the status bar tell. */
export interface OnAir {
  /** Egress records: since the earliest media of the running jobs; null while it only starts. */
  readonly rec: { readonly sinceMs: number | null; readonly count: number; readonly isStarting: boolean } | null;
  /** Egress streams: how many destinations it reaches, and how many it or Cuedesk tries to reach again. */
  readonly live: {
    readonly sinceMs: number | null;
    readonly okCount: number;
    readonly retryCount: number;
    readonly isStarting: boolean;
    /** It reaches none of them. */
    readonly isLost: boolean;
  } | null;
  /** This desk records: since the first part of what it holds alone. */
  readonly desk: {
    readonly sinceMs: number | null;
    readonly count: number;
    readonly isStarting: boolean;
    /** None of it keeps anything at this moment. */
    readonly isLost: boolean;
  } | null;
  readonly captions: CaptionSession | null;
}

const earliest = (times: readonly (number | null)[]): number | null =>
  times.reduce<number | null>((first, each) => (each === null ? first : Math.min(first ?? each, each)), null);

const deskHolds = ['joining', 'recording', 'finishing'];
const egressHolds = ['requested', 'starting', 'active', 'ending'];

function part(parts: readonly { readonly startedAtMs: number | null }[]) {
  if (parts.length === 0) return null;
  const sinceMs = earliest(parts.map((each) => each.startedAtMs));
  return { sinceMs, count: parts.length, isStarting: sinceMs === null };
}

/** What is on air among these jobs and sessions; give those of one room, or of the whole server. */
export function onAir(jobs: readonly Job[], session: CaptionSession | null): OnAir {
  const running = jobs.filter(isRunning);
  const held = running.filter((job) => job.egress !== null && egressHolds.includes(job.egress.status));
  const egress = held.flatMap((job) => (job.egress && !isOnlyStream(job.request) ? [job.egress] : []));
  const here = running.filter(({ desk }) => desk !== null && deskHolds.includes(desk.status));
  const desk = part(here.map((job) => ({ startedAtMs: deskSinceMs(job) })));
  return {
    rec: part(egress),
    live: streamed(held.filter((job) => job.destinations.length > 0)),
    desk: desk && { ...desk, isLost: here.every(deskHasNothing) },
    captions: session !== null && session.state !== 'ended' ? session : null,
  };
}

/** Beside egress only what it adds now counts; alone it holds the job from its first part, as after a crash. */
const deskSinceMs = ({ engine, startedAtMs, desk }: Job): number | null =>
  desk?.startedAtMs == null ? null : engine === 'desk' ? startedAtMs : desk.startedAtMs;

function streamed(jobs: readonly Job[]): OnAir['live'] {
  if (jobs.length === 0) return null;
  const destinations = jobs.flatMap((job) => job.destinations);
  const { live: okCount, hurt: retryCount } = countsOf(destinations);
  const sinceMs = earliest(jobs.map((job) => job.egress?.startedAtMs ?? null));
  return { sinceMs, okCount, retryCount, isStarting: sinceMs === null, isLost: reachNobody(destinations) };
}
