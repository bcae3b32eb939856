import { EgressInfo, EgressSourceType, EncodedFileType, SegmentsInfo } from '@livekit/protocol';
import { innerError } from '../livekit/twirp-error.ts';
import { demandLoopback } from './loopback.ts';
import { redactStreamUrl } from './redact.ts';
import { fileResult, streamResult } from './row.ts';
import type { Outputs } from './start-request.ts';

/** How an accepted egress will go. */
export type Course =
  | { readonly kind: 'trackSocket'; readonly url: string; readonly trackSid: string }
  | {
      readonly kind: 'composite';
      readonly filepath: string;
      readonly needsChrome: boolean;
      readonly hasPicture: boolean;
      readonly withManifest: boolean;
    }
  /** What egress finds out only when it builds the job, after it has looked for the track or the person. */
  | { readonly kind: 'failing'; readonly code: number; readonly error: string; readonly needs: Needed };

/** What must be in the room before anything else is looked at. */
type Needed =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'track'; readonly sid: string }
  | { readonly kind: 'person'; readonly identity: string };

export interface Plan {
  readonly info: EgressInfo;
  readonly course: Course;
}

/** Fails in egress's own words for an element that is not there: what this simulator cannot make yet. */
export function lacking(element: string): Extract<Course, { kind: 'failing' }> {
  return { kind: 'failing', code: 500, error: `could not create element: ${element}`, needs: { kind: 'nothing' } };
}

/** The course of a room's picture and sound: one MP4 file is what this simulator makes. */
export function compositeCourse(
  outputs: Outputs,
  sourceType: EgressSourceType,
  isAudioOnly: boolean,
  isVideoOnly: boolean,
): Course {
  const [file] = outputs.files;
  if (outputs.streams.some((stream) => stream.urls.some((url) => /^wss?:/i.test(url)))) {
    return { ...lacking(''), code: 400, error: 'request has missing or invalid field: output type' };
  }
  if (outputs.streams.some((stream) => stream.urls.some((url) => /^srt:/i.test(url)))) return lacking('srtsink');
  if (outputs.streams.length > 0) return lacking('rtmp2sink');
  if (outputs.segments.length > 0) return lacking('splitmuxsink');
  if (outputs.images.length > 0) return lacking('jpegenc');
  if (!file || endingOf(file.fileType, file.filepath, isAudioOnly) !== '.mp4') return lacking('oggmux');
  if (isVideoOnly) return lacking('x264enc');
  if (file.output.case !== undefined) return lacking('s3sink');
  return {
    kind: 'composite',
    filepath: file.filepath,
    needsChrome: sourceType === EgressSourceType.WEB,
    hasPicture: !isAudioOnly,
    withManifest: !file.disableManifest,
  };
}

/** The results that an egress starts with: one entry an output, empty yet. */
export function infoOf(outputs: Outputs, sourceType: EgressSourceType): EgressInfo {
  return new EgressInfo({
    sourceType,
    fileResults: outputs.files.map((file) => fileResult(file.filepath)),
    streamResults: outputs.streams.flatMap((stream) => stream.urls.map((url) => streamResult(redactStreamUrl(url)))),
    segmentResults: outputs.segments.map((segments) => new SegmentsInfo({ playlistName: segments.playlistName })),
  });
}

/** Refuses a storage outside of this computer; what lies on it fails later, as the simulator has no upload yet. */
export function checkUpload(output: { readonly case?: string | undefined; readonly value?: unknown }): void {
  if (output.case === undefined) return;
  const { endpoint } = output.value as { readonly endpoint?: string };
  if (output.case === 's3' && endpoint) return demandLoopback(endpoint);
  throw innerError(
    'invalid_argument',
    'this is a rehearsal: it reaches only addresses of this computer (127.0.0.1), and this storage is elsewhere',
  );
}

/** The ending that egress gives a file, by the type asked for, then by what the content allows. */
function endingOf(type: EncodedFileType, filepath: string, isAudioOnly: boolean): '.mp4' | '.ogg' | '.mp3' {
  if (type === EncodedFileType.MP4) return '.mp4';
  if (type === EncodedFileType.OGG) return '.ogg';
  if (type === EncodedFileType.MP3) return '.mp3';
  return isAudioOnly ? '.ogg' : '.mp4';
}
