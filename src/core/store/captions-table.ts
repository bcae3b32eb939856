import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CaptionSession, TranscriptEntry } from '../../shared/model/captions.ts';
import type { Log } from '../live/log.ts';
import type { PatientWrites } from './patient-writes.ts';
import { readJson } from './rows.ts';
import { inTransaction } from './transaction.ts';

/** Caption sessions and what was heard in them: final utterances, gaps and markers. Partials pass by. */
export class CaptionsTable {
  readonly #db: DatabaseSync;
  readonly #log: Log;
  readonly #writes: PatientWrites;
  readonly #saveSession: StatementSync;
  readonly #session: StatementSync;
  readonly #sessions: StatementSync;
  readonly #running: StatementSync;
  readonly #saveEntry: StatementSync;
  readonly #entries: StatementSync;
  readonly #heard: StatementSync;
  readonly #lastHeard: StatementSync;

  constructor(db: DatabaseSync, writes: PatientWrites, log: Log) {
    this.#db = db;
    this.#writes = writes;
    this.#log = log;
    this.#saveSession = db.prepare(
      `INSERT INTO caption_sessions (id, server_id, asked_at_ms, is_running, session) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET is_running = excluded.is_running, session = excluded.session`,
    );
    this.#session = db.prepare('SELECT id, session FROM caption_sessions WHERE id = ?');
    this.#sessions = db.prepare(
      'SELECT id, session FROM caption_sessions WHERE server_id = ? AND asked_at_ms >= ? ORDER BY asked_at_ms DESC',
    );
    this.#running = db.prepare('SELECT id, session FROM caption_sessions WHERE is_running = 1 ORDER BY asked_at_ms');
    this.#saveEntry = db.prepare(
      `INSERT INTO caption_entries (session_id, id, type, seq, start_ms, entry) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (session_id, id) DO UPDATE SET seq = excluded.seq, start_ms = excluded.start_ms, entry = excluded.entry`,
    );
    this.#entries = db.prepare('SELECT id, entry FROM caption_entries WHERE session_id = ? ORDER BY start_ms, seq');
    this.#heard = db.prepare('UPDATE caption_sessions SET last_heard_ms = ? WHERE id = ?');
    this.#lastHeard = db.prepare('SELECT last_heard_ms FROM caption_sessions WHERE id = ?');
  }

  /** `askedAtMs`: when the producer pressed start (Unix milliseconds); kept from the first writing. */
  saveSession(session: CaptionSession, askedAtMs: number): void {
    const isRunning = session.state === 'ended' ? 0 : 1;
    const { id, serverId } = session;
    this.#writes.write(`session ${id}`, () =>
      this.#saveSession.run(id, serverId, askedAtMs, isRunning, JSON.stringify(session)),
    );
  }
  session(id: string): CaptionSession | null {
    return readJson(CaptionSession, this.#session.all(id), 'session', this.#log)[0] ?? null;
  }
  /** Sessions of a server that were asked for since then, newest first. */
  sessions(serverId: string, sinceMs: number): readonly CaptionSession[] {
    return readJson(CaptionSession, this.#sessions.all(serverId, sinceMs), 'session', this.#log);
  }
  /** Sessions that had not ended when they were last written. */
  running(): readonly CaptionSession[] {
    return readJson(CaptionSession, this.#running.all(), 'session', this.#log);
  }

  /** One transaction: the final, gap or marker is in the journal when this returns. */
  saveEntry(sessionId: string, entry: TranscriptEntry): void {
    const { id, type, seq, startMs } = entry;
    this.#writes.write(`entry ${sessionId} ${id}`, () =>
      inTransaction(this.#db, () => this.#saveEntry.run(sessionId, id, type, seq, startMs, JSON.stringify(entry))),
    );
  }
  /** In order of session time. */
  entries(sessionId: string): readonly TranscriptEntry[] {
    return readJson(TranscriptEntry, this.#entries.all(sessionId), 'entry', this.#log);
  }

  /** Notes up to where the room was heard, so that after a crash the gap begins there. Session time. */
  noteHeard(sessionId: string, untilMs: number): void {
    this.#writes.write(`heard ${sessionId}`, () => this.#heard.run(Math.round(untilMs), sessionId));
  }
  /** False while what was saved waits for the disk. */
  isWritten(): boolean {
    return this.#writes.trouble.value === null;
  }
  /** Session time; 0 where nothing was noted. */
  lastHeardMs(sessionId: string): number {
    return Number(this.#lastHeard.get(sessionId)?.['last_heard_ms'] ?? 0);
  }
}
