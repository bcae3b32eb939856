import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Single values by name, for what has no table of its own. Never a secret. */
export class ValuesTable {
  readonly #get: StatementSync;
  readonly #set: StatementSync;
  readonly #remove: StatementSync;
  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT value FROM kept_values WHERE key = ?');
    this.#set = db.prepare(
      'INSERT INTO kept_values (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    );
    this.#remove = db.prepare('DELETE FROM kept_values WHERE key = ?');
  }
  get(key: string): string | null {
    const value = this.#get.get(key)?.['value'];
    return typeof value === 'string' ? value : null;
  }
  set(key: string, value: string): void {
    this.#set.run(key, value);
  }
  remove(key: string): void {
    this.#remove.run(key);
  }
}
