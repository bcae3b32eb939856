import { afterAll, beforeAll, expect, test } from 'vitest';
import { watchTiming } from '../../src/core/jobs/watch/timing.ts';
import type { Incident } from '../../src/shared/model/incident.ts';
import type { Job } from '../../src/shared/model/job.ts';
import { type JobRequest, programRequest } from '../../src/shared/model/job-request.ts';
import { describeWith } from '../support/require.ts';
import { openWholeConsole, until, type WholeConsole } from '../support/whole-console.ts';
import { jobEnd, jobWhen } from '../support/whole-jobs.ts';

// What does not go as it should is made so by a drill, seen by the console, told as an incident, and over again. The times
// of the watchdogs are short here; what they look at is the whole rehearsal.
const timing = { ...watchTiming, outputsEveryMs: 500 };

let desk: WholeConsole;
beforeAll(async () => {
  desk = await openWholeConsole({ egressLimit: 8, watchTiming: timing });
});
afterAll(() => desk.close());

/** Ada alone: recorders of single people begin soonest. */
const adaWith = (outputs: Partial<ReturnType<typeof programRequest>['outputs']>): JobRequest => {
  const { encoding, outputs: program } = programRequest('');
  const none = { ...program, file: null };
  return {
    kind: 'participant',
    identity: 'ada-lindqvist',
    screenShare: false,
    encoding,
    outputs: { ...none, ...outputs },
  };
};
const pictures = (storageId: string | null) => ({
  captureIntervalS: 1,
  width: 0,
  height: 0,
  filenamePrefix: 'seen/{time}',
  filenameSuffix: 'index' as const,
  hasManifest: false,
  storageId,
});
const start = (title: string, request: JobRequest): Promise<Job> =>
  desk.api.startJob({ serverId: desk.serverId, roomName: 'town-hall', mode: 'egress-only', request, title });

/** The job warns, with its steps; then its incident, as far as it is told. */
async function warned(job: Job, code: string): Promise<Job['warnings'][number]> {
  const has = (one: Job): boolean => one.warnings.some((warning) => warning.code === code);
  const { warnings } = await jobWhen(desk.api, job, has, `to warn of ${code}`);
  const warning = warnings.find((one) => one.code === code);
  if (!warning) throw new Error('It was there.');
  await incidentWhen(job, warning.text, 'trouble');
  return warning;
}
async function incidentWhen(job: Job, text: string, state: Incident['state']): Promise<Incident> {
  const fits = (one: Incident): boolean => one.jobId === job.id && one.what.includes(text) && one.state === state;
  const { incidents } = await until(
    desk.api.incidents({}),
    (value) => value.incidents.some(fits),
    `${text} to be ${state}`,
  );
  return incidents.find(fits) as Incident; // it was just seen
}

describeWith('ffmpeg', 'watchdogs', () => {
  test('a black picture is told after two looks at the images in the storage, and closes when light returns', async () => {
    const { storages } = await until(
      desk.api.storages({}),
      (value) => value.storages.some(({ name }) => name === 'Rehearsal storage'),
      'the storage of the rehearsal',
    );
    const job = await start('Black', adaWith({ images: [pictures(storages[0]?.id ?? null)] }));
    await jobWhen(desk.api, job, (one) => one.phase === 'recording', 'to run');
    await desk.control.drill('black-picture');
    const { text, advice } = await warned(job, 'black');
    expect(text).toBe('The picture is black.');
    expect(advice).toContain('a camera may be covered');
    await desk.control.drill('black-picture');
    const closed = await incidentWhen(job, text, 'closed');
    expect(closed).toMatchObject({ kind: 'watch', done: 'It is over.' });
    await desk.api.stopJob({ jobId: job.id });
    expect((await jobEnd(desk.api, job)).phase).toBe('done');
  });
});
