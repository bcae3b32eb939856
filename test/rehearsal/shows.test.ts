// A show with the whole console: saved, started as one batch, handed to another computer without its secrets.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { programRequest, type JobRequest } from '../../src/shared/model/job-request.ts';
import type { ShowJob } from '../../src/shared/model/show.ts';
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
    { title: 'Program', mode: 'egress-only', request: program, trackOwners: {} },
    // As it was saved on another evening: the SID is of then, the owner is still the same.
    {
      title: 'Iso',
      mode: 'egress-only',
      request: { ...iso, trackSid: 'TR_of-another-evening' },
      trackOwners: Object.fromEntries(
        Object.values(trackOwnersOf(iso, people)).map((owner) => ['TR_of-another-evening', owner]),
      ),
    },
    { title: 'Wall', mode: 'egress-only', request: stream, trackOwners: {} },
  ];
  const show = await api.saveShow({ name: 'Town hall', jobs });

  // To another computer: one that does not have the address.
  const { text } = await api.exportShow({ showId: show.id });
  expect(text).toContain('Hall wall');
  for (const kept of [text, readFileSync(join(desk.folder, 'data/shows.json'), 'utf8')])
    expect(kept).not.toContain(streamKey);
  await api.removeAddress({ addressId: address.id });
  const imported = await api.importShow({ text });
  expect(imported.name).toBe('Town hall (2)');

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
