import type { Outputs } from '../model/job-request.ts';
import { hasTime } from './file-name.ts';
import { imageName, newestImageName } from './image-name.ts';

type Segments = NonNullable<Outputs['segments']>;
type Images = Outputs['images'][number];

/**
 * The templates of the first segment and of the playlists, those without a time in them: two jobs that have one of them in
 * common write over one another. A playlist lies in the folder of the segments (livekit/egress, `output_segment.go`).
 */
export function segmentTemplates({ filenamePrefix, playlistName, livePlaylistName, filenameSuffix }: Segments) {
  const asked = filenamePrefix.trim() || bare(playlistName.trim());
  const prefix = hasTime(asked) && (asked === '' || asked.endsWith('/')) ? `${asked}{time}` : asked;
  const slash = prefix.lastIndexOf('/') + 1;
  const playlistOf = (name: string): string =>
    `${bare(name.includes('/') ? name : `${prefix.slice(0, slash)}${name}`)}.m3u8`;
  const live = livePlaylistName.trim();
  return lasting([
    ...(filenameSuffix === 'index' ? [`${prefix}_00000.ts`] : []),
    playlistOf(playlistName.trim() || prefix.slice(slash)),
    ...(live === '' ? [] : [playlistOf(live)]),
  ]);
}

/** The template of the first image, or of the one that is written over; none where it has a time in it. */
export function imageTemplates({ filenamePrefix, filenameSuffix }: Images): readonly string[] {
  const prefix = filenamePrefix.trim();
  if (filenameSuffix === 'timestamp' || hasTime(prefix)) return [];
  return [filenameSuffix === 'index' ? imageName(prefix, 0) : newestImageName(prefix)];
}

const lasting = (templates: readonly string[]): readonly string[] => templates.filter((one) => !hasTime(one));
const bare = (name: string): string => name.replace(/\.m3u8$/i, '');
