import type { DatabaseSync } from 'node:sqlite';
import { columns, toRow, type JobRow } from './jobs-table.ts';

interface JobQuery {
  readonly serverId: string | null;
  readonly roomName: string | null;
  /** In lower case; each must be in the words of the row. */
  readonly words: readonly string[];
  readonly kind: string | null;
  /** None: all. */
  readonly phases: readonly string[];
  readonly fromMs: number | null;
}

/** Finds jobs in the journal, newest first, without holding them. */
export class JobSearch {
  readonly #db: DatabaseSync;
  constructor(db: DatabaseSync) {
    this.#db = db;
  }
  search(query: JobQuery, limit: number, offset: number): readonly JobRow[] {
    const { where, values } = conditions(query);
    const sql = `${columns}${where} ORDER BY requested_at_ms DESC, id DESC LIMIT ? OFFSET ?`;
    return this.#db
      .prepare(sql)
      .all(...values, limit, offset)
      .map(toRow);
  }
  /** Null where it is not known. */
  get(jobId: string): JobRow | null {
    const row = this.#db.prepare(`${columns} WHERE id = ?`).get(jobId);
    return row ? toRow(row) : null;
  }
  /** Rooms that had jobs, of a server or of all, the latest first. */
  rooms(serverId: string | null, limit: number): readonly string[] {
    const sql = `SELECT room_name FROM jobs WHERE room_name <> '' AND (? IS NULL OR server_id = ?)
      GROUP BY room_name ORDER BY max(requested_at_ms) DESC LIMIT ?`;
    return this.#db
      .prepare(sql)
      .all(serverId, serverId, limit)
      .map((row) => String(row['room_name']));
  }
  count(query: JobQuery): number {
    const { where, values } = conditions(query);
    return Number(this.#db.prepare(`SELECT count(*) AS count FROM jobs${where}`).get(...values)?.['count'] ?? 0);
  }
}

/** Values are bound, never written into the statement. */
function conditions({ serverId, roomName, words, kind, phases, fromMs }: JobQuery): {
  readonly where: string;
  readonly values: readonly (string | number)[];
} {
  const all: (readonly [string, ...(string | number)[]])[] = [
    ...words.map((word) => ["words LIKE ? ESCAPE '\\'", `%${word.replace(/[\\%_]/g, String.raw`\$&`)}%`] as const),
    ...(serverId === null ? [] : [['server_id = ?', serverId] as const]),
    ...(roomName === null ? [] : [['room_name = ?', roomName] as const]),
    ...(kind === null ? [] : [['kind = ?', kind] as const]),
    ...(fromMs === null ? [] : [['requested_at_ms >= ?', fromMs] as const]),
    ...(phases.length === 0 ? [] : [[`phase IN (${phases.map(() => '?').join(', ')})`, ...phases] as const]),
  ];
  return {
    where: all.length === 0 ? '' : ` WHERE ${all.map(([condition]) => condition).join(' AND ')}`,
    values: all.flatMap(([, ...values]) => values),
  };
}
