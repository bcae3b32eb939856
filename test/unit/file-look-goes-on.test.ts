// The file of a job that ended long ago, and that was to be looked for again when the console was closed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JobBook } from '../../src/core/jobs/job-book.ts';
import { foundJob } from '../../src/core/jobs/new-job.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { openJournal } from '../../src/core/store/journal.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';
import { openConsoleIn } from '../support/whole-console.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'cuedesk-goes-on-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a console that was closed for days still looks for the file, and then for no more', async () => {
  const atMs = systemClock.nowMs() - 3 * 86_400_000;
  const journal = openJournal({ folder, log: silentLog, clock: systemClock });
  const made = { name: 'a.mp4', location: 's3://show/a.mp4', bytes: 5, durationMs: 1_000 };
  const old = foundJob(
    'srv',
    {
      egressId: 'EG_old',
      roomName: 'hall',
      kind: 'room-composite',
      status: 'complete',
      startedAtMs: atMs,
      mediaStartedAtMs: atMs,
      endedAtMs: atMs + 1_000,
      updatedAtNs: 1n,
      error: '',
      errorCode: 0,
      details: '',
      results: { ...noResults, files: [made] },
    },
    atMs,
  );
  new JobBook({ store: journal.jobs, recover: () => null, clock: systemClock }).put(old);
  const found = { state: 'unknown', text: 'not in the storage; it is looked for again', checksum: null } as const;
  const which = { jobId: old.id, fileId: 'egress-0', storage: null, bytes: null, durationMs: null };
  journal.fileChecks.save({ ...which, ...found, atMs: atMs + 2_000, againAtMs: atMs + 7_000 });
  await journal.close();

  const reopened = await openConsoleIn(folder, null);
  const stopping = new AbortController();
  for await (const { checks } of reopened.api.fileChecks({}, { signal: stopping.signal })) {
    if (checks[0]?.againAtMs !== null) continue;
    expect(checks[0]).toMatchObject({ state: 'unknown', text: 'no storage profile fits where it lies' });
    break;
  }
  stopping.abort();
  await reopened.close();
});
