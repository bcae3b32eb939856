import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeWithLivekit, startLivekitServer } from '../support/livekit-server.ts';
import { openRealPeople } from '../support/people.ts';
import { openConsoleIn, tempFolder } from '../support/whole-console.ts';
import { incidentsOf, jobEnd, jobWhen } from '../support/whole-jobs.ts';

const room = 'hall';

async function endsAndReturns(program: string): Promise<void> {
  const folder = tempFolder();
  const server = await startLivekitServer(program);
  const people = openRealPeople(server);
  const desk = await openConsoleIn(folder, null);
  try {
    const { wsUrl: url, apiKey, apiSecret } = server;
    const { id: serverId } = await desk.api.saveServer({ name: 'real', url, apiKey, apiSecret, keep: 'this-run' });
    await people.join(room, 'ada');
    await people.act('ada', 'publish');
    const asked = {
      serverId,
      roomName: room,
      mode: 'desk-only',
      title: 'here',
      request: { kind: 'room-sound' },
    } as const;
    const job = await desk.api.startJob(asked);
    const hears = (identity: string) =>
      jobWhen(desk.api, job, ({ files }) => files.some((file) => file.identity === identity), `to hear ${identity}`);
    await hears('ada');
    await desk.api.endRoom({ serverId, roomName: room });
    await people.join(room, 'bob');
    await people.act('bob', 'publish');
    await hears('bob');
    await desk.api.stopJob({ jobId: job.id });
    const ended = await jobEnd(desk.api, job);
    expect(ended).toMatchObject({ phase: 'done', desk: { status: 'kept' } });
    expect(ended.files.map(({ identity }) => identity)).toEqual(expect.arrayContaining([null, 'ada', 'bob']));
    const gaps = (await incidentsOf(desk.api)).filter(({ kind }) => kind === 'gap');
    expect(gaps.map(({ detail }) => detail)).toContain('The room was ended, and opened again.');
  } finally {
    await desk.close();
    await people.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describeWithLivekit('a recording here, of a real server', (program) => {
  test('hears a room on that was ended and that others opened again', { timeout: 120_000 }, () =>
    endsAndReturns(program),
  );
});
