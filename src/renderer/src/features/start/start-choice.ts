import type { Address } from '../../../../shared/model/address.ts';
import type { JobMode } from '../../../../shared/model/job.ts';
import {
  fileAt,
  reduceOutputs,
  segmentsAt,
  type FileOutput,
  type OutputsChange,
  type SegmentsOutput,
  type StreamOutput,
} from './outputs.ts';
import { noTiming, type Timing } from '../../../../shared/model/timing.ts';
import {
  type EgressRequest,
  isMixedWithoutBrowser,
  noOutputs,
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

export type StartChange =
  /** Fields that stand for themselves. */
  | { readonly do: 'set'; readonly part: Partial<Omit<StartChoice, 'kind' | 'outputs'>> }
  | { readonly do: 'kind'; readonly kind: JobKind }
  | OutputsChange;

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

const fileOf = (kind: JobKind): FileOutput => fileAt(usualPath(kind), kind === 'track' ? 'default' : 'mp4');
/** A folder for each recording: of a person, for each of them. */
const segmentsOf = (kind: JobKind): SegmentsOutput =>
  segmentsAt(
    usualPath(kind).includes('identity') ? '{room_name}-{publisher_identity}-{time}/part' : '{room_name}-{time}/part',
  );
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

/** The next state of the panel. Pure. */
export function reduceChoice(choice: StartChoice, change: StartChange): StartChoice {
  if (change.do === 'set') return { ...choice, ...change.part };
  if (change.do === 'kind') return withKind(choice, change.kind);
  const first = { file: fileOf(choice.kind), segments: segmentsOf(choice.kind) };
  return { ...choice, outputs: reduceOutputs(choice.outputs, change, first) };
}

/** A name that nobody has touched follows the kind; one track always has a file to fall back on. */
function withKind(choice: StartChoice, kind: JobKind): StartChoice {
  const { file } = choice.outputs;
  const path = file !== null && isUsualPath(file.filePath) ? { filePath: usualPath(kind) } : {};
  const next = file === null ? (kind === 'track' ? fileOf(kind) : null) : { ...file, ...path };
  return { ...choice, kind, outputs: { ...choice.outputs, file: next } };
}

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

/** The program of the room to one stream and nothing else: to the only address that is kept, where there is but one. */
export function streamChoice(addresses: readonly Pick<Address, 'id' | 'kind' | 'isMissing'>[]): StartChoice {
  const [only, ...others] = addresses.filter(
    ({ kind, isMissing }) => !isMissing && (kind === 'rtmp' || kind === 'srt'),
  );
  const address = others.length === 0 ? only : undefined;
  const stream: StreamOutput = {
    protocol: address?.kind === 'srt' ? 'srt' : 'rtmp',
    destinationIds: address ? [address.id] : [],
  };
  return { ...firstChoice, outputs: { ...noOutputs, stream } };
}

/** Nothing is kept of it: it is a stream, and no recording. */
export function isStreamOnly({ kind, to, mode, outputs: { file, segments, stream, images } }: StartChoice): boolean {
  const isElsewhere = kind === 'track' || kind === 'room-sound' || mode === 'desk-only' || to === 'websocket';
  return !isElsewhere && stream !== null && file === null && segments === null && images.length === 0;
}
