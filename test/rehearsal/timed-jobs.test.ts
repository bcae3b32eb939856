// Jobs that the clock begins and ends, through the whole console: its port, journal, and the rehearsal's egress.
import { expect, onTestFinished, test } from 'vitest';
import type { Job } from '../../src/shared/model/job.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { playThrough } from '../support/media-check.ts';
import { describeWith } from '../support/require.ts';
import { openWholeConsole } from '../support/whole-console.ts';
import { incidentsOf, jobEnd } from '../support/whole-jobs.ts';

const forMs = 2_000;
const noStop = { afterMs: null, atMs: null, emptyForMs: null, silentForMs: null };

describeWith('ffmpeg', 'the clock', () => {
  test('begins a job at its time and ends it after a time; one that waits can be cancelled', async () => {
    const whole = await openWholeConsole();
    onTestFinished(() => whole.close());
    const { api, serverId } = whole;
    const order = (title: string, startAtMs: number) => {
      const request = { ...programRequest(title), layout: '', tracks: 'audio' } as const;
      const autoStop = { ...noStop, afterMs: forMs };
      return api.startJob({
        serverId,
        roomName: 'town-hall',
        mode: 'egress-only',
        request,
        title,
        startAtMs,
        autoStop,
      });
    };
    const told = async (job: Job): Promise<readonly string[]> =>
      (await api.jobStory({ jobId: job.id })).lines.map((line) => line.told).filter(Boolean);

    const startAtMs = Date.now() + 2_000;
    const timed = await order('timed', startAtMs);
    const later = await order('later', startAtMs + 3_600_000);
    expect([timed.phase, timed.egress, later.phase]).toEqual(['armed', null, 'armed']);
    await api.stopJob({ jobId: later.id });
    expect(await jobEnd(api, later)).toMatchObject({ phase: 'done', text: 'Cancelled before it began.', files: [] });

    const done = await jobEnd(api, timed);
    expect(done).toMatchObject({ phase: 'done', egress: { status: 'complete' } });
    expect(done.egress?.startedAtMs).toBeGreaterThan(startAtMs);
    const { durationMs } = await playThrough(done.files[0]?.location ?? '');
    expect(durationMs).toBeGreaterThan(forMs - 200);
    const story = (await told(done)).join('\n');
    expect(story).toMatch(/^The scheduled time came\. [^]*Stopped by itself: It was to run for 2 s\./m);
    expect((await incidentsOf(api)).filter(({ jobId }) => jobId === done.id)).toEqual([
      expect.objectContaining({ what: '"timed" was stopped by its rule.', detail: 'It was to run for 2 s.' }),
    ]);
  });
});
