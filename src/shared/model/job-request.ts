import { z } from 'zod';

/**
 * What is recorded or streamed, as the form holds it: one shape a kind, with only the fields that apply to it. Addresses that
 * may carry a secret (stream keys, passphrases, tokens) are not in here but in the address book; a request names them by id.
 * Field meanings, defaults and limits: livekit_egress.proto, protocol 1.51.
 */

/** An entry of the address book (`model/destination.ts`). */
const AddressId = z.string().min(1).max(64);
/** Stands for an address that only whoever started the job elsewhere has: nothing can be started with it. */
export const elsewhereId = 'elsewhere';
/** A storage profile (`model/storage.ts`); null: where the egress worker is set to store, which may be its own disk. */
const StorageId = z.string().min(1).max(64).nullable();
/** Template of a name at the server; `{room_name}`, `{time}` and so on are filled in there. */
const NameTemplate = z.string().max(512);
const TrackSid = z.string().min(1).max(64);
const Identity = z.string().min(1).max(256);

export const FileOutput = z.object({
  /** `default`: egress takes the container that fits the codecs. */
  fileType: z.enum(['default', 'mp4', 'ogg', 'mp3']),
  /** Empty or ending in `/`: egress names the file itself. */
  filePath: NameTemplate,
  hasManifest: z.boolean(),
  storageId: StorageId,
});
type FileOutput = z.infer<typeof FileOutput>;

const SegmentsOutput = z.object({
  filenamePrefix: NameTemplate,
  playlistName: NameTemplate,
  /** A second playlist that slides along with the newest five segments; empty: none. */
  livePlaylistName: NameTemplate,
  segmentDurationS: z.number().int().min(1).max(600),
  filenameSuffix: z.enum(['index', 'timestamp']),
  hasManifest: z.boolean(),
  storageId: StorageId,
});

const ImagesOutput = z.object({
  captureIntervalS: z.number().int().min(1).max(86_400),
  /** 0: as large as the picture. */
  width: z.number().int().min(0).max(7_680),
  height: z.number().int().min(0).max(7_680),
  filenamePrefix: NameTemplate,
  /** `overwrite`: one file, always the newest picture. */
  filenameSuffix: z.enum(['index', 'timestamp', 'overwrite']),
  hasManifest: z.boolean(),
  storageId: StorageId,
});

const StreamOutput = z.object({
  /** Every address of one job speaks the same protocol. */
  protocol: z.enum(['rtmp', 'srt']),
  /** May be empty beside another output: addresses can be added while it runs. */
  destinationIds: z.array(AddressId).max(20),
});

/** All outputs of one job at once: at most one file, one stream, one set of segments, and several sets of images. */
export const Outputs = z.object({
  file: FileOutput.nullable(),
  stream: StreamOutput.nullable(),
  segments: SegmentsOutput.nullable(),
  images: z.array(ImagesOutput).max(4),
});
export type Outputs = z.infer<typeof Outputs>;
/** What is kept, of egress that has neither streams nor images. */
export const KeptOutputs = Outputs.pick({ file: true, segments: true });

const encodingPresets = [
  'H264_720P_30',
  'H264_720P_60',
  'H264_1080P_30',
  'H264_1080P_60',
  'PORTRAIT_H264_720P_30',
  'PORTRAIT_H264_720P_60',
  'PORTRAIT_H264_1080P_30',
  'PORTRAIT_H264_1080P_60',
] as const;

/** 0 and `default` leave a value to egress: 1280x720, 30 fps, 3000 kbit/s, H.264 main, audio 128 kbit/s at 44.1 kHz. */
const AdvancedEncoding = z.object({
  use: z.literal('advanced'),
  width: z.number().int().min(0).max(7_680),
  height: z.number().int().min(0).max(7_680),
  /** Bits a pixel of the captured screen: 8, 16, 24. */
  depth: z.number().int().min(0).max(32),
  framerateFps: z.number().int().min(0).max(120),
  videoCodec: z.enum(['default', 'h264-baseline', 'h264-main', 'h264-high']),
  videoBitrateKbps: z.number().int().min(0).max(100_000),
  keyFrameIntervalS: z.number().min(0).max(60),
  audioCodec: z.enum(['default', 'opus', 'aac', 'mp3']),
  audioBitrateKbps: z.number().int().min(0).max(1_000),
  audioFrequencyHz: z.number().int().min(0).max(192_000),
});

export const Encoding = z.discriminatedUnion('use', [
  z.object({ use: z.literal('default') }),
  z.object({ use: z.literal('preset'), preset: z.enum(encodingPresets) }),
  AdvancedEncoding,
  /** One track as it comes, into one file; v2 only. */
  z.object({ use: z.literal('pass-through') }),
]);
export type Encoding = z.infer<typeof Encoding>;

/** Which of the two the program holds. */
const Tracks = z.enum(['both', 'audio', 'video']);
/** Empty: grid, in the stock template; and, without a picture and a template of one's own, the mixer without a browser. */
const Layout = z.string().max(128);
/** The page of a template of one's own; null: the stock template of egress. */
const TemplateId = AddressId.nullable();
const encoded = { encoding: Encoding, outputs: Outputs };

export const RoomComposite = z.object({
  kind: z.literal('room-composite'),
  layout: Layout,
  tracks: Tracks,
  /** Works only where the sound is mixed without a browser: sound only, no layout, no template of one's own. */
  audioMixing: z.enum(['default', 'dual-channel-agent', 'dual-channel-alternate']),
  templateId: TemplateId,
  ...encoded,
});
const Web = z.object({
  kind: z.literal('web'),
  /** The page that is recorded. */
  pageId: AddressId,
  tracks: Tracks,
  /** Begin when the page logs START_RECORDING, else as soon as it is loaded. */
  awaitStartSignal: z.boolean(),
  ...encoded,
});
const Participant = z.object({
  kind: z.literal('participant'),
  identity: Identity,
  /** Screen share and its sound instead of camera and microphone. */
  screenShare: z.boolean(),
  ...encoded,
});
const TrackComposite = z.object({
  kind: z.literal('track-composite'),
  audioTrackSid: TrackSid.nullable(),
  videoTrackSid: TrackSid.nullable(),
  ...encoded,
});
const Track = z.object({
  kind: z.literal('track'),
  trackSid: TrackSid,
  output: z.discriminatedUnion('to', [
    z.object({ to: z.literal('file'), filePath: NameTemplate, hasManifest: z.boolean(), storageId: StorageId }),
    /** PCM S16LE, 48 kHz stereo. */
    z.object({ to: z.literal('websocket'), destinationId: AddressId }),
  ]),
});

const AudioRoute = z.object({
  match: z.discriminatedUnion('by', [
    z.object({ by: z.literal('track'), trackSid: TrackSid }),
    z.object({ by: z.literal('identity'), identity: Identity }),
    z.object({ by: z.literal('kind'), participantKind: z.enum(['standard', 'agent', 'sip', 'ingress']) }),
  ]),
  channel: z.enum(['both', 'left', 'right']),
});

/** Where a v2 job goes: the encoded outputs, or sound alone to one WebSocket (never both: egress refuses or crashes). */
const MediaOutput = z.discriminatedUnion('to', [
  z.object({ to: z.literal('outputs'), ...encoded }),
  z.object({ to: z.literal('websocket'), destinationId: AddressId }),
]);
const Media = z.object({
  kind: z.literal('media'),
  video: z.discriminatedUnion('by', [
    z.object({ by: z.literal('none') }),
    z.object({ by: z.literal('track'), trackSid: TrackSid }),
    z.object({ by: z.literal('participant'), identity: Identity, preferScreenShare: z.boolean() }),
  ]),
  audio: z.discriminatedUnion('by', [
    z.object({ by: z.literal('none') }),
    z.object({ by: z.literal('everybody') }),
    z.object({ by: z.literal('routes'), routes: z.array(AudioRoute).min(1).max(32) }),
  ]),
  output: MediaOutput,
});
const Template = z.object({
  kind: z.literal('template'),
  layout: Layout,
  tracks: Tracks,
  templateId: TemplateId,
  output: MediaOutput,
});
/** Sound only, by this computer: the mix and one file per person on one time line. */
const RoomSound = z.object({ kind: z.literal('room-sound') });

export const JobRequest = z.discriminatedUnion('kind', [
  RoomComposite,
  Web,
  Participant,
  TrackComposite,
  Track,
  Template,
  Media,
  RoomSound,
]);
export type JobRequest = z.infer<typeof JobRequest>;
export type EgressRequest = Exclude<JobRequest, { kind: 'room-sound' }>;

/** The encoded outputs of a request; null where it has none (one track, or sound to a WebSocket). */
export function outputsOf(request: JobRequest): Outputs | null {
  if ('outputs' in request) return request.outputs;
  return 'output' in request && request.output.to === 'outputs' ? request.output.outputs : null;
}

/** Its sound goes to a WebSocket, and nothing is encoded or kept. */
export const goesToSocket = (request: JobRequest): boolean => 'output' in request && request.output.to === 'websocket';

/** Only sound alone, without a layout and a template of one's own, is mixed by egress itself: all else runs a browser. */
export const isMixedWithoutBrowser = ({
  tracks,
  layout,
  templateId,
}: Pick<z.infer<typeof RoomComposite>, 'tracks' | 'layout' | 'templateId'>): boolean =>
  tracks === 'audio' && layout === '' && templateId === null;

/**
 * True where the sound of the whole room stands in for what egress makes, so that the desk may keep it meanwhile. Not so for
 * a stream, a web page, or the tracks of single people.
 */
export function canKeepSoundHere(request: JobRequest): boolean {
  const outputs = outputsOf(request);
  const isStored = outputs !== null && (outputs.file !== null || outputs.segments !== null);
  switch (request.kind) {
    case 'room-sound':
      return true;
    case 'room-composite':
    case 'template':
      return isStored && request.tracks !== 'video';
    case 'media':
      return isStored && request.audio.by === 'everybody';
    case 'web':
    case 'participant':
    case 'track-composite':
    case 'track':
      return false;
  }
}

export const noOutputs: Outputs = { file: null, stream: null, segments: null, images: [] };

/** A room composite of picture and sound into one file, all else left to egress. */
export function programRequest(filePath: string, layout = 'speaker'): Extract<JobRequest, { kind: 'room-composite' }> {
  const file: FileOutput = { fileType: 'mp4', filePath, hasManifest: true, storageId: null };
  return {
    kind: 'room-composite',
    layout,
    tracks: 'both',
    audioMixing: 'default',
    templateId: null,
    encoding: { use: 'default' },
    outputs: { ...noOutputs, file },
  };
}
