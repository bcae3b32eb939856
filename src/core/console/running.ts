import type { CaptionSession } from '../../shared/model/captions.ts';
import { isRunning, type Job } from '../../shared/model/job.ts';

/** What would end if the console closed now, a line each. Egress goes on at its server and is not among it. */
export function runningHere(jobs: readonly Job[], sessions: readonly CaptionSession[]): readonly string[] {
  const recordings = jobs.filter((job) => isRunning(job) && job.desk !== null && job.desk.endedAtMs === null);
  const captions = sessions.filter((session) => session.state !== 'ended');
  return [
    ...recordings.map((job) => `Recording of ${job.roomName}, here`),
    ...captions.map((session) => `Captions of ${session.roomName}`),
  ];
}
