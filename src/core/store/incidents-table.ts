import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Incident } from '../../shared/model/incident.ts';
import type { Log } from '../live/log.ts';
import type { PatientWrites } from './patient-writes.ts';
import { readJson } from './rows.ts';

export class IncidentsTable {
  readonly #log: Log;
  readonly #writes: PatientWrites;
  readonly #save: StatementSync;
  readonly #newest: StatementSync;
  constructor(db: DatabaseSync, writes: PatientWrites, log: Log) {
    this.#log = log;
    this.#writes = writes;
    this.#save = db.prepare(
      `INSERT INTO incidents (id, at_ms, incident) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET incident = excluded.incident`,
    );
    this.#newest = db.prepare('SELECT id, incident FROM incidents ORDER BY at_ms DESC, rowid DESC LIMIT ?');
  }
  /** Writes an incident, or its newer state. */
  save(incident: Incident): void {
    const { id, atMs } = incident;
    this.#writes.write(`incident ${id}`, () => this.#save.run(id, atMs, JSON.stringify(incident)));
  }
  newest(limit: number): readonly Incident[] {
    return readJson(Incident, this.#newest.all(limit), 'incident', this.#log);
  }
}
