import type { Outputs } from '../../../shared/model/job-request.ts';
import { dialAddress } from './address.ts';
import { message, type Fields } from './forms.ts';
import type { RequestSecrets } from './secrets.ts';
import { storageFields } from './storage.ts';

const fileTypes = { default: undefined, mp4: 'MP4', ogg: 'OGG', mp3: 'MP3' } as const;
const segmentSuffixes = { index: undefined, timestamp: 'TIMESTAMP' } as const;
const imageSuffixes = {
  index: undefined,
  timestamp: 'IMAGE_SUFFIX_TIMESTAMP',
  overwrite: 'IMAGE_SUFFIX_NONE_OVERWRITE',
} as const;

/** One output: its name in both versions, what it is, and where it is stored. */
interface Output {
  readonly list: 'file_outputs' | 'stream_outputs' | 'segment_outputs' | 'image_outputs';
  readonly config: 'file' | 'stream' | 'segments' | 'images';
  readonly fields: Fields;
  readonly storage: Fields | undefined;
}

/** Outputs as lists of the request, each with its storage inside. */
export function outputsV1(outputs: Outputs, secrets: RequestSecrets): Fields {
  const lists: Record<string, Fields[]> = {};
  for (const { list, fields, storage } of all(outputs, secrets)) (lists[list] ??= []).push({ ...fields, ...storage });
  return lists;
}

/** Outputs as one list, each with its storage beside it. */
export function outputsV2(outputs: Outputs, secrets: RequestSecrets): Fields {
  return {
    outputs: all(outputs, secrets).map(({ config, fields, storage }) => message({ [config]: fields, storage })),
  };
}

function all({ file, stream, segments, images }: Outputs, secrets: RequestSecrets): readonly Output[] {
  const storage = (id: string | null): Fields | undefined =>
    id === null ? undefined : storageFields(secrets.storage(id));
  const list: Output[] = [];
  if (file)
    list.push({
      list: 'file_outputs',
      config: 'file',
      fields: message({
        file_type: fileTypes[file.fileType],
        filepath: file.filePath,
        disable_manifest: !file.hasManifest,
      }),
      storage: storage(file.storageId),
    });
  if (stream)
    list.push({
      list: 'stream_outputs',
      config: 'stream',
      // The protocol is named even where the addresses tell it: without addresses egress cannot know it.
      fields: {
        protocol: stream.protocol.toUpperCase(),
        urls: stream.destinationIds.map((id) => dialAddress(secrets, id, stream.protocol)),
      },
      storage: undefined,
    });
  if (segments)
    list.push({
      list: 'segment_outputs',
      config: 'segments',
      fields: message({
        filename_prefix: segments.filenamePrefix,
        playlist_name: segments.playlistName,
        live_playlist_name: segments.livePlaylistName,
        segment_duration: segments.segmentDurationS,
        filename_suffix: segmentSuffixes[segments.filenameSuffix],
        disable_manifest: !segments.hasManifest,
      }),
      storage: storage(segments.storageId),
    });
  for (const image of images)
    list.push({
      list: 'image_outputs',
      config: 'images',
      fields: message({
        capture_interval: image.captureIntervalS,
        width: image.width,
        height: image.height,
        filename_prefix: image.filenamePrefix,
        filename_suffix: imageSuffixes[image.filenameSuffix],
        disable_manifest: !image.hasManifest,
      }),
      storage: storage(image.storageId),
    });
  return list;
}
