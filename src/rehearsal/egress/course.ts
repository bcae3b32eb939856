import {
  EgressInfo,
  type EgressSourceType,
  EncodedFileType,
  type EncodingOptions,
  ImagesInfo,
  type S3Upload,
  SegmentsInfo,
  StreamProtocol,
} from '@livekit/protocol';
import { innerError } from '../livekit/twirp-error.ts';
import type { EncoderOutputs } from './encoder-arguments.ts';
import type { FileEnding } from './file-name.ts';
import { demandLoopback } from './loopback.ts';
import { pictureSize } from './picture-size.ts';
import { redactStreamUrl } from './redact.ts';
import { fileResult, streamResult } from './row.ts';
import type { Source } from './source.ts';
import type { Outputs } from './start-request.ts';

/** How an accepted egress will go. */
export type Course =
  | SocketCourse
  | EncodedCourse
  /** What egress finds out only when it builds the job, after it has looked for the source. */
  | { readonly kind: 'failing'; readonly code: number; readonly error: string; readonly source: Source };

/** Raw sound to a WebSocket: of one track, or mixed. */
export interface SocketCourse {
  readonly kind: 'socket';
  readonly url: string;
  readonly source: Source;
}

/** Files, segments, pictures and streams of one encoder. */
export interface EncodedCourse {
  readonly kind: 'encoded';
  readonly source: Source;
  /** What it takes from STARTING to ACTIVE: Chrome, the mixer, decoders and a compositor, or nothing of it. */
  readonly start: 'chrome' | 'mixer' | 'compose' | 'track';
  readonly make: EncoderOutputs;
  readonly file: ({ readonly path: string; readonly ending: FileEnding } & Kept) | null;
  readonly segments: ({ readonly output: Outputs['segments'][number] } & Kept) | null;
  readonly images: readonly ({ readonly output: Outputs['images'][number] } & Kept)[];
  readonly streams: StreamPlan | null;
  /** The names of the first info are already those of the end, as for the kinds that Chrome or the mixer makes. */
  readonly isNamedAtOnce: boolean;
}

export interface StreamPlan {
  readonly protocol: 'rtmp' | 'srt';
  /** As they were given, with their keys: never told. */
  readonly urls: readonly string[];
}

interface Kept {
  readonly hasManifest: boolean;
  readonly storage: S3Upload | null;
}

export interface Plan {
  readonly info: EgressInfo;
  readonly course: Course;
}

export interface EncodedRequest {
  readonly outputs: Outputs;
  readonly options: { readonly case?: string | undefined; readonly value?: unknown };
  readonly isAudioOnly: boolean;
  readonly isVideoOnly: boolean;
  readonly source: Source;
  readonly start: EncodedCourse['start'];
}

/** The course of a request that was checked. */
export function encodedCourse(request: EncodedRequest): Course {
  const { outputs, source, isAudioOnly } = request;
  const [file] = outputs.files;
  const [segments] = outputs.segments;
  const [stream] = outputs.streams;
  const urls = stream?.urls ?? [];
  if (urls.some((url) => /^wss?:/i.test(url))) {
    return { kind: 'failing', code: 400, error: 'request has missing or invalid field: output type', source };
  }
  const advanced = request.options.case === 'advanced' ? (request.options.value as EncodingOptions) : null;
  const ending = file ? endingOf(file.fileType, isAudioOnly && !segments && !stream) : null;
  const codec = ending === '.ogg' ? 'opus' : ending === '.mp3' ? 'mp3' : 'aac';
  const isSrt = stream?.protocol === StreamProtocol.SRT || urls.some((url) => /^srt:/i.test(url));
  return {
    kind: 'encoded',
    source,
    start: request.start,
    make: {
      picture: isAudioOnly ? null : pictureSize(request.options),
      hasSound: !request.isVideoOnly,
      audio: {
        codec,
        rateHz: codec === 'opus' ? 48_000 : advanced?.audioFrequency || 44_100,
        kbps: Math.min(advanced?.audioBitrate || 128, 320),
      },
      file: ending,
      segmentS: segments ? segments.segmentDuration || 4 : null,
      images: outputs.images.map(({ captureInterval, width, height }) => ({
        everyS: captureInterval || 10,
        width: Math.min(width, 640),
        height: Math.min(height, 640),
      })),
      live: stream ? (isSrt ? 'mpegts' : 'flv') : null,
    },
    file: file && ending ? { path: file.filepath, ending, ...keptOf(file) } : null,
    segments: segments ? { output: segments, ...keptOf(segments) } : null,
    images: outputs.images.map((output) => ({ output, ...keptOf(output) })),
    streams: stream ? { protocol: isSrt ? 'srt' : 'rtmp', urls } : null,
    isNamedAtOnce: request.start === 'chrome' || request.start === 'mixer',
  };
}

/** One track as it comes into one file: the container follows its codec. */
export function trackCourse(
  file: { readonly filepath: string } & Parameters<typeof keptOf>[0],
  source: Source,
  hasPicture: boolean,
): EncodedCourse {
  const ending = hasPicture ? '.webm' : '.ogg'; // cameras of a scene are VP8, microphones Opus
  return {
    kind: 'encoded',
    source,
    start: 'track',
    make: {
      picture: hasPicture ? { width: 640, height: 360 } : null,
      hasSound: !hasPicture,
      audio: { codec: 'opus', rateHz: 48_000, kbps: 64 },
      file: ending,
      segmentS: null,
      images: [],
      live: null,
    },
    file: { path: file.filepath, ending, ...keptOf(file) },
    segments: null,
    images: [],
    streams: null,
    isNamedAtOnce: false,
  };
}

/** The results that an egress starts with: one entry an output, empty yet. */
export function infoOf(outputs: Outputs, sourceType: EgressSourceType): EgressInfo {
  return new EgressInfo({
    sourceType,
    fileResults: outputs.files.map((file) => fileResult(file.filepath)),
    streamResults: outputs.streams.flatMap((stream) => stream.urls.map((url) => streamResult(redactStreamUrl(url)))),
    segmentResults: outputs.segments.map(
      ({ playlistName, livePlaylistName }) => new SegmentsInfo({ playlistName, livePlaylistName }),
    ),
    imageResults: outputs.images.map(({ filenamePrefix }) => new ImagesInfo({ filenamePrefix })),
  });
}

/** Refuses a storage outside of this computer: only S3 has an address that may lead here. */
export function checkUpload(output: { readonly case?: string | undefined; readonly value?: unknown }): void {
  if (output.case === undefined) return;
  const { endpoint } = output.value as { readonly endpoint?: string };
  if (output.case === 's3' && endpoint) return demandLoopback(endpoint);
  throw innerError(
    'invalid_argument',
    'this is a rehearsal: it reaches only addresses of this computer (127.0.0.1), and this storage is elsewhere',
  );
}

function keptOf(output: {
  readonly disableManifest: boolean;
  readonly output: { readonly case?: string | undefined; readonly value?: unknown };
}): Kept {
  return {
    hasManifest: !output.disableManifest,
    storage: output.output.case === 's3' ? (output.output.value as S3Upload) : null,
  };
}

/** The ending that egress gives a file, by the type asked for, then by what the content allows. */
function endingOf(type: EncodedFileType, prefersOgg: boolean): '.mp4' | '.ogg' | '.mp3' {
  if (type === EncodedFileType.MP4) return '.mp4';
  if (type === EncodedFileType.OGG) return '.ogg';
  if (type === EncodedFileType.MP3) return '.mp3';
  return prefersOgg ? '.ogg' : '.mp4';
}
