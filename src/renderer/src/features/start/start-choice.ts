import type { JobMode } from '../../../../shared/model/job.ts';
import { noTiming, type Timing } from './timing.ts';
import {
  type EgressRequest,
  isMixedWithoutBrowser,
  type JobRequest,
  type Outputs,
} from '../../../../shared/model/job-request.ts';

/**
 * What the start panel holds. It is flat: each field stands once, whichever kinds use it, so that a change of the kind keeps
 * all that still applies, and a change back finds the rest as it was. `request-of.ts` makes the request of it.
 */

export type JobKind = JobRequest['kind'];
type Of<K extends JobKind> = Extract<JobRequest, { kind: K }>;
type Encoding = Of<'room-composite'>['encoding'];
type Preset = Extract<Encoding, { use: 'preset' }>['preset'];
export type AdvancedEncoding = Omit<Extract<Encoding, { use: 'advanced' }>, 'use'>;
export type AudioRoute = Extract<Of<'media'>['audio'], { by: 'routes' }>['routes'][number];
export type FileOutput = NonNullable<Outputs['file']>;
export type SegmentsOutput = NonNullable<Outputs['segments']>;
export type StreamOutput = NonNullable<Outputs['stream']>;
export type ImagesOutput = Outputs['images'][number];

export interface StartChoice {
  readonly kind: JobKind;
  readonly mode: JobMode;
  readonly layout: string;
  readonly tracks: Of<'room-composite'>['tracks'];
  readonly audioMixing: Of<'room-composite'>['audioMixing'];
  readonly templateId: string | null;
  readonly pageId: string | null;
  readonly awaitStartSignal: boolean;
  readonly identity: string | null;
  readonly screenShare: boolean;
  readonly audioTrackSid: string | null;
  readonly videoTrackSid: string | null;
  readonly trackSid: string | null;
  readonly videoBy: Of<'media'>['video']['by'];
  readonly audioBy: Of<'media'>['audio']['by'];
  readonly routes: readonly AudioRoute[];
  /** Only one track, media and template may go to a WebSocket; other kinds look past it. */
  readonly to: 'outputs' | 'websocket';
  readonly websocketId: string | null;
  readonly encoding: Encoding['use'];
  readonly preset: Preset;
  readonly advanced: AdvancedEncoding;
  readonly outputs: Outputs;
  readonly timing: Timing;
}

type OutputName = 'file' | 'segments' | 'stream' | 'images';

export type StartChange =
  /** Fields that stand for themselves. */
  | { readonly do: 'set'; readonly part: Partial<Omit<StartChoice, 'kind' | 'outputs'>> }
  | { readonly do: 'kind'; readonly kind: JobKind }
  | { readonly do: 'add'; readonly output: OutputName }
  | { readonly do: 'remove'; readonly output: OutputName; readonly index?: number }
  | { readonly do: 'file'; readonly part: Partial<FileOutput> }
  | { readonly do: 'segments'; readonly part: Partial<SegmentsOutput> }
  | { readonly do: 'stream'; readonly part: Partial<StreamOutput> }
  | { readonly do: 'images'; readonly index: number; readonly part: Partial<ImagesOutput> };

/** The name a file of this kind gets unless one is given. A track's container follows its codec, so it has no extension. */
const usualPaths: Readonly<Record<Exclude<JobKind, 'room-sound'>, string>> = {
  'room-composite': '{room_name}-{time}.mp4',
  template: '{room_name}-{time}.mp4',
  media: '{room_name}-{time}.mp4',
  web: 'web-{time}.mp4',
  participant: '{room_name}-{publisher_identity}-{time}.mp4',
  'track-composite': '{room_name}-{publisher_identity}-{time}.mp4',
  track: '{room_name}-{publisher_identity}-{track_source}-{time}',
};
const usualPath = (kind: JobKind): string => usualPaths[kind === 'room-sound' ? 'room-composite' : kind];
const isUsualPath = (path: string): boolean => Object.values(usualPaths).includes(path);

const fileOf = (kind: JobKind): FileOutput => ({
  fileType: kind === 'track' ? 'default' : 'mp4',
  filePath: usualPath(kind),
  hasManifest: true,
  storageId: null,
});
// The folder of the playlist is taken from the prefix (egress, segment output), so that one folder holds one recording.
const firstSegments: SegmentsOutput = {
  filenamePrefix: '{room_name}-{time}/part',
  playlistName: 'index.m3u8',
  livePlaylistName: '',
  segmentDurationS: 4,
  filenameSuffix: 'index',
  hasManifest: true,
  storageId: null,
};
const firstImages: ImagesOutput = {
  captureIntervalS: 10,
  width: 0,
  height: 0,
  filenamePrefix: '{room_name}-{time}/image',
  filenameSuffix: 'index',
  hasManifest: true,
  storageId: null,
};
const noAdvanced: AdvancedEncoding = {
  width: 0,
  height: 0,
  depth: 0,
  framerateFps: 0,
  videoCodec: 'default',
  videoBitrateKbps: 0,
  keyFrameIntervalS: 0,
  audioCodec: 'default',
  audioBitrateKbps: 0,
  audioFrequencyHz: 0,
};

/** The usual start: the program of the room, the best way, into one file. */
export const firstChoice: StartChoice = {
  kind: 'room-composite',
  mode: 'best',
  layout: 'speaker',
  tracks: 'both',
  audioMixing: 'default',
  templateId: null,
  pageId: null,
  awaitStartSignal: false,
  identity: null,
  screenShare: false,
  audioTrackSid: null,
  videoTrackSid: null,
  trackSid: null,
  videoBy: 'none',
  audioBy: 'everybody',
  routes: [],
  to: 'outputs',
  websocketId: null,
  encoding: 'default',
  preset: 'H264_1080P_30',
  advanced: noAdvanced,
  outputs: { file: fileOf('room-composite'), stream: null, segments: null, images: [] },
  timing: noTiming,
};

/** At most one file, one stream and one set of segments, and four sets of images (egress' own rule for the first three). */
export const maxImageSets = 4;

/** The next state of the panel. Pure. */
export function reduceChoice(choice: StartChoice, change: StartChange): StartChoice {
  const { outputs } = choice;
  const withOutputs = (part: Partial<Outputs>): StartChoice => ({ ...choice, outputs: { ...outputs, ...part } });
  switch (change.do) {
    case 'set':
      return { ...choice, ...change.part };
    case 'kind':
      return withKind(choice, change.kind);
    case 'add':
      return withOutputs(added(choice, change.output));
    case 'remove':
      return withOutputs(
        change.output === 'images'
          ? { images: outputs.images.filter((_each, index) => index !== change.index) }
          : { [change.output]: null },
      );
    case 'file':
      return outputs.file === null ? choice : withOutputs({ file: withFile(outputs.file, change.part) });
    case 'segments':
      return outputs.segments === null ? choice : withOutputs({ segments: { ...outputs.segments, ...change.part } });
    case 'stream':
      return outputs.stream === null ? choice : withOutputs({ stream: withStream(outputs.stream, change.part) });
    case 'images':
      return withOutputs({
        images: outputs.images.map((each, index) => (index === change.index ? { ...each, ...change.part } : each)),
      });
  }
}

/** A name that nobody has touched follows the kind; one track always has a file to fall back on. */
function withKind(choice: StartChoice, kind: JobKind): StartChoice {
  const { file } = choice.outputs;
  const path = file !== null && isUsualPath(file.filePath) ? { filePath: usualPath(kind) } : {};
  const next = file === null ? (kind === 'track' ? fileOf(kind) : null) : { ...file, ...path };
  return { ...choice, kind, outputs: { ...choice.outputs, file: next } };
}

function added({ kind, outputs }: StartChoice, output: OutputName): Partial<Outputs> {
  switch (output) {
    case 'file':
      return { file: outputs.file ?? fileOf(kind) };
    case 'segments':
      return { segments: outputs.segments ?? firstSegments };
    case 'stream':
      return { stream: outputs.stream ?? { protocol: 'rtmp', destinationIds: [] } };
    case 'images':
      return { images: [...outputs.images, firstImages].slice(0, maxImageSets) };
  }
}

/** A known extension follows the container; egress would replace it anyway, and the name would then not be the one shown. */
function withFile(file: FileOutput, part: Partial<FileOutput>): FileOutput {
  const next = { ...file, ...part };
  if (part.fileType === undefined || part.fileType === 'default') return next;
  return { ...next, filePath: next.filePath.replace(/\.(?:mp4|ogg|mp3)$/i, `.${part.fileType}`) };
}

/** All addresses of one job speak the same protocol: another protocol takes none of the old ones along. */
const withStream = (stream: StreamOutput, part: Partial<StreamOutput>): StreamOutput =>
  part.protocol === undefined || part.protocol === stream.protocol
    ? { ...stream, ...part }
    : { ...stream, destinationIds: [], ...part };

export const canUseWebsocket = (kind: JobKind): boolean => kind === 'track' || kind === 'media' || kind === 'template';

/** Whether the job goes to a WebSocket alone. */
export const isToWebsocket = (choice: StartChoice): boolean =>
  choice.to === 'websocket' && canUseWebsocket(choice.kind);

type Composed = Extract<EgressRequest, { tracks: unknown }>['kind'];
const composed: ReadonlySet<JobKind> = new Set<Composed>(['room-composite', 'web', 'template']);

/** A kind that is told whether it takes picture, sound or both. */
export const hasTracksChoice = (kind: JobKind): boolean => composed.has(kind);

/** Whether the encoding of a picture applies. Where a person's tracks decide, it may. */
export function mayHavePicture(choice: StartChoice): boolean {
  if (isToWebsocket(choice)) return false;
  if (hasTracksChoice(choice.kind)) return choice.tracks !== 'audio';
  if (choice.kind === 'track-composite') return choice.videoTrackSid !== null;
  return choice.kind === 'media' ? choice.videoBy !== 'none' : choice.kind !== 'room-sound';
}

export function mayHaveSound(choice: StartChoice): boolean {
  if (hasTracksChoice(choice.kind)) return choice.tracks !== 'video';
  if (choice.kind === 'track-composite') return choice.audioTrackSid !== null;
  return choice.kind !== 'media' || choice.audioBy !== 'none';
}

/** Two channels can be told apart only where egress mixes without a browser; elsewhere it silently ignores the wish. */
export const canMixChannels = (choice: StartChoice): boolean =>
  choice.kind === 'room-composite' && isMixedWithoutBrowser(choice);
