import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './transaction.ts';

export function schemaVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

/** Applies what is missing, each step in a transaction of its own: a step that fails leaves the journal as it was before it. */
export function migrate(db: DatabaseSync, steps: readonly string[]): void {
  for (let version = schemaVersion(db); version < steps.length; version++) {
    const step = steps[version] ?? '';
    inTransaction(db, () => {
      db.exec(step);
      db.exec(`PRAGMA user_version = ${version + 1}`); // a pragma takes no parameters; the number is ours
    });
  }
}
