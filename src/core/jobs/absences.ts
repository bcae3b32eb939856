import { isRunning } from '../../shared/model/job.ts';
import type { JobState } from './job-state.ts';

interface Absence {
  readonly sinceMs: number;
  /** What ran when the server was asked last. */
  readonly jobIds: ReadonlySet<string>;
}

/** Times in which nobody looked at a server: it could not be asked, or the console was closed. */
export class Absences {
  readonly #open = new Map<string, Absence>();

  /** Harmless while it lasts. */
  begin(serverId: string, sinceMs: number, running: readonly JobState[]): void {
    if (!this.#open.has(serverId)) this.#open.set(serverId, { sinceMs, jobIds: new Set(running.map((job) => job.id)) });
  }

  /** The console was closed, from no earlier than the last change of any of these. */
  beginAll(running: readonly JobState[]): void {
    for (const serverId of new Set(running.map((job) => job.serverId))) {
      const own = running.filter((job) => job.serverId === serverId);
      this.begin(serverId, Math.max(...own.map((job) => job.phaseAtMs)), own);
    }
  }

  /** The server was asked again: what had ended meanwhile of what ran; null where it was not away. */
  end(serverId: string, jobOf: (jobId: string) => JobState | undefined) {
    const absence = this.#open.get(serverId);
    this.#open.delete(serverId);
    if (!absence) return null;
    const ended = [...absence.jobIds].flatMap((jobId) => {
      const job = jobOf(jobId);
      return job && !isRunning(job) ? [job] : [];
    });
    return { sinceMs: absence.sinceMs, ended };
  }
}
