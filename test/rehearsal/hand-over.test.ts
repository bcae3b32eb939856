// The session limit of a server, through the whole console: a rehearsal ends every egress after some seconds.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'vitest';
import type { Job } from '../../src/shared/model/job.ts';
import type { InOverlap } from '../programs/hand-over-to-kill.ts';
import { playThrough } from '../support/media-check.ts';
import { describeWith } from '../support/require.ts';
import {
  type Api,
  openConsoleIn,
  openWholeConsole,
  rehearsalProgram,
  rehearsalServerId,
  tempFolder,
} from '../support/whole-console.ts';
import { incidentsOf, jobEnd, jobWhen, startLimited } from '../support/whole-jobs.ts';

const sessionLimitS = 15;
const isAlone = (job: Job): boolean => job.takesOver?.isOver === true;
const storyOf = async (api: Api, job: Job): Promise<string> =>
  (await api.jobStory({ jobId: job.id })).lines.map(({ told }) => told).join('\n');

/** From when to when its first file was recorded, by playing it. */
async function spanOf(job: Job): Promise<{ readonly fromMs: number; readonly toMs: number }> {
  const file = job.files.find(({ content }) => content === 'program');
  const { durationMs } = await playThrough(file?.location ?? '');
  const fromMs = file?.startedAtMs ?? NaN;
  return { fromMs, toMs: fromMs + durationMs };
}

describeWith('ffmpeg', 'a session limit', () => {
  test.concurrent(
    'is met by an overlap without a hole, also where the console is killed in it',
    async ({ expect, onTestFinished }) => {
      const folder = tempFolder();
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const rehearsal = await rehearsalProgram(join(folder, 'files'), { sessionLimitS });
      onTestFinished(() => rehearsal.close());
      const child = fork(resolve('test/programs/hand-over-to-kill.ts'), [join(folder, 'data')], {
        env: {
          ...process.env,
          REHEARSAL: JSON.stringify(rehearsal.connection),
          LIMIT_MS: String(sessionLimitS * 1_000),
        },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      const [{ oldId, nextId }] = (await once(child, 'message')) as [InOverlap];
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;

      const again = await openConsoleIn(join(folder, 'data'), rehearsal.connection);
      onTestFinished(() => again.close());
      const { api } = again;
      const serverId = await rehearsalServerId(api);
      const old = await jobEnd(api, { id: oldId, serverId, title: 'the first part' } as Job);
      const next = await jobWhen(api, { id: nextId, serverId, title: 'the next' } as Job, isAlone, 'to stand alone');
      expect([old.phase, next.phase]).toEqual(['done', 'recording']);
      await api.stopJob({ jobId: next.id });
      const [first, second] = [await spanOf(old), await spanOf(await jobEnd(api, next))];
      expect(second.fromMs).toBeLessThan(first.toMs);
      expect(second.toMs).toBeGreaterThan(first.toMs);

      const filter = { serverId, roomName: null, text: '', kind: null, state: null, fromMs: null };
      expect((await api.history({ filter, offset: 0, limit: 9 })).total).toBe(2); // no third part
      expect(await storyOf(api, old)).toContain('"show (part 2)" is started beside it, to take over.');
      expect(await storyOf(api, next)).toContain('The hand-over of "show" is over.');
    },
  );

  test.concurrent(
    'is met by the desk where no session is free, and what is kept where is told',
    async ({ expect, onTestFinished }) => {
      const whole = await openWholeConsole({ egressLimit: 1, sessionLimitS });
      onTestFinished(() => whole.close());
      const { api, serverId } = whole;
      await api.declareLimit({ serverId, id: 'egress', limit: 1 });
      const old = await startLimited(api, serverId, sessionLimitS * 1_000, 'best');
      const { handOver } = await jobWhen(api, old, (job) => job.handOver?.at === 'over', 'to be handed over', 60_000);
      const next = await jobWhen(api, { ...old, id: handOver?.successorId ?? '' }, isAlone, 'to stand alone');
      const bridge = await jobEnd(api, { ...old, id: handOver?.bridgeId ?? '', title: 'the bridge' });
      await api.stopJob({ jobId: next.id });
      const [first, between, second] = [
        await spanOf(await jobEnd(api, old)),
        await spanOf(bridge),
        await spanOf(await jobEnd(api, next)),
      ];
      expect(between.fromMs).toBeLessThan(first.toMs);
      expect(between.toMs).toBeGreaterThan(second.fromMs);
      expect(await storyOf(api, old)).toContain(
        'No overlap is possible: no session is free. The desk keeps the sound until the next part records.',
      );
      expect((await incidentsOf(api)).map(({ done }) => done)).toContain(
        'No session was free for an overlap: the sound between the parts is kept here, in a recording of its own.',
      );
    },
  );
});
