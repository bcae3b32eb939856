// What a kill left of recordings here, in the folder of now and in one of before.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findRecordings, foldersToLookThrough } from '../../src/core/console/found-recordings.ts';
import { wavHeader, wavHeaderBytes } from '../../src/core/desk/wav-header.ts';
import { jobFileOf } from '../../src/core/jobs/desk-runner.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { Incidents } from '../../src/core/observe/incidents.ts';
import { askedJob } from '../support/asked-job.ts';
import { FakeClock } from '../support/fake-clock.ts';

const startedAtMs = 1_795_003_200_000;
const clock = new FakeClock(startedAtMs + 60_000);
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cuedesk-found-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A second of sound whose head does not know of it yet, and the note beside it, as a kill leaves them. */
async function leaveUnfinished(jobId: string): Promise<string> {
  const before = await mkdtemp(join(folder, 'before-'));
  const path = join(before, 'hall mix.wav');
  const head = wavHeader({ startedAtMs, description: 'hall', dataBytes: 0 });
  await writeFile(path, Buffer.concat([head, Buffer.alloc(96_000, 1)]));
  const note = { version: 1, jobId, pid: process.pid, startedAtMs, files: [{ name: 'hall mix.wav', identity: null }] };
  await writeFile(join(before, 'hall.recording.json'), JSON.stringify(note));
  return path;
}

it('is found where it was begun, though another folder was chosen since, and once', async () => {
  const path = await leaveUnfinished('job-1');
  const file = { name: 'hall mix.wav', path, identity: null, bytes: 0, durationMs: 0, startedAtMs };
  const state = { ...askedJob(), deskFiles: [jobFileOf(file, 1, false)] };
  const row = { id: 'job-1', serverId: 's', requestedAtMs: 1_000, isRunning: true };
  const running = [
    { ...row, state: JSON.stringify(state) },
    { ...row, id: 'job-2', state: 'not to be read' },
  ];
  const folders = foldersToLookThrough(join(folder, 'now'), { running: () => running });
  const incidents = new Incidents({ clock });
  const look = () => findRecordings(folders, { incidents, clock, log: silentLog });
  const found = await look();
  expect(found.recordings).toMatchObject([{ jobId: 'job-1', startedAtMs, endedAtMs: startedAtMs + 1_000 }]);
  expect((await readFile(path)).readUInt32LE(wavHeaderBytes - 4)).toBe(96_000);
  await found.forget();
  expect((await look()).recordings).toEqual([]);
  expect(await readdir(join(path, '..'))).toEqual(['hall mix.wav']);
  expect(incidents.list.value.incidents).toEqual([]);
});
