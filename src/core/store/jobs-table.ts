import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PatientWrites } from './patient-writes.ts';
import { inTransaction } from './transaction.ts';

/** One job. `state` is JSON that only the jobs part understands, and that holds no secret in clear. */
export interface JobRow {
  readonly id: string;
  readonly serverId: string;
  readonly requestedAtMs: number;
  readonly isRunning: boolean;
  readonly state: string;
}

/** What the history is searched by. */
interface JobAbout {
  readonly roomName: string;
  readonly kind: string;
  readonly phase: string;
  /** Lower case: title, room, files. */
  readonly words: string;
  /** Null where it has none, or none yet. */
  readonly egressId: string | null;
}
const nothingAbout: JobAbout = { roomName: '', kind: '', phase: '', words: '', egressId: null };

export const columns = 'SELECT id, server_id, requested_at_ms, is_running, state FROM jobs';

export class JobsTable {
  readonly #db: DatabaseSync;
  readonly #writes: PatientWrites;
  readonly #save: StatementSync;
  readonly #running: StatementSync;
  readonly #since: StatementSync;
  readonly #egress: StatementSync;
  readonly #copyAside: StatementSync;
  readonly #remove: StatementSync;
  constructor(db: DatabaseSync, writes: PatientWrites) {
    this.#db = db;
    this.#writes = writes;
    this.#save = db.prepare(
      `INSERT INTO jobs (id, server_id, requested_at_ms, is_running, state, room_name, kind, phase, words, egress_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET is_running = excluded.is_running, state = excluded.state,
         phase = excluded.phase, words = excluded.words, egress_id = excluded.egress_id`,
    );
    this.#running = db.prepare(`${columns} WHERE is_running = 1 ORDER BY requested_at_ms`);
    this.#egress = db.prepare('SELECT 1 FROM jobs WHERE server_id = ? AND egress_id = ?');
    this.#copyAside = db.prepare(
      `INSERT OR REPLACE INTO jobs_aside (id, server_id, requested_at_ms, room_name, egress_id, state)
       SELECT id, server_id, requested_at_ms, room_name, egress_id, state FROM jobs WHERE id = ?`,
    );
    this.#remove = db.prepare('DELETE FROM jobs WHERE id = ?');
    this.#since = db.prepare(`${columns} WHERE requested_at_ms >= ? ORDER BY requested_at_ms`);
  }
  /** Writes the job, or its newer state. */
  save(row: JobRow, { roomName, kind, phase, words, egressId } = nothingAbout): void {
    const { id, serverId, requestedAtMs, isRunning, state } = row;
    this.#writes.write(`job ${id}`, () =>
      this.#save.run(id, serverId, requestedAtMs, isRunning ? 1 : 0, state, roomName, kind, phase, words, egressId),
    );
  }
  /** Keeps a row that cannot be read, and no longer counts it as a job. */
  setAside(id: string): void {
    this.#writes.write(`job aside ${id}`, () =>
      inTransaction(this.#db, () => {
        this.#copyAside.run(id);
        this.#remove.run(id);
      }),
    );
  }
  /** Every job that had not ended when it was last written, oldest first. */
  running(): readonly JobRow[] {
    return this.#running.all().map(toRow);
  }
  /** A job of this server had this egress. */
  knowsEgress(serverId: string, egressId: string): boolean {
    return this.#egress.get(serverId, egressId) !== undefined;
  }
  /** Every job that was asked for since then, oldest first. */
  since(sinceMs: number): readonly JobRow[] {
    return this.#since.all(sinceMs).map(toRow);
  }
}

export const toRow = (row: Record<string, unknown>): JobRow => ({
  id: String(row['id']),
  serverId: String(row['server_id']),
  requestedAtMs: Number(row['requested_at_ms']),
  isRunning: row['is_running'] === 1,
  state: String(row['state']),
});
