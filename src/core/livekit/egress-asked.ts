import { elsewhereId, JobRequest, type EgressRequest, type Outputs } from '../../shared/model/job-request.ts';

/** What an egress was asked for, as far as its server tells. */
export interface Asked {
  readonly request: EgressRequest;
  /** What it shows where that is no room: the host of a web page; else empty. */
  readonly subject: string;
  /** Its sound goes to a program through a WebSocket: a feed of somebody, not a recording. */
  readonly isFeed: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const fields = (value: unknown): Fields => (isFields(value) ? value : {});
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const flag = (value: unknown): boolean => value === true;
const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
const oneOf = <T extends string>(value: unknown, words: Readonly<Record<string, T>>, otherwise: T): T =>
  words[text(value)] ?? otherwise;

/**
 * Reads the request out of an EgressInfo with snake_case keys; null where it makes no sense. No address is in what it returns,
 * not even one that the server has shortened, and no storage: the server shows placeholders where their secrets were.
 */
export function readAsked(info: Fields): Asked | null {
  const read = requestIn(info);
  const parsed = JobRequest.safeParse(read?.request);
  if (!read || !parsed.success || parsed.data.kind === 'room-sound') return null;
  return { request: parsed.data, subject: read.subject ?? '', isFeed: isFeed(info) };
}

function requestIn(info: Fields): { readonly request: unknown; readonly subject?: string } | null {
  if (isFields(info['room_composite'])) {
    const from = info['room_composite'];
    const audioMixing = oneOf(
      from['audio_mixing'],
      { DUAL_CHANNEL_AGENT: 'dual-channel-agent', DUAL_CHANNEL_ALTERNATE: 'dual-channel-alternate' },
      'default',
    );
    return { request: { kind: 'room-composite', ...templateIn(from), audioMixing, ...encodedIn(from) } };
  }
  if (isFields(info['web'])) return webIn(info['web'], encodedIn(info['web']));
  if (isFields(info['participant'])) {
    const from = info['participant'];
    const who = { identity: text(from['identity']), screenShare: flag(from['screen_share']) };
    return { request: { kind: 'participant', ...who, ...encodedIn(from) } };
  }
  if (isFields(info['track_composite'])) {
    const from = info['track_composite'];
    const audioTrackSid = text(from['audio_track_id']) || null;
    const videoTrackSid = text(from['video_track_id']) || null;
    return { request: { kind: 'track-composite', audioTrackSid, videoTrackSid, ...encodedIn(from) } };
  }
  if (isFields(info['track'])) {
    const from = info['track'];
    const file = fields(from['file']);
    const output = isFields(from['file'])
      ? { to: 'file', filePath: text(file['filepath']), hasManifest: !flag(file['disable_manifest']), storageId: null }
      : { to: 'websocket', destinationId: elsewhereId };
    return { request: { kind: 'track', trackSid: text(from['track_id']), output } };
  }
  return isFields(info['egress']) ? newIn(info['egress']) : null;
}

/** A job of `StartEgress`. */
function newIn(from: Fields): ReturnType<typeof requestIn> {
  const encoded = { encoding: encodingIn(from), outputs: outputsIn(from) };
  const output = newSockets(from) ? { to: 'websocket', destinationId: elsewhereId } : { to: 'outputs', ...encoded };
  if (isFields(from['template'])) return { request: { kind: 'template', ...templateIn(from['template']), output } };
  if (isFields(from['web'])) return webIn(from['web'], encoded);
  if (!isFields(from['media'])) return null;
  const media = from['media'];
  const person = fields(media['participant_video']);
  const trackSid = text(media['video_track_id']);
  const video = trackSid
    ? { by: 'track', trackSid }
    : text(person['identity'])
      ? {
          by: 'participant',
          identity: text(person['identity']),
          preferScreenShare: flag(person['prefer_screen_share']),
        }
      : { by: 'none' };
  const routes = list(fields(media['audio'])['routes']).map(routeIn);
  const audio = flag(fields(media['audio'])['capture_all'])
    ? { by: 'everybody' }
    : routes.length > 0
      ? { by: 'routes', routes }
      : { by: 'none' };
  return { request: { kind: 'media', video, audio, output } };
}

const kinds = { AGENT: 'agent', SIP: 'sip', INGRESS: 'ingress' };
const channels = { AUDIO_CHANNEL_LEFT: 'left', AUDIO_CHANNEL_RIGHT: 'right' };
function routeIn(from: Fields): unknown {
  const trackSid = text(from['track_id']);
  const identity = text(from['participant_identity']);
  const match = trackSid
    ? { by: 'track', trackSid }
    : identity
      ? { by: 'identity', identity }
      : { by: 'kind', participantKind: oneOf(from['participant_kind'], kinds, 'standard') };
  return { match, channel: oneOf(from['channel'], channels, 'both') };
}

const templateIn = (from: Fields): Fields => ({
  layout: text(from['layout']),
  tracks: tracksIn(from),
  templateId: text(from['custom_base_url']) ? elsewhereId : null,
});
const tracksIn = (from: Fields): string =>
  flag(from['audio_only']) ? 'audio' : flag(from['video_only']) ? 'video' : 'both';

function webIn(from: Fields, encoded: Fields): ReturnType<typeof requestIn> {
  const url = text(from['url']);
  return {
    request: {
      kind: 'web',
      pageId: elsewhereId,
      tracks: tracksIn(from),
      awaitStartSignal: flag(from['await_start_signal']),
      ...encoded,
    },
    subject: URL.canParse(url) ? new URL(url).host : '',
  };
}

const encodedIn = (from: Fields): Fields => ({ encoding: encodingIn(from), outputs: outputsIn(from) });

const videoCodecs = { H264_BASELINE: 'h264-baseline', H264_MAIN: 'h264-main', H264_HIGH: 'h264-high' };
const audioCodecs = { OPUS: 'opus', AAC: 'aac', AC_MP3: 'mp3' };
function encodingIn(from: Fields): unknown {
  const advanced = from['advanced'];
  if (isFields(advanced))
    return {
      use: 'advanced',
      width: number(advanced['width']),
      height: number(advanced['height']),
      depth: number(advanced['depth']),
      framerateFps: number(advanced['framerate']),
      videoCodec: oneOf(advanced['video_codec'], videoCodecs, 'default'),
      videoBitrateKbps: number(advanced['video_bitrate']),
      keyFrameIntervalS: number(advanced['key_frame_interval']),
      audioCodec: oneOf(advanced['audio_codec'], audioCodecs, 'default'),
      audioBitrateKbps: number(advanced['audio_bitrate']),
      audioFrequencyHz: number(advanced['audio_frequency']),
    };
  const preset = text(from['preset']);
  if (preset === 'PASSTHROUGH') return { use: 'pass-through' };
  return preset ? { use: 'preset', preset } : { use: 'default' };
}

/** Outputs of either version: lists of the request, the older single ones, or one list of all. */
function outputsIn(from: Fields): Outputs | Fields {
  const all = (names: readonly string[], inList: string): readonly Fields[] => [
    ...names.flatMap((name) =>
      Array.isArray(from[name]) ? list(from[name]) : isFields(from[name]) ? [from[name]] : [],
    ),
    ...list(from['outputs']).flatMap((one) => (isFields(one[inList]) ? [one[inList]] : [])),
  ];
  const [file] = all(['file_outputs', 'file'], 'file');
  const [stream] = all(['stream_outputs', 'stream'], 'stream');
  const [segments] = all(['segment_outputs', 'segments'], 'segments');
  return {
    file: file
      ? {
          fileType: oneOf(file['file_type'], { MP4: 'mp4', OGG: 'ogg', MP3: 'mp3' }, 'default'),
          filePath: text(file['filepath']),
          ...stored(file),
        }
      : null,
    stream: stream
      ? { protocol: text(stream['protocol']) === 'SRT' || isSrt(stream) ? 'srt' : 'rtmp', destinationIds: [] }
      : null,
    segments: segments
      ? {
          filenamePrefix: text(segments['filename_prefix']),
          playlistName: text(segments['playlist_name']),
          livePlaylistName: text(segments['live_playlist_name']),
          segmentDurationS: number(segments['segment_duration']) || 4, // 0: as egress has it, 4 s
          filenameSuffix: oneOf(segments['filename_suffix'], { TIMESTAMP: 'timestamp' }, 'index'),
          ...stored(segments),
        }
      : null,
    images: all(['image_outputs', 'images'], 'images').map((images) => ({
      captureIntervalS: number(images['capture_interval']) || 10,
      width: number(images['width']),
      height: number(images['height']),
      filenamePrefix: text(images['filename_prefix']),
      filenameSuffix: oneOf(
        images['filename_suffix'],
        { IMAGE_SUFFIX_TIMESTAMP: 'timestamp', IMAGE_SUFFIX_NONE_OVERWRITE: 'overwrite' },
        'index',
      ),
      ...stored(images),
    })),
  };
}

const stored = (from: Fields): Fields => ({ hasManifest: !flag(from['disable_manifest']), storageId: null });
const urls = (stream: Fields): readonly string[] =>
  Array.isArray(stream['urls']) ? stream['urls'].filter((url) => typeof url === 'string') : [];
const isSrt = (stream: Fields): boolean => urls(stream).some((url) => url.startsWith('srt:'));
const isSocket = (stream: Fields): boolean =>
  text(stream['protocol']) === 'WEBSOCKET' || urls(stream).some((url) => /^wss?:/.test(url));
const newSockets = (from: Fields): boolean => list(from['outputs']).some((one) => isSocket(fields(one['stream'])));

function isFeed(info: Fields): boolean {
  if (isFields(info['track'])) return text(info['track']['websocket_url']) !== '';
  if (isFields(info['egress'])) return newSockets(info['egress']);
  return isFields(info['room_composite']) && list(info['room_composite']['stream_outputs']).some(isSocket);
}
