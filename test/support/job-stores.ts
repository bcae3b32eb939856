import type { JobAbout, JobEventRow, JobEventStore, JobRow, JobStore } from '../../src/core/jobs/ports.ts';
import type { Job } from '../../src/shared/model/job.ts';

/** What a job has that neither waits for an hour nor for a rule, and of which nothing is to be said. */
export const plainJob = {
  startAtMs: null,
  autoStop: null,
  stopAskedAtMs: null,
  handOver: null,
  takesOver: null,
  warnings: [],
  unknownSinceMs: null,
  again: null,
} satisfies Partial<Job>;

/** The journal's rows of jobs, in memory. */
export class JobRows implements JobStore {
  readonly rows = new Map<string, JobRow & { readonly egressId?: string | null | undefined }>();
  save(row: JobRow, about?: JobAbout): void {
    this.rows.set(row.id, { ...row, egressId: about?.egressId });
  }
  readonly aside: string[] = [];
  setAside(jobId: string): void {
    if (this.rows.delete(jobId)) this.aside.push(jobId);
  }
  running(): readonly JobRow[] {
    return [...this.rows.values()].filter((row) => row.isRunning);
  }
  since(sinceMs: number): readonly JobRow[] {
    return [...this.rows.values()].filter((row) => row.requestedAtMs >= sinceMs);
  }
  knowsEgress(serverId: string, egressId: string): boolean {
    return [...this.rows.values()].some((row) => row.serverId === serverId && row.egressId === egressId);
  }
}

/** The journal's events of jobs, in memory. */
export class JobEventRows implements JobEventStore {
  readonly #rows = new Map<string, Map<number, JobEventRow>>();
  save(row: JobEventRow): void {
    const rows = this.#rows.get(row.jobId) ?? new Map<number, JobEventRow>();
    this.#rows.set(row.jobId, rows.set(row.seq, row));
  }
  of(jobId: string): readonly JobEventRow[] {
    return [...(this.#rows.get(jobId)?.values() ?? [])].toSorted((a, b) => a.seq - b.seq);
  }
  lastSeq(jobId: string): number {
    return this.of(jobId).at(-1)?.seq ?? 0;
  }
  forgetBefore(jobId: string, seq: number): void {
    const rows = this.#rows.get(jobId);
    for (const known of rows?.keys() ?? []) if (known < seq) rows?.delete(known);
  }
}
