import { dirname } from 'node:path';
import { problemOf } from '../../shared/model/problem-error.ts';
import { repairRecordings, type RepairResult } from '../desk/repair.ts';
import { readJobState } from '../jobs/job-state.ts';
import type { JobStore } from '../jobs/ports.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { Incidents } from '../observe/incidents.ts';

export interface FoundRecordings {
  readonly recordings: RepairResult['recordings'];
  /** To be called once the journal knows them: until then the next start finds them again. */
  forget(): Promise<void>;
}

/**
 * Where a kill may have left recordings unfinished: in the folder of recordings, and where those that still run in the journal
 * were begun before the producer chose another folder.
 */
export function foldersToLookThrough(now: string, store: Pick<JobStore, 'running'>): string[] {
  const files = store.running().flatMap((row) => readJobState(row.state)?.deskFiles ?? []);
  return [...new Set([now, ...files.map((file) => dirname(file.location))])];
}

/**
 * What a kill left unfinished in these folders, repaired. A folder that cannot be looked through (a disk that was taken away,
 * one that may not be read) is told, and is no reason not to start.
 */
export async function findRecordings(
  folders: readonly string[],
  { incidents, clock, log }: { readonly incidents: Incidents; readonly clock: Clock; readonly log: Log },
): Promise<FoundRecordings> {
  const failed = (what: string, error: unknown, folder: string): void => {
    const problem = problemOf(error);
    log.error(what, { code: problem.code }, error);
    const detail = [problem.text, problem.said].filter(Boolean).join(' ');
    incidents.add({ kind: 'file', state: 'trouble', what: `${what}.`, detail, done: `The folder is ${folder}.` });
  };
  const found: (RepairResult & { readonly folder: string })[] = [];
  for (const folder of folders) {
    try {
      found.push({ folder, ...(await repairRecordings(folder, { nowMs: clock.nowMs(), log })) });
    } catch (error) {
      failed('The folder of recordings could not be looked through for unfinished ones', error, folder);
    }
  }
  for (const { path, why } of found.flatMap(({ setAside }) => setAside)) {
    incidents.add({
      kind: 'file',
      state: 'closed',
      what: 'The note beside a recording could not be read.',
      detail: why,
      done: `It was kept aside as ${path}.`,
    });
  }
  return {
    recordings: found.flatMap(({ recordings }) => recordings),
    async forget() {
      for (const { folder, recordings } of found) {
        for (const recording of recordings) {
          await recording.forget().catch((error: unknown) => {
            failed('The note beside a repaired recording could not be taken away', error, folder);
          });
        }
      }
    },
  };
}
