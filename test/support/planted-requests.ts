import { JobRequest, programRequest } from '../../src/shared/model/job-request.ts';
import type { Show, ShowJob } from '../../src/shared/model/show.ts';
import { noTiming } from '../../src/shared/model/timing.ts';
import { jobEnd, jobWhen } from './whole-jobs.ts';
import type { Api } from './whole-console.ts';

/** Secrets that a producer's requests carry; each is found again by its own words. */
export const plantedInRequests = {
  streamKey: 'planted-stream-key-41f0aa',
  srtPassphrase: 'planted-srt-passphrase-8d2c',
  socketToken: 'planted-socket-token-c09e',
  pageToken: 'planted-page-token-77ab',
  templateToken: 'planted-template-token-5d5d',
  roomMetadata: 'planted-room-metadata-2e2e',
  accessKey: 'planted-access-key-5512',
  storageSecret: 'planted-storage-secret-09ff',
  sessionToken: 'planted-session-token-aa01',
  externalId: 'planted-external-id-3c3c',
  proxyPassword: 'planted-proxy-password-e4e4',
  monitorToken: 'planted-monitor-token-6b6b',
} as const;
const planted = plantedInRequests;

/**
 * Keeps addresses, a storage and a token that hold all of these, and starts jobs that use them, at ports where nobody
 * listens: they are refused or fail, in words. Resolves when all are over, with a show of them.
 */
export async function useEverySecret(api: Api, serverId: string): Promise<Show> {
  const address = async (kind: 'rtmp' | 'srt' | 'websocket' | 'page' | 'template', url: string): Promise<string> =>
    (await api.saveAddress({ name: kind, kind, url, followsLayout: false, keep: 'stored' })).id;
  const rtmp = await address('rtmp', `rtmp://127.0.0.1:9/live/${planted.streamKey}`);
  const srt = await address('srt', `srt://127.0.0.1:9?passphrase=${planted.srtPassphrase}`);
  const socket = await address('websocket', `ws://127.0.0.1:9/in?token=${planted.socketToken}`);
  const page = await address('page', `http://127.0.0.1:9/page?token=${planted.pageToken}`);
  const template = await address('template', `http://127.0.0.1:9/t?k=${planted.templateToken}`);
  const storage = await api.saveStorage({
    name: 'shows',
    isBackup: false,
    place: {
      provider: 's3',
      bucket: 'shows',
      region: 'r',
      endpoint: 'http://127.0.0.1:9',
      pathStyle: true,
      assumeRoleArn: 'arn:aws:iam::123456789012:role/r',
      metadata: {},
      tagging: '',
      contentDisposition: '',
      proxy: { url: 'http://127.0.0.1:9', username: 'ada' },
    },
    secrets: {
      accessKey: planted.accessKey,
      secret: planted.storageSecret,
      sessionToken: planted.sessionToken,
      externalId: planted.externalId,
      proxyPassword: planted.proxyPassword,
    },
    keep: 'stored',
  });
  await api.saveObservabilityToken({ token: planted.monitorToken, keep: 'stored' });

  const { outputs, ...room } = programRequest('planted-{time}', 'grid');
  const stream = (protocol: 'rtmp' | 'srt', id: string) => ({
    ...room,
    outputs: { ...outputs, file: null, stream: { protocol, destinationIds: [id] } },
  });
  const file = outputs.file && { ...outputs.file, storageId: storage.id };
  const encoded = { encoding: room.encoding, outputs };
  const requests: readonly (readonly [string, unknown])[] = [
    ['to RTMP', stream('rtmp', rtmp)],
    ['to SRT', stream('srt', srt)],
    ['to storage', { ...room, outputs: { ...outputs, file } }],
    ['of a template', { ...room, outputs, templateId: template }],
    ['of a page', { kind: 'web', pageId: page, tracks: 'both', awaitStartSignal: false, ...encoded }],
    [
      'to a socket',
      {
        kind: 'media',
        video: { by: 'none' },
        audio: { by: 'everybody' },
        output: { to: 'websocket', destinationId: socket },
      },
    ],
  ];
  const jobs = requests.map(([title, request]): ShowJob => {
    return { title, mode: 'egress-only', request: JobRequest.parse(request), trackOwners: {}, timing: noTiming };
  });
  await Promise.all(
    jobs.map(async ({ title, mode, request }) => {
      const job = await api.startJob({ serverId, roomName: 'town-hall', mode, title, request });
      // Sent to the server, and answered: refused, failed, or on the air.
      const answered = await jobWhen(
        api,
        job,
        ({ egress, phase }) => phase === 'failed' || egress?.egressId != null,
        'to be answered',
      );
      if (answered.phase !== 'failed') await api.stopJob({ jobId: job.id });
      await jobEnd(api, job);
    }),
  );
  return api.saveShow({ name: 'Planted', jobs });
}

/** All that leaves the console as a file: the history with its stories, captions, a show. Resolves to their texts. */
export async function takeOut(api: Api, show: Show, sessionId: string): Promise<readonly string[]> {
  const filter = { serverId: null, text: '', kind: null, state: null, fromMs: null, roomName: null };
  const files = await Promise.all([
    ...(['csv', 'json'] as const).map((format) => api.exportHistory({ filter, format })),
    ...(['srt', 'vtt', 'txt', 'json'] as const).map((format) => api.exportCaptions({ sessionId, format })),
    api.exportShow({ showId: show.id }),
  ]);
  return files.map(({ text }) => text);
}
