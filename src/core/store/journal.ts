import { chmodSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Problem } from '../../shared/model/common.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { fileStampUtc } from '../../shared/text/utc.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { StateCell } from '../live/state-cell.ts';
import { CaptionsTable } from './captions-table.ts';
import { FileChecksTable } from './file-checks-table.ts';
import { IncidentsTable } from './incidents-table.ts';
import { JobEventsTable } from './job-events-table.ts';
import { JobSearch } from './job-search.ts';
import { JobsTable } from './jobs-table.ts';
import { LimitsTable } from './limits-table.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { migrations } from './migrations/list.ts';
import { PatientWrites } from './patient-writes.ts';
import { isSqliteError } from './sqlite-errors.ts';
import { RulesTable } from './rules-table.ts';
import { ValuesTable } from './values-table.ts';

export interface Journal {
  readonly path: string;
  readonly jobs: JobsTable;
  readonly jobSearch: JobSearch;
  readonly jobEvents: JobEventsTable;
  readonly fileChecks: FileChecksTable;
  readonly captions: CaptionsTable;
  readonly incidents: IncidentsTable;
  readonly limits: LimitsTable;
  readonly rules: RulesTable;
  readonly values: ValuesTable;
  /** What was found at the opening that a producer should know; null where all was well. */
  readonly problem: Problem | null;
  /** Set while the disk refuses: writes wait in memory then, and none of them throws. */
  readonly trouble: StateCell<Problem | null>;
  /** Closes the file. Whoever writes must have closed before. Safe to repeat. */
  close(): Promise<void>;
}

const fileName = 'journal.sqlite';

/**
 * Opens the journal of a data folder, or begins one. One writer: a second console on the same folder is refused. A damaged
 * file is kept aside under a dated name and told in `problem`. Writes are synchronous (about 0.1 ms, WAL without a sync per
 * commit: they survive the death of the process, and all but the last second survives a power cut).
 * Throws a ProblemError (`journal-newer`, `journal-busy`, `journal-unusable`); the file is then as it was.
 */
export function openJournal(options: { readonly folder: string; readonly log: Log; readonly clock: Clock }): Journal {
  const { folder, log, clock } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, fileName);
  let problem: Problem | null = null;
  let db: DatabaseSync;
  try {
    db = openFile(path);
  } catch (error) {
    if (!isDamage(error)) throw problemFor(error, path);
    const keptAs = keepAside(path, clock);
    problem = {
      code: 'journal-damaged',
      fault: 'ours',
      retryable: false,
      text: 'The journal was damaged and could not be read. A new one was begun.',
      advice: `The damaged file was kept as ${keptAs}.`,
    };
    log.error('The journal was damaged and was kept aside', { keptAs }, error);
    db = openFile(path);
  }
  const writes = new PatientWrites(log);
  let isClosed = false;
  return {
    path,
    jobs: new JobsTable(db, writes),
    jobSearch: new JobSearch(db),
    jobEvents: new JobEventsTable(db, writes),
    fileChecks: new FileChecksTable(db, writes),
    captions: new CaptionsTable(db, writes, log),
    incidents: new IncidentsTable(db, writes, log),
    limits: new LimitsTable(db, writes),
    rules: new RulesTable(db, writes, log),
    values: new ValuesTable(db),
    problem,
    trouble: writes.trouble,
    close: () => {
      if (isClosed) return Promise.resolve();
      isClosed = true;
      writes.finish();
      db.close();
      return Promise.resolve();
    },
  };
}

function openFile(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 1_000, enableForeignKeyConstraints: true });
  try {
    const version = schemaVersion(db);
    if (version > migrations.length) throw newerError(version);
    // With its indexes: reading one that is damaged would fail the start. 0.1 s for 40 MB.
    const check = db.prepare('PRAGMA integrity_check(1)').get();
    if (check?.['integrity_check'] !== 'ok') throw new DamageError(String(check?.['integrity_check']));
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    db.exec('BEGIN IMMEDIATE; COMMIT;'); // takes the lock now: a second console is refused here, not at its first write
    migrate(db, migrations);
    chmodSync(path, 0o600);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

class DamageError extends Error {
  override readonly name = 'DamageError';
}

const isDamage = (error: unknown): boolean =>
  error instanceof DamageError || isSqliteError(error, 'corrupt', 'notADatabase');

function keepAside(path: string, clock: Clock): string {
  const date = fileStampUtc(clock.nowMs());
  let keptAs = `${path}.damaged-${date}`;
  for (let i = 2; existsSync(keptAs); i++) keptAs = `${path}.damaged-${date}-${i}`;
  renameSync(path, keptAs);
  for (const suffix of ['-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, keptAs + suffix);
  return keptAs;
}

function newerError(version: number): ProblemError {
  return new ProblemError({
    code: 'journal-newer',
    fault: 'yours',
    retryable: false,
    text: `The journal was written by a newer Cuedesk (version ${version} of its layout; this one knows ${migrations.length}). It was left untouched.`,
    advice: 'Start the newer Cuedesk, or choose another data folder.',
  });
}

function problemFor(error: unknown, path: string): unknown {
  if (error instanceof ProblemError) return error;
  if (isSqliteError(error, 'busy'))
    return new ProblemError({
      code: 'journal-busy',
      fault: 'yours',
      retryable: true,
      text: 'Another Cuedesk works in this data folder.',
      advice: 'Close it, or start this one with another data folder.',
    });
  return new ProblemError(
    {
      code: 'journal-unusable',
      fault: 'yours',
      retryable: false,
      text: `The journal ${path} could not be opened.`,
      ...(error instanceof Error ? { said: error.message } : {}),
      advice: 'Check that the data folder can be written to and that the disk is not full.',
    },
    { cause: error },
  );
}
