import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freeBytesOf } from '../../src/core/observe/disk.ts';
import { Incidents } from '../../src/core/observe/incidents.ts';
import { LimitBook, type LimitRow, type LimitStore } from '../../src/core/observe/limits.ts';
import { openLogFile } from '../../src/core/log-file.ts';
import { SystemWatch } from '../../src/core/observe/system-state.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { createLog, silentLog } from '../../src/core/live/log.ts';
import type { Incident } from '../../src/shared/model/incident.ts';
import type { ServerKind } from '../../src/shared/model/server.ts';
import { FakeClock } from '../support/fake-clock.ts';

const day = Date.UTC(2026, 10, 21, 9, 12);
let clock = new FakeClock(day);
let folder = '';
beforeEach(() => {
  clock = new FakeClock(day);
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-observe-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('incidents', () => {
  const rows = new Map<string, Incident>();
  const store = {
    save: (incident: Incident): void => void rows.set(incident.id, incident),
    newest: (limit: number): readonly Incident[] => Array.from(rows.values()).toReversed().slice(0, limit),
  };
  beforeEach(() => rows.clear());
  const dropped = {
    kind: 'captions',
    state: 'trouble',
    serverId: 's',
    roomName: 'hall',
    what: 'The transcriber dropped',
    done: 'Resumes',
  } as const;

  test('are newest first, kept, and found again', async () => {
    const incidents = new Incidents({ clock, store });
    incidents.add({ ...dropped, what: 'one' });
    await clock.advance(1_000);
    incidents.add({ ...dropped, what: 'two' });
    incidents.add({ ...dropped, what: 'late', atMs: day - 5 });
    expect(incidents.list.value.incidents.map((one) => one.what)).toEqual(['two', 'one', 'late']);
    expect(new Incidents({ clock, store }).list.value.incidents.length).toBe(3);
  });
  test('the same trouble is one, and is closed once', async () => {
    const incidents = new Incidents({ clock, store });
    const first = incidents.add({ ...dropped, detail: 'try 1' });
    await clock.advance(60_000);
    const second = incidents.add({ ...dropped, detail: 'try 2' });
    expect(second).toMatchObject({ id: first.id, atMs: first.atMs, detail: 'try 2' });
    incidents.close(first.id, 'Resumed, nothing is missing');
    incidents.close(first.id, 'again');
    incidents.close('unknown');
    expect(incidents.list.value.incidents).toMatchObject([
      { state: 'closed', done: 'Resumed, nothing is missing', closedAtMs: day + 60_000 },
    ]);
    await clock.advance(1_000);
    incidents.add(dropped);
    expect(incidents.list.value.incidents.map((one) => one.state)).toEqual(['trouble', 'closed']);
    expect(rows.size).toBe(2);
  });
  test('what was decided twice within ten seconds is one; elsewhere it is another', async () => {
    const incidents = new Incidents({ clock, store });
    const decided = {
      kind: 'fallback',
      state: 'decided',
      serverId: 's',
      what: 'Records here',
      done: 'Desk took over',
    } as const;
    incidents.add(decided);
    incidents.add(decided);
    incidents.add({ ...decided, roomName: 'stage' });
    await clock.advance(11_000);
    incidents.add(decided);
    expect(incidents.list.value.incidents.length).toBe(3);
  });
  test('all troubles of a server end when it is back', () => {
    const incidents = new Incidents({ clock, store });
    incidents.add({ ...dropped, kind: 'server', what: 'away' });
    incidents.add({ ...dropped, kind: 'server', serverId: 'other', what: 'away' });
    incidents.closeWhere({ kind: 'server', serverId: 's' }, 'It is back');
    expect(incidents.list.value.incidents.map((one) => [one.serverId, one.state])).toEqual([
      ['other', 'trouble'],
      ['s', 'closed'],
    ]);
  });
  test('500 are listed, and no secret is in them', () => {
    const incidents = new Incidents({ clock, store });
    for (let i = 0; i < 520; i++) incidents.add({ ...dropped, what: `number ${i}` });
    incidents.addProblem(
      { code: 'x', fault: 'server', retryable: false, text: 'Refused', said: 'rtmp://h/app/streamkey' },
      { kind: 'job' },
    );
    expect(incidents.list.value.incidents.length).toBe(500);
    expect(incidents.list.value.incidents[0]?.detail).toBe('rtmp://h/app/{str...key}');
  });
});

describe('limits', () => {
  class Rows implements LimitStore {
    rows: LimitRow[] = [];
    save(row: LimitRow): void {
      this.remove(row.serverId, row.id, row.source);
      this.rows.push(row);
    }
    remove(serverId: string, id: string, source: string): void {
      this.rows = this.rows.filter((row) => row.serverId !== serverId || row.id !== id || row.source !== source);
    }
    list(serverId: string): readonly LimitRow[] {
      return this.rows.filter((row) => row.serverId === serverId);
    }
  }
  const kinds: Readonly<Record<string, ServerKind>> = { r: 'rehearsal', c: 'cloud', o: 'self-hosted' };
  const open = (store: LimitStore = new Rows()): LimitBook =>
    new LimitBook({ clock, store, kindOf: (serverId) => kinds[serverId] ?? null });

  test('two are declared for the rehearsal and for Cloud; nobody knows those of an own server', () => {
    const book = open();
    expect(book.find('r', 'egress')).toMatchObject({ limit: 2, source: 'declared', inUse: null, full: null });
    expect(book.find('c', 'egress')).toMatchObject({ limit: 2, source: 'declared' });
    expect(book.find('o', 'egress')).toMatchObject({ limit: null, source: 'unknown', note: 'never refused' });
  });
  test('a full one says what the next start meets', () => {
    const book = open();
    const cell = book.limits('r');
    book.setInUse('r', 'egress', 2);
    expect(cell.value.limits[0]).toMatchObject({
      inUse: 2,
      full: 'The next recording will be refused, and runs here.',
    });
    book.setInUse('r', 'egress', 1);
    expect(cell.value.limits[0]?.full).toBeNull();
  });
  test('what was said last counts, and survives', async () => {
    const store = new Rows();
    const book = open(store);
    book.declare('o', 'egress', 5);
    book.setInUse('o', 'egress', 3);
    await clock.advance(60_000);
    book.learn('o', 'egress');
    expect(open(store).find('o', 'egress')).toMatchObject({
      limit: 3,
      source: 'learned',
      note: 'learned 09:13 UTC from a refusal',
    });
    await clock.advance(60_000);
    book.declare('o', 'egress', 6);
    expect(book.find('o', 'egress')).toMatchObject({ limit: 6, source: 'declared', note: 'declared by you' });
    book.declare('o', 'egress', null);
    expect(book.find('o', 'egress')).toMatchObject({ limit: 3, source: 'learned' });
    book.setInUse('o', 'egress', 4);
    expect(book.find('o', 'egress')).toMatchObject({ limit: null, source: 'unknown' });
  });
  test('a refusal while nothing of ours runs teaches no number', () => {
    const book = open();
    book.learn('o', 'egress');
    expect(book.find('o', 'egress')).toMatchObject({ limit: null, source: 'unknown' });
  });
  test('readers are told of changes only; the disk is measured', () => {
    const book = open();
    const cell = book.limits('o');
    let told = 0;
    cell.on(() => told++);
    book.setInUse('o', 'desk', 0);
    book.setInUse('r', 'egress', 2);
    expect(told).toBe(0);
    book.setDisk({ freeBytes: 10e9, lastsMs: null });
    book.setDisk({ freeBytes: 10e9, lastsMs: null });
    expect(told).toBe(1);
    expect(book.find('o', 'disk')).toMatchObject({ limit: 10e9, unit: 'bytes', source: 'measured' });
    book.setDisk({ freeBytes: 10e9, lastsMs: 11_520_000 });
    expect(book.find('o', 'disk')).toMatchObject({ limit: 11_520_000, unit: 'ms', full: null });
    book.setDisk({ freeBytes: 9e6, lastsMs: null });
    expect(book.find('o', 'disk')?.full).toContain('9 MB');
  });
});

describe('figures of this computer', () => {
  test('are measured over the last seconds', async () => {
    let written = 0;
    let cpuMicros = 0;
    const watch = new SystemWatch({
      clock,
      log: silentLog,
      recordingsFolder: () => folder,
      writtenBytes: () => (written += 2_000_000),
      cpuMicros: () => (cpuMicros += 500_000),
      freeBytes: () => Promise.resolve(3_600_000_000),
    });
    await clock.advance(0);
    expect(watch.state.value).toMatchObject({ appCpuPercent: 0, diskFreeBytes: 3_600_000_000, diskLastsMs: null });
    await clock.advance(10_000);
    expect(watch.state.value).toMatchObject({ appCpuPercent: 25, diskLastsMs: 3_600_000 });
    await watch.close();
    expect(clock.waiting).toBe(0);
  });
  test('sleep is noticed by the wall clock, and nothing else is', async () => {
    let sleptMs = 0;
    let wakings = 0;
    const woke = Promise.withResolvers<void>();
    const watch = new SystemWatch({
      clock: { ...systemClock, nowMs: () => Date.now() + sleptMs },
      log: silentLog,
      recordingsFolder: () => folder,
      writtenBytes: () => 0,
      everyMs: 10,
      onWoke: () => {
        wakings++;
        woke.resolve();
      },
    });
    let samples = 0;
    for await (const _state of watch.state.read(AbortSignal.timeout(10_000))) if (++samples === 4) break;
    expect(wakings).toBe(0);
    sleptMs = 60_000;
    await woke.promise;
    for await (const _state of watch.state.read(AbortSignal.timeout(10_000))) if (++samples === 8) break;
    expect(wakings).toBe(1);
    await watch.close();
  });
  test('free room is told for a folder that is not there yet', async () => {
    const bytes = await freeBytesOf(join(folder, 'not', 'yet'));
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).not.toBeNull();
  });
});

test('the log takes out what is secret by its form', async () => {
  const file = openLogFile(join(folder, 'logs'));
  const log = createLog(file.sink);
  log.info('Joined', { url: 'ws://h/rtc?access_token=abcdef' });
  log.error('Failed', {}, new Error('invalid token: eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJkZXZrZXkifQ.c2ln'));
  await file.close();
  const text = readFileSync(join(folder, 'logs', 'cuedesk.log'), 'utf8');
  expect(text).not.toMatch(/abcdef|eyJ/);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map((line) => line['message'])).toEqual(expect.arrayContaining(['Joined', 'Failed']));
  expect(lines.length).toBe(2);
});
