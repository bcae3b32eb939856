import { basename, dirname, join, posix } from 'node:path';
import type { Offered, OfferedSet } from '../media-plane/offered-set.ts';
import { readHere } from '../storage/output-place.ts';
import { maxPlaylistBytes, readPlaylist } from '../storage/playlist.ts';
import { linkTo, readText } from '../storage/with-store.ts';
import type { StoredPlace } from './file-checks.ts';
import { mediaTypeOf } from './media-type.ts';

/** Fetched at once, by this computer; its clock may be some minutes off. */
const linkLastsS = 900;

interface Folder {
  /** The name of the playlist in it. */
  readonly name: string;
  /** Null where it is not there. */
  readPlaylist(): Promise<string | null>;
  open(segment: string): Promise<Offered>;
}

/** A playlist and the segments that it names, for a player: read anew at each look, so that one that grows is played too. */
export function playlistSet(folder: Folder): OfferedSet {
  const named = new Set<string>();
  return {
    async find(name) {
      if (name !== folder.name) return named.has(name) ? folder.open(name) : null;
      const playlist = readPlaylist((await folder.readPlaylist()) ?? '');
      if (!playlist) return null;
      for (const segment of playlist.segments) named.add(segment);
      return { text: playlist.playable, mimeType: mediaTypeOf(folder.name) };
    },
  };
}

export function localFolder(path: string): Folder {
  return {
    name: basename(path),
    readPlaylist: async () => (await readHere(path, maxPlaylistBytes))?.toString('utf8') ?? null,
    open: async (segment) => ({ path: join(dirname(path), segment), mimeType: mediaTypeOf(segment) }),
  };
}

/** The links stay here: the media plane fetches what they open. The place is opened for each: its profile may change, or go. */
export async function storedFolder(openPlace: () => Promise<StoredPlace>): Promise<Folder> {
  const { key: playlist } = await openPlace();
  return {
    name: posix.basename(playlist),
    readPlaylist: async () => {
      const { storage, key, signal } = await openPlace();
      return readText(storage, key, maxPlaylistBytes, signal);
    },
    open: async (segment) => {
      const { storage, key, signal } = await openPlace();
      const { url } = await linkTo(storage, posix.join(posix.dirname(key), segment), linkLastsS, signal);
      return { address: url, mimeType: mediaTypeOf(segment) };
    },
  };
}
