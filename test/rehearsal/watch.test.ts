import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { watchTiming, type WatchTiming } from '../../src/core/jobs/watch/timing.ts';
import type { Incident } from '../../src/shared/model/incident.ts';
import type { Job } from '../../src/shared/model/job.ts';
import { type JobRequest, programRequest } from '../../src/shared/model/job-request.ts';
import { describeWith } from '../support/require.ts';
import { openWholeConsole, until, type WholeConsole } from '../support/whole-console.ts';
import { jobEnd, jobWhen, openMeters } from '../support/whole-jobs.ts';

// What does not go as it should is made so by a drill, seen by the console, told as an incident, and over again. The times
// of the watchdogs are short here; what they look at is the whole rehearsal.
const timing: WatchTiming = {
  startsWithinMs: { ...watchTiming.startsWithinMs, participant: 4_000 },
  endsWithinMs: 2_000,
  orphanAfterMs: 1_500,
  deskAwayAfterMs: 8_000,
  silentAfterMs: 5_000,
  stillAfterMs: 3_000,
  recordersEveryMs: 500,
  outputsEveryMs: 500,
};

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
const { file } = programRequest('watched-{time}').outputs;
const pictures = (storageId: string | null, folder: string) => ({
  captureIntervalS: 1,
  width: 0,
  height: 0,
  filenamePrefix: `${folder}/{time}`,
  filenameSuffix: 'index' as const,
  hasManifest: false,
  storageId,
});
const start = (title: string, request: JobRequest): Promise<Job> =>
  desk.api.startJob({ serverId: desk.serverId, roomName: 'town-hall', mode: 'egress-only', request, title });

const started = async (title: string, request: JobRequest): Promise<Job> =>
  jobWhen(desk.api, await start(title, request), (one) => one.phase === 'recording', 'to run');
async function stopped(job: Job): Promise<Job['phase']> {
  await desk.api.stopJob({ jobId: job.id });
  return (await jobEnd(desk.api, job)).phase;
}
async function storageId(): Promise<string | null> {
  const { storages } = await until(desk.api.storages({}), (value) => value.storages.length > 0, 'the storage');
  return storages.find(({ name }) => name === 'Rehearsal storage')?.id ?? null;
}

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
  test.concurrent(
    'a black picture is told after two looks at the images in the storage, and closes when light returns',
    async () => {
      const job = await started('Black', adaWith({ images: [pictures(await storageId(), 'black')] }));
      await desk.control.drill('black-picture');
      const { text, advice } = await warned(job, 'black');
      expect(text).toBe('The picture is black.');
      expect(advice).toContain('a camera may be covered');
      await desk.control.drill('black-picture');
      expect(await incidentWhen(job, text, 'closed')).toMatchObject({ kind: 'watch', done: 'It is over.' });
      expect(await stopped(job)).toBe('done');
    },
  );

  test.concurrent(
    'a silent room is told of a job without a rule, where meters listen anyway, and is over with the first word',
    async () => {
      const meters = await openMeters(desk.api, desk.serverId, 'town-hall');
      const job = await started('Silent', adaWith({ file }));
      await desk.control.drill('silent-rooms');
      const { text, advice } = await warned(job, 'silent');
      expect(text).toBe('The room has been silent for longer than 5 s.');
      expect(advice).toContain('somebody may be muted');
      await desk.control.drill('silent-rooms');
      await incidentWhen(job, text, 'closed');
      await meters.close();
      expect(await stopped(job)).toBe('done');
    },
  );

  test('images that no longer come are told with steps, and are over when they come again', async () => {
    const job = await started('Still', adaWith({ images: [pictures(await storageId(), 'still')] }));
    const kept = () => readdir(join(desk.folder, 'files/storage/recordings/still')).catch(() => []);
    await expect.poll(async () => (await kept()).length).toBeGreaterThan(0); // what was never there is not missed
    await desk.control.drill('hang-running');
    const { text, advice, steps } = await warned(job, 'still');
    expect(text).toBe('No new image has come into the storage for longer than it takes, 4 s.');
    expect(advice).toContain('the worker hang');
    expect(steps).toEqual(['record-here', 'retry']);
    await desk.control.drill('hang-running');
    await incidentWhen(job, text, 'closed');
    expect(await stopped(job)).toBe('done');
  });

  test('a job that hangs in starting, and then in ending, is told with its cause and steps, and goes on', async () => {
    await desk.control.drill('hang-starting');
    const job = await start('Hangs', adaWith({ file }));
    const starting = await warned(job, 'starting');
    expect(starting.text).toBe(
      'Has been starting for longer than is usual, 4 s. Nothing here says why; its worker may have too much to do.',
    );
    expect(starting.steps).toEqual(['record-here', 'retry']);
    await desk.control.drill('hang-starting');
    await incidentWhen(job, starting.text, 'closed');
    await jobWhen(desk.api, job, (one) => one.phase === 'recording', 'to run');
    await desk.control.drill('hang-ending');
    await desk.api.stopJob({ jobId: job.id });
    const ending = await warned(job, 'ending');
    expect(ending.text).toContain('the upload is slow, or its storage does not answer');
    expect(ending.steps).toEqual(['forget']);
    await desk.control.drill('hang-ending');
    expect((await jobEnd(desk.api, job)).phase).toBe('done');
    await incidentWhen(job, ending.text, 'closed');
  });

  test('a job whose worker was lost is an orphan: it is recorded here, forgotten, and its row at the server is no job anew', async () => {
    const job = await started('Orphan', adaWith({ file }));
    await desk.control.drill('orphan');
    const { text, steps } = await warned(job, 'orphan');
    expect(text).toContain('its recorder is not in the room');
    expect(steps).toEqual(['record-here', 'retry', 'forget']);
    await desk.api.recordHere({ jobId: job.id });
    await jobWhen(desk.api, job, (one) => one.desk?.status === 'recording', 'to be recorded here');
    await desk.api.forgetJob({ jobId: job.id });
    const isWell = (one: Job): boolean => one.engine === 'desk' && one.warnings.length === 0;
    const here = await jobWhen(desk.api, job, isWell, 'to go on here');
    expect(here.phase).toBe('recording');
    await incidentWhen(job, text, 'closed');
    expect(await stopped(job)).toBe('done');
    const { jobs } = await until(desk.api.jobs({ serverId: desk.serverId }), () => true, 'the jobs');
    expect(jobs.filter((one) => one.egress?.egressId === here.egress?.egressId)).toHaveLength(1);
  });
});
