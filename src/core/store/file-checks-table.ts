import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { FileCheck } from '../../shared/model/file-check.ts';
import type { PatientWrites } from './patient-writes.ts';

/** What was found of the files of ended jobs: the newest look at each is kept. */
export class FileChecksTable {
  readonly #writes: PatientWrites;
  readonly #save: StatementSync;
  readonly #newest: StatementSync;
  readonly #of: StatementSync;
  constructor(db: DatabaseSync, writes: PatientWrites) {
    this.#writes = writes;
    this.#save = db.prepare(
      `INSERT INTO file_checks (job_id, file_id, at_ms, found) VALUES (?, ?, ?, ?)
       ON CONFLICT (job_id, file_id) DO UPDATE SET at_ms = excluded.at_ms, found = excluded.found`,
    );
    this.#newest = db.prepare('SELECT found FROM file_checks ORDER BY at_ms DESC LIMIT ?');
    this.#of = db.prepare('SELECT found FROM file_checks WHERE job_id = ? ORDER BY file_id');
  }
  save(check: FileCheck): void {
    const { jobId, fileId, atMs } = check;
    this.#writes.write(`file check ${jobId} ${fileId}`, () =>
      this.#save.run(jobId, fileId, atMs, JSON.stringify(check)),
    );
  }
  newest(limit: number): FileCheck[] {
    return this.#newest.all(limit).flatMap(read);
  }
  of(jobId: string): FileCheck[] {
    return this.#of.all(jobId).flatMap(read);
  }
}

/** A row that cannot be read is looked up again by a press. */
function read(row: Record<string, unknown>): FileCheck[] {
  try {
    return [FileCheck.parse(JSON.parse(String(row['found'])))];
  } catch {
    return []; // damaged, or of a newer Cuedesk
  }
}
