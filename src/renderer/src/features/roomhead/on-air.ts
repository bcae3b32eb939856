import type { CaptionSession } from '../../../../shared/model/captions.ts';
import type { Job } from '../../../../shared/model/job.ts';

/** The parts of jobs that hold a room now, and since when: what the room head, the program and the status bar tell. */
export interface OnAir {
  /** Egress records: since the earliest media of the running jobs; null while it only starts. */
  readonly rec: { readonly sinceMs: number | null; readonly count: number; readonly isStarting: boolean } | null;
  /** This desk records. */
  readonly desk: { readonly sinceMs: number | null; readonly count: number; readonly isStarting: boolean } | null;
  readonly captions: CaptionSession | null;
}

const earliest = (times: readonly (number | null)[]): number | null =>
  times.reduce<number | null>((first, each) => (each === null ? first : Math.min(first ?? each, each)), null);

const deskHolds = ['joining', 'recording', 'finishing'];
const egressHolds = ['requested', 'starting', 'active', 'ending'];

/** What is on air among these jobs and sessions; give those of one room, or of the whole server. */
export function onAir(jobs: readonly Job[], session: CaptionSession | null): OnAir {
  const running = jobs.filter((job) => job.phase !== 'done' && job.phase !== 'failed');
  const egress = running.flatMap((job) => (job.egress && egressHolds.includes(job.egress.status) ? [job.egress] : []));
  const desk = running.flatMap((job) => (job.desk && deskHolds.includes(job.desk.status) ? [job.desk] : []));
  const part = (parts: readonly { readonly startedAtMs: number | null }[]) => {
    if (parts.length === 0) return null;
    const sinceMs = earliest(parts.map((each) => each.startedAtMs));
    return { sinceMs, count: parts.length, isStarting: sinceMs === null };
  };
  return {
    rec: part(egress),
    desk: part(desk),
    captions: session !== null && session.state !== 'ended' ? session : null,
  };
}
