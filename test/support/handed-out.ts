import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { plantedInRequests } from './planted-requests.ts';
import { type Api, until } from './whole-console.ts';
import { jobEnd, jobWhen } from './whole-jobs.ts';

/**
 * What a producer is handed, once, and nobody else: a token that joins a room, and a signed address of a file; and what rooms
 * carry. `silent` is an Api whose answers are not searched. Returns the secrets.
 */
export async function handOut(silent: Api, serverId: string): Promise<Readonly<Record<string, string>>> {
  const order = { role: 'guest', roomName: 'town-hall', identity: 'guest', name: '', validForS: 600 } as const;
  const { token } = await silent.makeJoinLink({ serverId, order });

  const plain = { emptyTimeoutS: null, departureTimeoutS: null, maxPeople: null } as const;
  const autoEgress = { room: null, participant: null, tracks: null };
  const { roomMetadata: metadata } = plantedInRequests;
  await silent.createRoom({
    serverId,
    room: { ...plain, name: 'vault', metadata: `{"key":"${metadata}"}`, autoEgress },
  });
  await silent.editRoomMetadata({ serverId, roomName: 'vault', metadata: `again ${metadata}` });

  const { storages } = await until(silent.storages({}), (value) => value.storages.length > 0, 'a storage');
  const storageId = storages.find(({ name }) => name === 'Rehearsal storage')?.id ?? null;
  const request = { ...programRequest('handed-{time}', ''), tracks: 'audio' } as const;
  const file = request.outputs.file && { ...request.outputs.file, storageId };
  const start = { serverId, roomName: 'town-hall', mode: 'egress-only', title: 'handed' } as const;
  const job = await silent.startJob({ ...start, request: { ...request, outputs: { ...request.outputs, file } } });
  await jobWhen(silent, job, ({ phase }) => phase === 'recording', 'to record');
  await silent.stopJob({ jobId: job.id });
  await jobEnd(silent, job);
  const isThere = ({ jobId, state }: { jobId: string; state: string }): boolean =>
    jobId === job.id && state === 'there';
  const { checks } = await until(silent.fileChecks({}), (value) => value.checks.some(isThere), 'the file');
  const which = { jobId: job.id, fileId: checks.find(isThere)?.fileId ?? '' };
  const { url } = await silent.linkFile(which);
  const signature = new URL(url).searchParams.get('X-Amz-Signature') ?? '';
  const played = await silent.fileAddress(which);
  const answer = await fetch(played.url, { headers: { range: 'bytes=0-9' } });
  await answer.arrayBuffer();
  const ticket = new URL(played.url).pathname.split('.').at(-1) ?? '';
  return { joinToken: token, signature, ticket };
}

/** *Test* against a storage that answers with all that it was sent. */
export async function askAnEcho(api: Api): Promise<void> {
  const server = createServer((request, response) => {
    const sent = `${request.url} ${JSON.stringify(request.headers)} ${plantedInRequests.storageSecret}`;
    response.writeHead(403, { 'content-type': 'application/xml' });
    response.end(`<Error><Code>AccessDenied</Code><Message><![CDATA[${sent}]]></Message></Error>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { accessKey, storageSecret: secret, sessionToken } = plantedInRequests;
    await api.testStorage({
      place: {
        provider: 's3',
        bucket: 'shows',
        region: 'r',
        endpoint,
        pathStyle: true,
        assumeRoleArn: '',
        metadata: {},
        tagging: '',
        contentDisposition: '',
        proxy: null,
      },
      secrets: { accessKey, secret, sessionToken },
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
