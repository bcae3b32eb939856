import type { DatabaseSync } from 'node:sqlite';

/** All of `work` is kept or none of it. Not to be nested. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK'); // SQLite has rolled back by itself after some errors
    throw error;
  }
}
