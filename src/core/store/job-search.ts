import type { DatabaseSync } from 'node:sqlite';
import { columns, toRow, type JobRow } from './jobs-table.ts';

interface JobQuery {
  readonly serverId: string | null;
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
  count(query: JobQuery): number {
    const { where, values } = conditions(query);
    return Number(this.#db.prepare(`SELECT count(*) AS count FROM jobs${where}`).get(...values)?.['count'] ?? 0);
  }
}

/** Values are bound, never written into the statement. */
function conditions({ serverId, words, kind, phases, fromMs }: JobQuery): {
  readonly where: string;
  readonly values: readonly (string | number)[];
} {
  const all: (readonly [string, ...(string | number)[]])[] = [
    ...words.map((word) => ["words LIKE ? ESCAPE '\\'", `%${word.replace(/[\\%_]/g, String.raw`\$&`)}%`] as const),
    ...(serverId === null ? [] : [['server_id = ?', serverId] as const]),
    ...(kind === null ? [] : [['kind = ?', kind] as const]),
    ...(fromMs === null ? [] : [['requested_at_ms >= ?', fromMs] as const]),
    ...(phases.length === 0 ? [] : [[`phase IN (${phases.map(() => '?').join(', ')})`, ...phases] as const]),
  ];
  return {
    where: all.length === 0 ? '' : ` WHERE ${all.map(([condition]) => condition).join(' AND ')}`,
    values: all.flatMap(([, ...values]) => values),
  };
}
