import type { Outputs } from '../../../../shared/model/job-request.ts';

/** The outputs of a job, as every form holds them: the start panel, a rule, a room that is recorded from its making on. */

export type FileOutput = NonNullable<Outputs['file']>;
export type SegmentsOutput = NonNullable<Outputs['segments']>;
export type StreamOutput = NonNullable<Outputs['stream']>;
export type ImagesOutput = Outputs['images'][number];

export const outputNames = ['file', 'segments', 'stream', 'images'] as const;
export type OutputName = (typeof outputNames)[number];

export type OutputsChange =
  | { readonly do: 'add'; readonly output: OutputName }
  | { readonly do: 'remove'; readonly output: OutputName; readonly index?: number }
  | { readonly do: 'file'; readonly part: Partial<FileOutput> }
  | { readonly do: 'segments'; readonly part: Partial<SegmentsOutput> }
  | { readonly do: 'stream'; readonly part: Partial<StreamOutput> }
  | { readonly do: 'images'; readonly index: number; readonly part: Partial<ImagesOutput> };

/** What a file and a set of segments begin with where they are added. */
export interface FirstOutputs {
  readonly file: FileOutput;
  readonly segments: SegmentsOutput;
}

// The folder of the playlist is taken from the prefix (egress, segment output), so that one folder holds one recording.
export const segmentsAt = (filenamePrefix: string): SegmentsOutput => ({
  filenamePrefix,
  playlistName: 'index.m3u8',
  livePlaylistName: '',
  segmentDurationS: 4,
  filenameSuffix: 'index',
  hasManifest: true,
  storageId: null,
});
export const fileAt = (filePath: string, fileType: FileOutput['fileType'] = 'mp4'): FileOutput => ({
  fileType,
  filePath,
  hasManifest: true,
  storageId: null,
});
const firstImages: ImagesOutput = {
  captureIntervalS: 10,
  width: 0,
  height: 0,
  filenamePrefix: '{room_name}-{time}/image',
  filenameSuffix: 'index',
  hasManifest: true,
  storageId: null,
};

/** At most one file, one stream and one set of segments, and four sets of images (egress' own rule for the first three). */
export const maxImageSets = 4;

/** The outputs after a change. Pure. */
export function reduceOutputs(outputs: Outputs, change: OutputsChange, first: FirstOutputs): Outputs {
  const { file, segments, stream, images } = outputs;
  switch (change.do) {
    case 'add':
      return { ...outputs, ...added(outputs, change.output, first) };
    case 'remove':
      return change.output === 'images'
        ? { ...outputs, images: images.filter((_each, index) => index !== change.index) }
        : { ...outputs, [change.output]: null };
    case 'file':
      return file === null ? outputs : { ...outputs, file: withFile(file, change.part) };
    case 'segments':
      return segments === null ? outputs : { ...outputs, segments: { ...segments, ...change.part } };
    case 'stream':
      return stream === null ? outputs : { ...outputs, stream: withStream(stream, change.part) };
    case 'images':
      return {
        ...outputs,
        images: images.map((each, index) => (index === change.index ? { ...each, ...change.part } : each)),
      };
  }
}

function added(outputs: Outputs, output: OutputName, first: FirstOutputs): Partial<Outputs> {
  switch (output) {
    case 'file':
      return { file: outputs.file ?? first.file };
    case 'segments':
      return { segments: outputs.segments ?? first.segments };
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
