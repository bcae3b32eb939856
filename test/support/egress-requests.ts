import type { RequestSecrets, StorageUpload } from '../../src/core/livekit/egress-request/secrets.ts';
import { AutoEgress } from '../../src/shared/model/auto-egress.ts';
import { JobRequest, type EgressRequest } from '../../src/shared/model/job-request.ts';

/** Raw addresses and storages by id: what the books of a console would give. */
const addresses: Readonly<Record<string, string>> = {
  rtmp: 'rtmps://live.example/app/streamkey',
  mux: 'mux://8e0a1b2c',
  srt: 'srt://10.0.0.9:9000?passphrase=supersecret12',
  socket: 'wss://desk.example/egress/a-token',
  page: 'https://stage.example/layout?theme=dark',
};
const proxy = { url: 'http://proxy.example:3128', username: 'ada', password: 'proxy-password' };
const storages: Readonly<Record<string, StorageUpload>> = {
  s3: {
    provider: 's3',
    bucket: 'shows',
    accessKey: 'AKIA',
    secret: 'shh',
    sessionToken: 'session',
    assumeRoleArn: 'arn:aws:iam::1:role/r',
    assumeRoleExternalId: 'external',
    region: 'eu-central-1',
    endpoint: 'https://s3.example',
    forcePathStyle: true,
    metadata: { show: 'evening' },
    tagging: 'a=b',
    contentDisposition: 'attachment',
    proxy,
  },
  's3-by-role': { provider: 's3', bucket: 'shows' },
  gcp: { provider: 'gcp', bucket: 'shows', credentials: '{"type":"service_account"}', proxy },
  azure: { provider: 'azure', accountName: 'ada', accountKey: 'a2V5', containerName: 'shows' },
  alioss: { provider: 'alioss', bucket: 'shows', accessKey: 'LTAI', secret: 'shh', region: 'r', endpoint: 'e' },
  folder: { provider: 'server-local', folder: '/recordings/' },
};
export const secrets: RequestSecrets = {
  address: (id) => addresses[id] ?? fail(id),
  storage: (id) => storages[id] ?? fail(id),
};
const fail = (id: string): never => {
  throw new Error(`no entry ${id}`);
};

/** Requests of every kind with random outputs, encodings and storages; the same ones for the same seed. */
export function randomRequest(seed: number): EgressRequest {
  const random = generator(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const one = <T>(...of: readonly T[]): T => of[below(of.length)] as T;
  const storageId = (): string | null => one(null, ...Object.keys(storages));
  const hasManifest = (): boolean => one(true, false);
  const file = () => ({
    fileType: one('default', 'mp4', 'ogg', 'mp3'),
    filePath: one('', '{room_name}/{time}-{retry}'),
    hasManifest: hasManifest(),
    storageId: storageId(),
  });
  const outputs = () => ({
    file: one(null, file()),
    stream: one(
      null,
      { protocol: 'rtmp', destinationIds: one([], ['rtmp'], ['rtmp', 'mux']) },
      { protocol: 'srt', destinationIds: ['srt'] },
    ),
    segments: one(null, {
      filenamePrefix: 'hls/{room_name}',
      playlistName: 'index.m3u8',
      livePlaylistName: one('', 'live.m3u8'),
      segmentDurationS: 1 + below(10),
      filenameSuffix: one('index', 'timestamp'),
      hasManifest: hasManifest(),
      storageId: storageId(),
    }),
    images: Array.from({ length: below(3) }, () => ({
      captureIntervalS: 1 + below(60),
      width: one(0, 640),
      height: one(0, 360),
      filenamePrefix: one('', 'still/{time}'),
      filenameSuffix: one('index', 'timestamp', 'overwrite'),
      hasManifest: hasManifest(),
      storageId: storageId(),
    })),
  });
  const encoding = (...more: readonly unknown[]) =>
    one<unknown>(
      { use: 'default' },
      {
        use: 'preset',
        preset: `${one('', 'PORTRAIT_')}H264_${one('720P_30', '720P_60', '1080P_30', '1080P_60')}`,
      },
      {
        use: 'advanced',
        width: one(0, 1280),
        height: one(0, 720),
        depth: one(0, 16),
        framerateFps: one(0, 25),
        videoCodec: one('default', 'h264-baseline', 'h264-main', 'h264-high'),
        videoBitrateKbps: one(0, 4500),
        keyFrameIntervalS: one(0, 2, 1.5),
        audioCodec: one('default', 'opus', 'aac', 'mp3'),
        audioBitrateKbps: one(0, 192),
        audioFrequencyHz: one(0, 48_000),
      },
      ...more,
    );
  const encoded = () => ({ encoding: encoding(), outputs: outputs() });
  const asItComes = { use: 'pass-through' };
  const tracks = one('both', 'audio', 'video');
  const layout = one('', 'speaker-light');
  const templateId = one(null, 'page');
  const toSocket = { to: 'websocket', destinationId: 'socket' };
  const toFile = { to: 'file', filePath: one('', 'a/{track_id}'), hasManifest: hasManifest(), storageId: storageId() };
  const media = () => one<unknown>({ to: 'outputs', encoding: encoding(asItComes), outputs: outputs() }, toSocket);
  const route = () => ({
    match: one<unknown>(
      { by: 'track', trackSid: 'TR_1' },
      { by: 'identity', identity: 'ada' },
      { by: 'kind', participantKind: one('standard', 'agent', 'sip', 'ingress') },
    ),
    channel: one('both', 'both', 'left', 'right'),
  });
  const trackComposite = {
    kind: 'track-composite',
    ...(one<unknown>(
      { audioTrackSid: 'TR_1', videoTrackSid: 'TR_2', ...encoded() },
      { audioTrackSid: null, videoTrackSid: 'TR_2', ...encoded() },
      { audioTrackSid: 'TR_1', videoTrackSid: null, encoding: asItComes, outputs: outputs() },
      { audioTrackSid: null, videoTrackSid: 'TR_2', encoding: asItComes, outputs: outputs() },
    ) as object), // spread into a value that zod parses below
  };
  return JobRequest.parse(
    one<unknown>(
      {
        kind: 'room-composite',
        layout,
        tracks,
        templateId,
        audioMixing: one('default', 'dual-channel-agent', 'dual-channel-alternate'),
        ...encoded(),
      },
      { kind: 'web', pageId: 'page', tracks, awaitStartSignal: one(true, false), ...encoded() },
      { kind: 'participant', identity: 'ada', screenShare: one(true, false), ...encoded() },
      trackComposite,
      { kind: 'track', trackSid: 'TR_1', output: one<unknown>(toSocket, toFile) },
      { kind: 'template', layout, tracks, templateId, output: one<unknown>({ to: 'outputs', ...encoded() }, toSocket) },
      {
        kind: 'media',
        video: one<unknown>(
          { by: 'none' },
          { by: 'track', trackSid: 'TR_2' },
          { by: 'participant', identity: 'ada', preferScreenShare: one(true, false) },
        ),
        audio: one<unknown>(
          { by: 'none' },
          { by: 'everybody' },
          { by: 'routes', routes: [route()] },
          { by: 'routes', routes: [route(), route()] },
        ),
        output: media(),
      },
    ),
  ) as EgressRequest; // none of these is the sound of a room
}

/** Random ways to ask for all three, from the random requests of every kind. */
export function* randomAutoEgress(): Generator<AutoEgress> {
  let room: AutoEgress['room'] = null;
  let participant: AutoEgress['participant'] = null;
  let tracks: AutoEgress['tracks'] = null;
  for (let seed = 0; seed < 2_000; seed++) {
    const request = randomRequest(seed);
    if (request.kind === 'room-composite') room = request;
    if (request.kind === 'participant') participant = AutoEgress.shape.participant.parse(request);
    if (request.kind === 'track' && request.output.to === 'file')
      tracks = AutoEgress.shape.tracks.parse(request.output);
    yield {
      room: seed % 3 ? room : null,
      participant: seed % 5 ? participant : null,
      tracks: seed % 7 ? tracks : null,
    };
  }
}
/** mulberry32: small, and good enough to shuffle forms. */
function generator(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
