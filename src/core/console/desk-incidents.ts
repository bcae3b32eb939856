import type { Incidents } from '../observe/incidents.ts';
import type { DeskRecordingsOptions } from './desk-recordings.ts';

/** What recordings here have to tell, as incidents. */
export function tellOfDesk(incidents: Incidents): Pick<DeskRecordingsOptions, 'onFileProblem' | 'onGap'> {
  return {
    onFileProblem: (jobId, problem, fileName) =>
      incidents.addProblem(problem, {
        kind: 'desk',
        jobId,
        done: `${fileName} lacks some sound; the card of the job says what the whole room lacks. ${problem.advice ?? 'It is tried again every 10 seconds.'}`,
      }),
    // A gap is told again each time that it grew: it stays one incident, by where it begins.
    onGap: (jobId, gap) =>
      incidents.put({
        id: `inc_gap ${jobId} ${gap.identity ?? ''} ${Math.round(gap.fromMs)}`,
        kind: 'gap',
        state: 'closed',
        serverId: null,
        roomName: null,
        jobId,
        atMs: Math.round(gap.fromMs),
        closedAtMs: Math.round(gap.toMs),
        what: `A recording here lacks ${((gap.toMs - gap.fromMs) / 1000).toFixed(1)} s${gap.identity === null ? '' : ` of ${gap.identity}`}.`,
        detail: gap.cause,
        done: 'Filled with silence, so that everything after it is at its time.',
      }),
  };
}
