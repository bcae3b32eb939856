import { EgressInfo, EgressStatus } from '@livekit/protocol';
import { RoomServiceClient } from 'livekit-server-sdk';
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { describeWithLivekit, startLivekitServer } from '../support/livekit-server.ts';
import { startRedis } from '../support/redis.ts';
import { describeWith } from '../support/require.ts';
import { openConsoleIn, tempFolder, until } from '../support/whole-console.ts';
import { jobWhen } from '../support/whole-jobs.ts';

// What a killed egress host leaves behind: its row in redis stays ACTIVE for ever (measured), and nothing answers for it.
// The server and its redis are real, and the row is one that a worker would have written; only the worker never was.

const room = 'hall';
const rowOf = (egressId: string, roomId: string): EgressInfo => {
  const nowNs = BigInt(Date.now()) * 1_000_000n;
  return new EgressInfo({
    egressId,
    roomId,
    roomName: room,
    status: EgressStatus.EGRESS_ACTIVE,
    startedAt: nowNs,
    updatedAt: nowNs,
    request: { case: 'roomComposite', value: { roomName: room, layout: 'grid' } },
    fileResults: [{ filename: 'a.mp4', startedAt: nowNs }],
  });
};

async function findsAndForgets(program: string): Promise<void> {
  const folder = tempFolder();
  const redis = await startRedis(await freePort());
  const server = await startLivekitServer(program, { redisAddress: redis.address });
  const desk = await openConsoleIn(folder, null, { watchTiming: { orphanAfterMs: 1_000, recordersEveryMs: 500 } });
  try {
    const service = new RoomServiceClient(server.url, server.apiKey, server.apiSecret);
    const { sid } = await service.createRoom({ name: room, emptyTimeout: 300 });
    const row = rowOf('EG_gone', sid);
    await redis.ask('HSET', 'egress', row.egressId, row.toBinary());
    await redis.ask('SADD', `egress:room:${room}`, row.egressId);
    const { wsUrl: url, apiKey, apiSecret } = server;
    const { id: serverId } = await desk.api.saveServer({ name: 'real', url, apiKey, apiSecret, keep: 'this-run' });
    await desk.api.chooseServer({ serverId });

    const { jobs } = await until(desk.api.jobs({ serverId }), (value) => value.jobs.length > 0, 'the row');
    const [job] = jobs;
    if (!job) throw new Error('It was there.');
    expect(job).toMatchObject({ startedBy: 'elsewhere', phase: 'recording', egress: { egressId: row.egressId } });
    const warns = (code: string) =>
      jobWhen(desk.api, job, (one) => one.warnings.some((warning) => warning.code === code), `to warn of ${code}`);
    const [orphan] = (await warns('orphan')).warnings;
    expect(orphan).toMatchObject({ steps: ['record-here', 'retry', 'forget'] });

    await desk.api.stopJob({ jobId: job.id });
    const [gone] = (await warns('worker-gone')).warnings;
    expect(gone).toMatchObject({ steps: ['forget'] });
    expect(gone?.text).toContain('request timed out');

    await desk.api.forgetJob({ jobId: job.id });
    await jobWhen(desk.api, job, (one) => one.phase === 'failed' && one.warnings.length === 0, 'to be forgotten');
    const listed = await redis.ask('HEXISTS', 'egress', row.egressId);
    expect(listed).toBe(':1');
  } finally {
    await desk.close();
    await server.close();
    await redis.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describeWithLivekit('an orphan on a real livekit-server', (program) =>
  describeWith('redis', 'with redis', () =>
    test('is found, cannot be stopped, and is forgotten, though the server lists it on', () =>
      findsAndForgets(program)),
  ),
);
