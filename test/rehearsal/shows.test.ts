// A show with the whole console: saved, started as one batch, handed to another computer without its secrets.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { programRequest, type JobRequest } from '../../src/shared/model/job-request.ts';
import type { ShowJob } from '../../src/shared/model/show.ts';
import { noTiming } from '../../src/shared/model/timing.ts';
import { trackOwnersOf } from '../../src/shared/model/show-job.ts';
import { openWholeConsole, until, type WholeConsole } from '../support/whole-console.ts';
import { jobWhen } from '../support/whole-jobs.ts';

const streamKey = 'planted-stream-key-0f3a';

let desk: WholeConsole;
beforeAll(async () => {
  desk = await openWholeConsole({ egressLimit: 4 });
}, 90_000);
afterAll(() => desk.close());

test('a show starts all its jobs in one press, finds tracks by their owner, and says what it lacks', async () => {
  const { api, serverId } = desk;
  const roomName = 'town-hall';
  const { people } = await until(
    api.room({ serverId, roomName }),
    (room) => room.people.some((person) => person.tracks.some((track) => track.source === 'microphone')),
    'somebody with a microphone',
  );
  const speaker = people.find((person) => person.tracks.some((track) => track.source === 'microphone'));
  const sid = speaker?.tracks.find((track) => track.source === 'microphone')?.sid ?? '';
  const address = await api.saveAddress({
    name: 'Hall wall',
    kind: 'rtmp',
    url: `rtmp://127.0.0.1:1/live/${streamKey}`,
    keep: 'stored',
  });
  const program = programRequest('{room_name}-{time}.mp4');
  const stream: JobRequest = {
    ...program,
    outputs: { ...program.outputs, stream: { protocol: 'rtmp', destinationIds: [address.id] } },
  };
  const iso = {
    kind: 'track',
    trackSid: sid,
    output: { to: 'file', filePath: 'iso-{time}', hasManifest: true, storageId: null },
  } as const;
  const jobs: ShowJob[] = [
    { title: 'Program', mode: 'egress-only', request: program, trackOwners: {}, timing: noTiming },
    // As it was saved on another evening: the SID is of then, the owner is still the same.
    {
      title: 'Iso',
      mode: 'egress-only',
      request: { ...iso, trackSid: 'TR_of-another-evening' },
      trackOwners: Object.fromEntries(
        Object.values(trackOwnersOf(iso, people)).map((owner) => ['TR_of-another-evening', owner]),
      ),
      timing: noTiming,
    },
    { title: 'Wall', mode: 'egress-only', request: stream, trackOwners: {}, timing: noTiming },
  ];
  const show = await api.saveShow({ name: 'Town hall', jobs });

  // To another computer: one that does not have the address.
  const { text } = await api.exportShow({ showId: show.id });
  expect(text).toContain('Hall wall');
  for (const kept of [text, readFileSync(join(desk.folder, 'data/shows.json'), 'utf8')])
    expect(kept).not.toContain(streamKey);
  const twin = await api.importShow({ text });
  expect(twin.name).toBe('Town hall (2)');
  for (const { id } of [show, twin]) await api.removeShow({ showId: id });
  await api.removeAddress({ addressId: address.id });
  const imported = await api.importShow({ text });

  const outcome = await api.startShow({ serverId, roomName, showId: imported.id });
  expect(outcome.jobs.map(({ title, engine }) => [title, engine])).toEqual([
    ['Program', 'egress'],
    ['Iso', 'egress'],
    ['Wall', 'lacking'],
  ]);
  expect(outcome.jobs[2]?.problem?.text).toMatch(/^The address Hall wall .* is not in the address book\.$/);
  const { jobs: begun } = await until(
    api.jobs({ serverId }),
    (list) => ['Program', 'Iso'].every((title) => list.jobs.some((job) => job.title === title)),
    'both jobs of the show',
  );
  for (const job of begun) await jobWhen(api, job, (each) => each.phase === 'recording', 'to record');
  expect(begun.find((job) => job.title === 'Iso')?.request).toMatchObject({ trackSid: sid });
  for (const job of begun) await api.stopJob({ jobId: job.id });

  // Entered again under the same name, it is taken.
  await api.saveAddress({
    name: 'Hall wall',
    kind: 'rtmp',
    url: `rtmp://127.0.0.1:1/live/${streamKey}`,
    keep: 'stored',
  });
  const planned = await api.planShow({ serverId, roomName, showId: imported.id });
  expect(planned.jobs.map(({ engine }) => engine)).not.toContain('lacking');
});

test('a show starts its jobs at their hour and with what ends them, and its captions in one press', async () => {
  const { api, serverId } = desk;
  const roomName = 'backstage';
  const request = programRequest('{room_name}-{time}.mp4');
  const inTwoHours = new Date(Date.now() + 2 * 3_600_000);
  const beginsAt = `${inTwoHours.getHours()}:${String(inTwoHours.getMinutes()).padStart(2, '0')}`;
  const job = { mode: 'egress-only', request, trackOwners: {} } as const;
  const show = await api.saveShow({
    name: 'Evening',
    jobs: [
      { ...job, title: 'Now', timing: { ...noTiming, afterMin: 90, emptyMin: 5 } },
      { ...job, title: 'Encore', timing: { ...noTiming, beginsAt } },
    ],
    captions: { feed: 'direct', language: 'en', otherLanguages: ['fr'], vocabulary: ['Cuedesk'] },
  });
  // What ran before may still be ending: its sessions are counted until then.
  const planned = () => api.planShow({ serverId, roomName, showId: show.id });
  await expect.poll(async () => (await planned()).jobs[0]?.engine, { timeout: 20_000 }).toBe('egress');
  const outcome = await api.startShow({ serverId, roomName, showId: show.id });
  expect(outcome.jobs.map(({ title, engine, problem }) => [title, engine, problem])).toEqual([
    ['Now', 'egress', null],
    ['Encore', 'later', null],
    ['Captions', 'captions', null],
  ]);
  const { jobs } = await until(
    api.jobs({ serverId }),
    (list) => ['Now', 'Encore'].every((title) => list.jobs.some((each) => each.title === title)),
    'both jobs',
  );
  const of = (title: string) => jobs.find((each) => each.title === title);
  expect(of('Now')).toMatchObject({ startAtMs: null, autoStop: { afterMs: 5_400_000, emptyForMs: 300_000 } });
  expect(of('Encore')).toMatchObject({ phase: 'armed', autoStop: null });
  expect((of('Encore')?.startAtMs ?? 0) > Date.now()).toBe(true);
  const { sessions } = await until(
    api.captionSessions({ serverId }),
    (list) => list.sessions.some((each) => each.roomName === roomName && each.state === 'live'),
    'captions',
  );
  for (const { id } of sessions) await api.stopCaptions({ sessionId: id });
  for (const { id } of jobs) await api.stopJob({ jobId: id });
}, 60_000);
