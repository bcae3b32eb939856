import { problemOf } from '../../shared/model/problem-error.ts';
import { repairRecordings, type RepairResult } from '../desk/repair.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { Incidents } from '../observe/incidents.ts';

export interface FoundRecordings {
  readonly recordings: RepairResult['recordings'];
  /** To be called once the journal knows them: until then the next start finds them again. */
  forget(): Promise<void>;
}

/**
 * What a kill left unfinished in the folder of recordings, repaired. A folder that cannot be looked through (a disk that
 * was taken away, one that may not be read) is told, and is no reason not to start.
 */
export async function findRecordings(
  folder: string,
  { incidents, clock, log }: { readonly incidents: Incidents; readonly clock: Clock; readonly log: Log },
): Promise<FoundRecordings> {
  const failed = (what: string, error: unknown): void => {
    const problem = problemOf(error);
    log.error(what, { code: problem.code }, error);
    const detail = [problem.text, problem.said].filter(Boolean).join(' ');
    incidents.add({ kind: 'file', state: 'trouble', what: `${what}.`, detail, done: `The folder is ${folder}.` });
  };
  let found: RepairResult = { recordings: [], setAside: [] };
  try {
    found = await repairRecordings(folder, { nowMs: clock.nowMs(), log });
  } catch (error) {
    failed('The folder of recordings could not be looked through for unfinished ones', error);
  }
  for (const { path, why } of found.setAside) {
    incidents.add({
      kind: 'file',
      state: 'closed',
      what: 'The note beside a recording could not be read.',
      detail: why,
      done: `It was kept aside as ${path}.`,
    });
  }
  return {
    recordings: found.recordings,
    async forget() {
      for (const recording of found.recordings) {
        await recording
          .forget()
          .catch((error: unknown) => failed('The note beside a repaired recording could not be taken away', error));
      }
    },
  };
}
