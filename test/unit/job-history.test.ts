// The history of jobs: searched in a real journal, told, and handed over without formulas.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { historyCsv } from '../../src/core/jobs/history/history-csv.ts';
import { JobHistory } from '../../src/core/jobs/history/job-history.ts';
import { JobBook } from '../../src/core/jobs/job-book.ts';
import { JobEvents } from '../../src/core/jobs/job-events.ts';
import { advance } from '../../src/core/jobs/job-machine.ts';
import type { JobState } from '../../src/core/jobs/job-state.ts';
import { viewOf } from '../../src/core/jobs/job-view.ts';
import { orderedJob } from '../../src/core/jobs/new-job.ts';
import type { EgressSnapshot } from '../../src/core/jobs/ports.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { openJournal, type Journal } from '../../src/core/store/journal.ts';
import type { HistoryFilter } from '../../src/shared/contract/history.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';
import { programRequest, type JobRequest } from '../../src/shared/model/job-request.ts';
import { FakeClock } from '../support/fake-clock.ts';

const all: HistoryFilter = { serverId: null, roomName: null, text: '', kind: null, state: null, fromMs: null };
let folder = '';
let journal: Journal;
let history: JobHistory;
const clock = new FakeClock();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-history-'));
  journal = openJournal({ folder, log: silentLog, clock });
  history = new JobHistory(journal.jobSearch, journal.jobEvents, journal.fileChecks, () => false);
});
afterEach(async () => {
  await journal.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A job that ended complete, with one file; asked for at this moment. */
function ended(
  roomName: string,
  atMs: number,
  more: { request?: JobRequest; title?: string; error?: string } = {},
): JobState {
  const book = new JobBook({ store: journal.jobs, recover: () => null, clock });
  const events = new JobEvents(journal.jobEvents);
  const request = more.request ?? programRequest('a', 'grid');
  let job = orderedJob({ serverId: 's', roomName, mode: 'egress-only', request, title: more.title }, atMs);
  events.keep(job, atMs);
  const location = `s3://show/${roomName}.mp4`;
  const snapshot: EgressSnapshot = {
    egressId: `EG_${atMs}`,
    roomName,
    kind: 'room-composite',
    status: more.error ? 'failed' : 'complete',
    startedAtMs: atMs,
    mediaStartedAtMs: atMs + 1_000,
    endedAtMs: atMs + 61_000,
    updatedAtNs: 1n,
    error: more.error ?? '',
    errorCode: more.error ? 500 : 0,
    details: 'End reason: StopEgress API',
    results: { ...noResults, files: [{ name: location, location, bytes: 5_000, durationMs: 60_000 }] },
  };
  for (const event of [
    { type: 'begun', atMs } as const,
    { type: 'egressSeen', atMs: atMs + 62_000, snapshot } as const,
  ]) {
    const step = advance(job, event);
    events.record(job, event, step.state, step.effects);
    job = step.state;
  }
  book.put(job);
  return job;
}

test('is paged and searched in the journal by words, kind, state, server and time, newest first', () => {
  const oneDay = 86_400_000;
  const base = clock.nowMs() - 40 * oneDay; // long past the server's 24 h
  for (let index = 0; index < 120; index++) ended(`hall-${index}`, base + index * 1_000);
  ended('100%_room', base + oneDay, { error: 'signal: killed' });
  const { encoding, outputs } = programRequest('b');
  ended('lobby', base + 2 * oneDay, {
    request: { kind: 'participant', identity: 'ada', screenShare: false, encoding, outputs },
  });

  const first = history.page(all, 50, 0);
  expect([first.total, first.jobs.length]).toEqual([122, 50]);
  expect(first.jobs.slice(0, 3).map((job) => job.roomName)).toEqual(['lobby', '100%_room', 'hall-119']);
  expect(history.page(all, 50, 100).jobs).toHaveLength(22);

  const rooms = (filter: Partial<HistoryFilter>) =>
    history.page({ ...all, ...filter }, 100, 0).jobs.map((job) => job.roomName);
  expect(rooms({ text: 'HALL-11 s3://show' })).toHaveLength(11); // 11, and 110 to 119
  expect(rooms({ text: '0%_' })).toEqual(['100%_room']); // no wildcard of the searcher
  expect(rooms({ text: "' OR 1=1 --" })).toEqual([]);
  expect(rooms({ state: 'failed' })).toEqual(['100%_room']);
  expect(rooms({ kind: 'participant' })).toEqual(['lobby']);
  expect(rooms({ fromMs: base + oneDay })).toEqual(['lobby', '100%_room']);
  expect(rooms({ serverId: 'other' })).toEqual([]);
  expect(rooms({ roomName: 'hall-11' })).toEqual(['hall-11']); // and not hall-110
  expect(rooms({ roomName: 'hall-11', text: 'lobby' })).toEqual([]);
  expect(first.rooms.slice(0, 3)).toEqual(['lobby', '100%_room', 'hall-119']);
  expect(history.page({ ...all, serverId: 'other' }, 50, 0).rooms).toEqual([]);
});

test('knows a job with its files when the list of the day has long let it go', () => {
  const { id } = ended('hall', clock.nowMs() - 40 * 86_400_000);
  expect(new JobBook({ store: journal.jobs, recover: () => null, clock }).get(id)).toBeUndefined();
  expect(history.job(id)?.files[0]).toMatchObject({ name: 'hall.mp4', location: 's3://show/hall.mp4' });
  expect(history.job('none')).toBeNull();
});

test('tells what became of each file, also after a restart', async () => {
  const { id } = ended('hall', 1_000);
  const check = {
    jobId: id,
    fileId: 'egress-0',
    atMs: 90_000,
    state: 'differs',
    text: 'there, with 4 kB instead of the 5 kB that egress told',
    bytes: 4_000,
    durationMs: null,
    checksum: { kind: 'MD5', value: '5d41402abc4b2a76b9719d911017c592' },
    storage: 'Archive',
    againAtMs: null,
  } as const;
  journal.fileChecks.save({ ...check, state: 'unknown', text: 'not in the storage; it is looked for again' });
  journal.fileChecks.save(check);
  await journal.close();
  journal = openJournal({ folder, log: silentLog, clock });
  history = new JobHistory(journal.jobSearch, journal.jobEvents, journal.fileChecks, () => false);
  expect(journal.fileChecks.newest(10)).toEqual([check]);
  const { text } = history.export(all, 'csv');
  expect(text).toContain(`hall.mp4: ${check.text} (MD5 ${check.checksum.value})`);
  expect(text).toContain('1970-01-01T00:01:30.000Z');
  const json = JSON.parse(history.export(all, 'json').text) as { fileChecks: unknown }[];
  expect(json[0]?.fileChecks).toEqual([check]);
});

test('tells the story of a job with the server`s words', () => {
  const { id } = ended('hall', 1_000, { error: 'signal: killed' });
  const lines = history.story(id);
  expect(lines.map(({ told }) => told)).toEqual([
    'Start was pressed. The server is asked to start it.',
    'Failed at the server: 500 signal: killed.',
  ]);
  expect(lines[1]?.said).toBe('500 signal: killed; End reason: StopEgress API');
});

test('is handed over as CSV by RFC 4180 without a formula, and as JSON with the stories', () => {
  ended('hall "A", main', 1_000, { title: '=HYPERLINK("http://x","y")' });
  const csv = history.export(all, 'csv');
  const [head, row, end] = csv.text.split('\r\n');
  expect([csv.count, end]).toEqual([1, '']);
  expect(head).toMatch(/^requested \(UTC\),media began \(UTC\),ended \(UTC\),title,room/);
  expect(row).toContain(`"'=HYPERLINK(""http://x"",""y"")","hall ""A"", main",room-composite,egress,done,`);
  expect(row).toContain(',60,5000,');
  const json = JSON.parse(history.export(all, 'json').text) as { title: string; story: unknown[] }[];
  expect(json[0]?.story).toHaveLength(2);
});

test.each(['+1', '-1', '@x', '\tx', '\rx', '=x'])('keeps a text that begins like a formula a text: %j', (title) => {
  const job = {
    ...viewOf(orderedJob({ serverId: 's', roomName: 'r', mode: 'desk-only', request: { kind: 'room-sound' } }, 1)),
    title,
  };
  expect(historyCsv([job], () => [])).toMatch(/,"?'[=+\-@\t\r]/);
});
