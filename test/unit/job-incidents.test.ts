// What jobs have to tell, as the producer reads it in the incidents.
import { expect, test } from 'vitest';
import { tellOfJob } from '../../src/core/console/job-incidents.ts';
import type { JobNotice } from '../../src/core/jobs/job-controller-options.ts';
import { viewOf } from '../../src/core/jobs/job-view.ts';
import { Incidents } from '../../src/core/observe/incidents.ts';
import type { LimitBook } from '../../src/core/observe/limits.ts';
import { askedJob } from '../support/asked-job.ts';
import { FakeClock } from '../support/fake-clock.ts';

type GivenUp = Extract<JobNotice, { do: 'tellStreamGivenUp' }>;

test.each([
  ['as the address book calls it', 'adr_1', 'rtmp://live.example/app/{sec...key}', 'Main channel'],
  ['by its host where the book does not know it', 'adr_2', 'rtmp://live.example/app/{sec...key}', 'live.example'],
  ['by its host where it was added elsewhere', null, 'srt://sea.example:9000?streamid={sec...key}', 'sea.example:9000'],
  ['without any part of what is no address', null, '{sec...key}', 'one of its addresses'],
])('a stream that broke off is named %s', (_how, addressId, url, name) => {
  const incidents = new Incidents({ clock: new FakeClock() });
  const stream = { addressId, url, said: 'broken pipe', step: { at: 'waiting', sinceMs: 0, nextAtMs: 9 } };
  const notice = { do: 'tellStreamGivenUp', stream } as GivenUp; // as much of it as is told
  const job = viewOf(askedJob());
  tellOfJob(job, notice, incidents, {} as LimitBook, (id) => (id === 'adr_1' ? 'Main channel' : null));
  const [told] = incidents.list.value.incidents;
  expect(told?.what).toBe(`A stream broke off: "${job.title}" to ${name}.`);
});

test('a job that fails only after its stop, as an upload does, is told as that', () => {
  const incidents = new Incidents({ clock: new FakeClock() });
  const job = { ...viewOf(askedJob()), stopAskedAtMs: 2_000 };
  tellOfJob(job, { do: 'tellEgressEnded', said: '400 S3 upload failed' }, incidents, {} as LimitBook, () => null);
  expect(incidents.list.value.incidents[0]).toMatchObject({
    state: 'trouble',
    what: `"${job.title}" failed at the end.`,
    detail: '400 S3 upload failed',
  });
});
