// A disk that is full, played by SQLite's own limit of pages: it refuses with the same error.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CaptionBus } from '../../src/core/audio/caption-bus.ts';
import { CaptionController } from '../../src/core/captions/caption-controller.ts';
import { createLog } from '../../src/core/live/log.ts';
import { CaptionsTable } from '../../src/core/store/captions-table.ts';
import { JobsTable } from '../../src/core/store/jobs-table.ts';
import { migrate } from '../../src/core/store/migrate.ts';
import { migrations } from '../../src/core/store/migrations/list.ts';
import { PatientWrites } from '../../src/core/store/patient-writes.ts';
import type { CaptionSession, Marker } from '../../src/shared/model/captions.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { SimulatedGladia } from '../support/simulated-gladia.ts';

let folder = '';
let db: DatabaseSync;
let lines: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-full-'));
  db = new DatabaseSync(join(folder, 'journal.sqlite'), { enableForeignKeyConstraints: true });
  migrate(db, migrations);
  lines = [];
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});
const log = createLog((line) => void lines.push(line));
const setLimit = (pages: number): void => {
  db.exec(`PRAGMA max_page_count = ${pages}`); // never less than there are
};
const job = (id: string, size: number) => ({
  id,
  serverId: 's',
  requestedAtMs: 1,
  isRunning: true,
  state: 'x'.repeat(size),
});
const session: CaptionSession = {
  id: 'c1',
  serverId: 's',
  roomName: 'town-hall',
  feed: 'direct',
  state: 'live',
  stateAtMs: 5,
  text: 'Live',
  startedAtMs: 1,
  endedAtMs: null,
  language: 'en',
  speakers: [],
  fit: 'channels',
  delayMs: null,
  lineCount: 0,
  gapCount: 0,
};
const marker = (id: string): Marker => ({ type: 'marker', id, seq: 1, startMs: 1, name: 'n'.repeat(5_000) });

test('what a full disk refuses waits, the newest state of each row, and is written in order when there is room', () => {
  const writes = new PatientWrites(log);
  const told: (string | null)[] = [];
  writes.trouble.on((problem) => told.push(problem?.code ?? null));
  const jobs = new JobsTable(db, writes);
  const captions = new CaptionsTable(db, writes, log);
  jobs.save(job('before', 10));
  setLimit(1);
  jobs.save(job('a', 50_000));
  jobs.save(job('b', 50_000));
  jobs.save({ ...job('a', 60_000), isRunning: false });
  // Its entries refer to the session, which waits too.
  captions.saveSession(session, 1);
  captions.saveEntry('c1', marker('m1'));
  expect(jobs.since(0).map((row) => row.id)).toEqual(['before']);
  expect(told).toEqual(['journal-not-written']);
  expect(lines.filter((line) => line.includes('"error"'))).toHaveLength(1);

  setLimit(10_000);
  jobs.save(job('c', 10));
  expect(told).toEqual(['journal-not-written', null]);
  expect(jobs.since(0).map((row) => [row.id, row.state.length, row.isRunning])).toEqual([
    ['before', 10, true],
    ['a', 60_000, false],
    ['b', 50_000, true],
    ['c', 10, true],
  ]);
  expect(captions.entries('c1')).toEqual([marker('m1')]);
});

test('the last try is at the end, and what is lost then is said', () => {
  const writes = new PatientWrites(log);
  const jobs = new JobsTable(db, writes);
  setLimit(1);
  jobs.save(job('a', 50_000));
  jobs.save(job('b', 50_000));
  writes.finish();
  expect(lines.at(-1)).toContain('"lostCount":2');
});

test('a mistake of our own is thrown and does not wait', () => {
  const captions = new CaptionsTable(db, new PatientWrites(log), log);
  expect(() => captions.saveEntry('nobody', marker('m1'))).toThrow(/FOREIGN KEY/);
});

test('captions that ended while the disk was full are shown and saved as files, before it has room and after', async () => {
  const writes = new PatientWrites(log);
  const store = new CaptionsTable(db, writes, log);
  const clock = new FakeClock();
  const controller = new CaptionController({
    store,
    makeFeed: () => ({ on: () => () => {}, close: () => Promise.resolve() }),
    makeBus: (setup) => new CaptionBus(setup),
    gladia: () => ({ url: 'https://api.gladia.io', key: 'k', region: null }),
    transport: new SimulatedGladia(clock, { wayMs: () => 20, inclusive: false, restarts: 'nothing' }),
    onIncident: () => {},
    clock,
    log,
  });
  setLimit(1);
  const caption = async (name: string): Promise<string> => {
    const { id } = controller.start({ serverId: 's', roomName: 'hall', feed: 'direct', language: 'en' });
    controller.addMarker(id, name);
    const stopped = controller.stop(id);
    await clock.advance(1_000);
    await stopped;
    return id;
  };
  const markers = async (id: string): Promise<unknown> => {
    const ended = new AbortController();
    for await (const item of controller.transcript(id, ended.signal)) {
      ended.abort();
      return item.type === 'snapshot' && item.entries.map((entry) => entry.type === 'marker' && entry.name);
    }
    return null;
  };
  const first = await caption(`Half time ${'n'.repeat(5_000)}`);
  expect(store.entries(first)).toEqual([]);
  expect(controller.export(first, 'txt').text).toContain('Half time');
  expect(await markers(first)).toEqual([expect.stringContaining('Half time')]);

  setLimit(10_000);
  const second = await caption('Full time');
  expect(store.entries(first)).toHaveLength(1);
  expect(controller.export(first, 'txt').text).toContain('Half time');
  expect(await markers(second)).toEqual(['Full time']);
  await controller.close();
});

test('a row that no disk is to blame for is told once, and holds up no other', () => {
  const writes = new PatientWrites(log);
  const written: string[] = [];
  let isFull = true;
  const write = (row: string, error?: Error): void =>
    writes.write(row, () => {
      if (isFull) throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
      if (error) throw error;
      written.push(row);
    });
  write('a');
  write('b', new Error('a constraint'));
  write('c');
  isFull = false;
  write('d');
  expect(written).toEqual(['a', 'c', 'd']);
  expect(writes.trouble.value).toBeNull();
  expect(lines.filter((line) => line.includes('a constraint'))).toHaveLength(1);
});
