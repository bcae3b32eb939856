import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/live/clock.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { openJournal, type Journal } from '../../src/core/store/journal.ts';
import { migrate, schemaVersion } from '../../src/core/store/migrate.ts';
import { migrations } from '../../src/core/store/migrations/list.ts';
import type { CaptionSession, Utterance } from '../../src/shared/model/captions.ts';
import type { Incident } from '../../src/shared/model/incident.ts';

let folder = '';
let open: Journal[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-journal-'));
});
afterEach(async () => {
  for (const journal of open) await journal.close();
  open = [];
  rmSync(folder, { recursive: true, force: true });
});

function openHere(): Journal {
  const journal = openJournal({ folder, log: silentLog, clock: systemClock });
  open.push(journal);
  return journal;
}
const session = (id: string, state: CaptionSession['state']): CaptionSession => ({
  id,
  serverId: 's1',
  roomName: 'town-hall',
  feed: 'direct',
  state,
  stateAtMs: 5,
  text: 'Live',
  startedAtMs: 1_000,
  endedAtMs: null,
  language: 'en',
  speakers: [],
  fit: 'channels',
  delayMs: null,
  lineCount: 0,
  gapCount: 0,
});
const utterance = (id: string, startMs: number, text = 'hello'): Utterance => ({
  type: 'utterance',
  id,
  seq: 1,
  identity: 'ada',
  name: 'Ada',
  text,
  isFinal: true,
  startMs,
  endMs: startMs + 400,
  words: [{ text, startMs, endMs: startMs + 400, confidence: 0.9 }],
  language: 'en',
  confidence: 0.9,
  delayMs: 700,
});

describe('the journal', () => {
  it('keeps jobs, sessions, entries, incidents, limits and values over a restart', async () => {
    const one = openHere();
    one.jobs.save({ id: 'j1', serverId: 's1', requestedAtMs: 10, isRunning: true, state: '{"a":1}' });
    one.jobs.save({ id: 'j2', serverId: 's2', requestedAtMs: 20, isRunning: true, state: '{}' });
    one.jobs.save({ id: 'j1', serverId: 's1', requestedAtMs: 10, isRunning: false, state: '{"a":2}' });
    one.captions.saveSession(session('c1', 'live'), 100);
    one.captions.saveSession(session('c2', 'ended'), 200);
    one.captions.saveEntry('c1', utterance('b', 500));
    one.captions.saveEntry('c1', utterance('a', 100, 'first'));
    one.captions.noteHeard('c1', 1234.4);
    const incident: Incident = {
      id: 'i1',
      atMs: 7,
      kind: 'captions',
      state: 'trouble',
      serverId: 's1',
      roomName: 'town-hall',
      jobId: null,
      what: 'Dropped',
      detail: null,
      done: 'Resuming',
      closedAtMs: null,
    };
    one.incidents.save(incident);
    one.incidents.save({ ...incident, state: 'closed', closedAtMs: 9 });
    one.limits.save({ serverId: 's1', id: 'egress', source: 'learned', limit: 2, atMs: 3, note: 'from a refusal' });
    one.limits.save({ serverId: 's1', id: 'egress', source: 'declared', limit: 4, atMs: 4, note: 'by you' });
    one.limits.remove('s1', 'egress', 'declared');
    one.values.set('k', 'v');
    await one.close();
    await one.close();

    const two = openHere();
    expect(two.problem).toBeNull();
    expect(two.jobs.running().map((row) => row.id)).toEqual(['j2']);
    expect(two.jobs.since(0).filter((row) => row.serverId === 's1')).toEqual([
      { id: 'j1', serverId: 's1', requestedAtMs: 10, isRunning: false, state: '{"a":2}' },
    ]);
    expect(two.jobs.since(11).map((row) => row.id)).toEqual(['j2']);
    expect(two.captions.running().map((row) => row.id)).toEqual(['c1']);
    expect(two.captions.sessions('s1', 0).map((row) => row.id)).toEqual(['c2', 'c1']);
    expect(two.captions.entries('c1').map((entry) => entry.id)).toEqual(['a', 'b']);
    expect(two.captions.lastHeardMs('c1')).toBe(1234);
    expect(two.incidents.newest(10)).toEqual([{ ...incident, state: 'closed', closedAtMs: 9 }]);
    expect(two.limits.list('s1').map((row) => [row.source, row.limit])).toEqual([['learned', 2]]);
    expect(two.values.get('k')).toBe('v');
    expect(two.values.get('other')).toBeNull();
  });

  it.each([
    ['plain text', () => writeFileSync(join(folder, 'journal.sqlite'), 'this is no database '.repeat(500))],
    [
      'a page of noise in the middle',
      () => {
        const db = new DatabaseSync(join(folder, 'journal.sqlite'));
        migrate(db, migrations);
        const insert = db.prepare('INSERT INTO kept_values VALUES (?, ?)');
        db.exec('BEGIN');
        for (let i = 0; i < 2_000; i++) insert.run(`key ${i}`, 'x'.repeat(100));
        db.exec('COMMIT');
        db.close();
        const bytes = readFileSync(join(folder, 'journal.sqlite'));
        bytes.fill(0xa5, 4096, bytes.length - 4096);
        writeFileSync(join(folder, 'journal.sqlite'), bytes);
      },
    ],
    [
      'an index whose pages are well and whose entries are not',
      () => {
        const path = join(folder, 'journal.sqlite');
        const db = new DatabaseSync(path);
        migrate(db, migrations);
        for (let i = 0; i < 20; i++)
          db.exec(
            `INSERT INTO jobs (id, server_id, requested_at_ms, is_running, state) VALUES ('j${i}', 's', 1, 1, '{}')`,
          );
        const page = Number(
          db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'jobs_running'").get()?.['rootpage'],
        );
        db.close();
        const bytes = readFileSync(path);
        // The record of row 20: header of 3 bytes, the constant 1, a whole number of one byte, 20. That number gets eight.
        const at = bytes.indexOf(Buffer.from([4, 3, 9, 1, 20]), (page - 1) * 4096);
        bytes[at + 3] = 6;
        writeFileSync(path, bytes);
      },
    ],
  ])('keeps a damaged file aside and names it: %s', (_name, damage) => {
    damage();
    const before = readFileSync(join(folder, 'journal.sqlite'));
    const journal = openHere();
    expect(journal.problem?.code).toBe('journal-damaged');
    const kept = readdirSync(folder).find((name) => name.includes('damaged'));
    expect(journal.problem?.advice).toContain(kept ?? 'nothing was kept');
    expect(readFileSync(join(folder, kept ?? ''))).toEqual(before);
    journal.values.set('works', 'yes');
    expect(journal.values.get('works')).toBe('yes');
  });

  it('refuses a newer journal with a sentence and leaves it untouched', () => {
    const path = join(folder, 'journal.sqlite');
    const db = new DatabaseSync(path);
    db.exec('CREATE TABLE later (x); PRAGMA user_version = 99;');
    db.close();
    const before = readFileSync(path);
    expect(() => openHere()).toThrow(/newer Cuedesk/);
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['journal.sqlite']);
  });

  it('lets one console at a time into a folder, and the next one in after a kill', async () => {
    const program = `
      import { openJournal } from ${JSON.stringify(new URL('../../src/core/store/journal.ts', import.meta.url).href)};
      import { systemClock } from ${JSON.stringify(new URL('../../src/core/live/clock.ts', import.meta.url).href)};
      import { silentLog } from ${JSON.stringify(new URL('../../src/core/live/log.ts', import.meta.url).href)};
      const journal = openJournal({ folder: ${JSON.stringify(folder)}, log: silentLog, clock: systemClock });
      journal.values.set('written', 'before the kill');
      console.log('ready');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(child.stdout, 'data');
      expect(() => openHere()).toThrow(/Another Cuedesk/);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    expect(openHere().values.get('written')).toBe('before the kill');
  });

  it('sets the row of a job aside: kept, and neither a job nor known by its egress any more', async () => {
    const one = openHere();
    const about = { roomName: 'hall', kind: 'track', phase: 'recording', words: '', egressId: 'EG_1' };
    one.jobs.save({ id: 'j1', serverId: 's1', requestedAtMs: 5, isRunning: true, state: '{"half' }, about);
    one.jobs.setAside('j1');
    expect([one.jobs.running(), one.jobs.since(0), one.jobs.knowsEgress('s1', 'EG_1')]).toEqual([[], [], false]);
    await one.close();
    const db = new DatabaseSync(join(folder, 'journal.sqlite'));
    expect(db.prepare('SELECT id, room_name, egress_id, state FROM jobs_aside').all()).toMatchObject([
      { id: 'j1', room_name: 'hall', egress_id: 'EG_1', state: '{"half' },
    ]);
    db.close();
  });

  it('leaves out a row that cannot be read, and keeps the others', async () => {
    const one = openHere();
    one.captions.saveSession(session('c1', 'live'), 100);
    one.captions.saveSession(session('c2', 'live'), 200);
    await one.close();
    const db = new DatabaseSync(join(folder, 'journal.sqlite'));
    db.exec(`UPDATE caption_sessions SET session = '{"half' WHERE id = 'c1'`);
    db.close();
    expect(
      openHere()
        .captions.running()
        .map((row) => row.id),
    ).toEqual(['c2']);
  });

  it('applies each migration once, and none of a step that fails', () => {
    const db = new DatabaseSync(':memory:');
    const steps = ['CREATE TABLE a (x)', 'ALTER TABLE a ADD COLUMN y'];
    migrate(db, steps);
    migrate(db, steps);
    expect(schemaVersion(db)).toBe(2);
    expect(() => migrate(db, [...steps, 'CREATE TABLE b (x); CREATE TABLE a (x)'])).toThrow(/already exists/);
    expect(schemaVersion(db)).toBe(2);
    expect(db.prepare(`SELECT name FROM sqlite_master WHERE name = 'b'`).all()).toEqual([]);
    db.close();
  });
});
