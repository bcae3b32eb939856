import type { Incidents } from '../observe/incidents.ts';
import type { DeskRecordingsOptions } from './desk-recordings.ts';

/** What recordings here have to tell, as incidents. */
export function tellOfDesk(incidents: Incidents): Pick<DeskRecordingsOptions, 'onFileProblem' | 'onGap'> {
  return {
    onFileProblem: (jobId, problem, fileName) =>
      incidents.addProblem(problem, {
        kind: 'desk',
        jobId,
        done: `${fileName} lacks some sound; the other files go on.`,
      }),
    onGap: (jobId, gap) =>
      incidents.add({
        kind: 'gap',
        state: 'closed',
        jobId,
        atMs: Math.round(gap.fromMs),
        what: `A recording here lacks ${((gap.toMs - gap.fromMs) / 1000).toFixed(1)} s.`,
        detail: gap.cause,
        done: 'Filled with silence, so that everything after it is at its time.',
      }),
  };
}
