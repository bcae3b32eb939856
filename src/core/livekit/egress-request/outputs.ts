import type { Outputs } from '../../../shared/model/job-request.ts';
import { dialAddress } from './address.ts';
import { message, type Fields } from './forms.ts';
import type { RequestSecrets } from './secrets.ts';
import { placed } from './storage.ts';

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
  const list: Output[] = [];
  if (file) {
    const { path, storage } = placed(file.filePath, file.storageId, secrets);
    list.push({
      list: 'file_outputs',
      config: 'file',
      fields: message({
        file_type: fileTypes[file.fileType],
        filepath: path,
        disable_manifest: !file.hasManifest,
      }),
      storage,
    });
  }
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
  if (segments) {
    const { filenamePrefix, playlistName, livePlaylistName, storageId } = segments;
    const hasFolder = playlistName.includes('/');
    const { path, storage } = placed(filenamePrefix, storageId, secrets);
    // A playlist without a folder of its own lies beside the segments.
    const playlist = (name: string): string =>
      hasFolder && name !== '' ? placed(name, storageId, secrets).path : name;
    list.push({
      list: 'segment_outputs',
      config: 'segments',
      fields: message({
        filename_prefix: filenamePrefix === '' && hasFolder ? '' : path,
        playlist_name: playlist(playlistName),
        live_playlist_name: playlist(livePlaylistName),
        segment_duration: segments.segmentDurationS,
        filename_suffix: segmentSuffixes[segments.filenameSuffix],
        disable_manifest: !segments.hasManifest,
      }),
      storage,
    });
  }
  for (const image of images) {
    const { path, storage } = placed(image.filenamePrefix, image.storageId, secrets);
    list.push({
      list: 'image_outputs',
      config: 'images',
      fields: message({
        capture_interval: image.captureIntervalS,
        width: image.width,
        height: image.height,
        filename_prefix: path,
        filename_suffix: imageSuffixes[image.filenameSuffix],
        disable_manifest: !image.hasManifest,
      }),
      storage,
    });
  }
  return list;
}
