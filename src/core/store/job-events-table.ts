import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PatientWrites } from './patient-writes.ts';

/** One thing that happened to a job. `event` is JSON that only the jobs part understands; nothing in it is a secret. */
export interface JobEventRow {
  readonly jobId: string;
  /** Rises within a job. */
  readonly seq: number;
  readonly atMs: number;
  readonly type: string;
  /** What it meant, in a sentence; empty where it is only growth. */
  readonly told: string;
  /** The server's own words; empty where it had none. */
  readonly said: string;
  readonly event: string;
}

export class JobEventsTable {
  readonly #writes: PatientWrites;
  readonly #save: StatementSync;
  readonly #of: StatementSync;
  readonly #last: StatementSync;
  readonly #forget: StatementSync;
  constructor(db: DatabaseSync, writes: PatientWrites) {
    this.#writes = writes;
    this.#save = db.prepare(
      `INSERT INTO job_events (job_id, seq, at_ms, type, told, said, event) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (job_id, seq) DO UPDATE SET at_ms = excluded.at_ms, told = excluded.told, said = excluded.said, event = excluded.event`,
    );
    this.#of = db.prepare(
      'SELECT job_id, seq, at_ms, type, told, said, event FROM job_events WHERE job_id = ? ORDER BY seq',
    );
    this.#last = db.prepare('SELECT max(seq) AS seq FROM job_events WHERE job_id = ?');
    this.#forget = db.prepare('DELETE FROM job_events WHERE job_id = ? AND seq < ?');
  }
  /** Writes the event, or its newer form. */
  save({ jobId, seq, atMs, type, told, said, event }: JobEventRow): void {
    this.#writes.write(`job event ${jobId} ${seq}`, () => this.#save.run(jobId, seq, atMs, type, told, said, event));
  }
  /** In order. */
  of(jobId: string): readonly JobEventRow[] {
    return this.#of.all(jobId).map((row) => ({
      jobId: String(row['job_id']),
      seq: Number(row['seq']),
      atMs: Number(row['at_ms']),
      type: String(row['type']),
      told: String(row['told']),
      said: String(row['said']),
      event: String(row['event']),
    }));
  }
  /** The number of the newest; 0 where there is none. */
  lastSeq(jobId: string): number {
    return Number(this.#last.get(jobId)?.['seq'] ?? 0);
  }
  /** Drops what is older: a long story loses its middle, never its end. */
  forgetBefore(jobId: string, seq: number): void {
    this.#writes.write(`job events forgotten ${jobId}`, () => this.#forget.run(jobId, seq));
  }
}
