import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import type { PatientWrites } from './patient-writes.ts';

const LimitRow = z.object({
  serverId: z.string(),
  id: z.enum(['egress', 'captions']),
  source: z.enum(['declared', 'learned']),
  limit: z.number().int(),
  /** When it was declared or learned, Unix milliseconds. */
  atMs: z.number(),
  note: z.string(),
});
/** A limit that a producer declared or that a refusal taught; at most one of each source per server and subject. */
export type LimitRow = z.infer<typeof LimitRow>;

export class LimitsTable {
  readonly #writes: PatientWrites;
  readonly #save: StatementSync;
  readonly #remove: StatementSync;
  readonly #list: StatementSync;
  constructor(db: DatabaseSync, writes: PatientWrites) {
    this.#writes = writes;
    this.#save = db.prepare(
      `INSERT INTO limits (server_id, id, source, value, at_ms, note) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (server_id, id, source) DO UPDATE SET value = excluded.value, at_ms = excluded.at_ms, note = excluded.note`,
    );
    this.#remove = db.prepare('DELETE FROM limits WHERE server_id = ? AND id = ? AND source = ?');
    this.#list = db.prepare(
      'SELECT server_id AS serverId, id, source, value AS "limit", at_ms AS atMs, note FROM limits WHERE server_id = ?',
    );
  }
  save(row: LimitRow): void {
    const { serverId, id, source, limit, atMs, note } = row;
    this.#writes.write(nameOf(serverId, id, source), () => this.#save.run(serverId, id, source, limit, atMs, note));
  }
  remove(serverId: string, id: LimitRow['id'], source: LimitRow['source']): void {
    this.#writes.write(nameOf(serverId, id, source), () => this.#remove.run(serverId, id, source));
  }
  list(serverId: string): readonly LimitRow[] {
    return this.#list.all(serverId).map((row) => LimitRow.parse(row));
  }
}

const nameOf = (serverId: string, id: string, source: string): string => `limit ${serverId} ${id} ${source}`;
