import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { bytes as sizeText } from '../../shared/text/figures.ts';
import { found, unseen, type Found } from './found.ts';
import { keyAt } from '../../shared/text/object-key.ts';
import type { OpenStoreOptions } from './open-store.ts';
import { keyThere } from './key-there.ts';
import { maxPlaylistBytes, readPlaylist } from './playlist.ts';
import { sampleOf } from './sample.ts';
import { withStore } from './with-store.ts';

interface Told {
  readonly location: string;
  /** How many segments egress told of; left out for a live playlist, which names the newest alone. */
  readonly count?: number | undefined;
}
interface Folder {
  /** Null where it is not there. */
  sizeOf(name: string): Promise<number | null>;
  read(name: string): Promise<string>;
}

/** Looks for a playlist in a storage, and for the segments that it names. Never rejects. */
export async function lookUpSegments(storage: OpenStoreOptions, told: Told, owner: AbortSignal): Promise<Found> {
  const toldKey = keyAt(storage.place, told.location);
  if (toldKey === null) return found('missing', 'not where the profile says');
  try {
    return await withStore(storage, owner, async (store, signal) => {
      const { key } = await keyThere(store, toldKey, signal);
      const at = (name: string): string => posix.join(posix.dirname(key), name);
      return lookIn(posix.basename(key), told, {
        sizeOf: async (name) => (await store.look(at(name), signal))?.bytes ?? null,
        read: async (name) => (await store.get(at(name), signal)).toString('utf8'),
      });
    });
  } catch (error) {
    return unseen(error);
  }
}

/** The same in a folder of this computer; null where the playlist is not there. */
export async function lookUpSegmentsHere(told: Told): Promise<Found | null> {
  const at = (name: string): string => join(dirname(told.location), name);
  const sizeOf = async (name: string): Promise<number | null> => {
    const there = await stat(at(name)).catch(() => null); // said by the null
    return there?.size ?? null;
  };
  const name = basename(told.location);
  if ((await sizeOf(name)) === null) return null;
  try {
    return await lookIn(name, told, { sizeOf, read: async (one) => readFile(at(one), 'utf8') });
  } catch {
    return null; // a folder, or gone meanwhile
  }
}

async function lookIn(name: string, { count }: Told, folder: Folder): Promise<Found> {
  const size = await folder.sizeOf(name);
  if (size === null) return found('missing', 'not in the storage');
  if (size > maxPlaylistBytes)
    return found('unknown', `there, and not read: a playlist of ${sizeText(size)} is larger than any of egress`);
  const playlist = readPlaylist(await folder.read(name));
  if (!playlist) return found('differs', 'there, and no playlist as egress writes it');
  const { segments } = playlist;
  const { looked, marks: sizes, of } = await sampleOf(segments, (segment) => folder.sizeOf(segment));
  const gone = looked.filter((_name, index) => sizes[index] === null);
  const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  if (gone.length > 0)
    return found('missing', `there, without ${gone.length} of its segments (${of}), the first of them ${gone[0]}`);
  if (count !== undefined && count > 0 && segments.length !== count)
    return found('differs', `there, and names ${segments.length} segments instead of the ${count} that egress told`);
  if (looked.length < segments.length) return found('there', `there, with its segments (${of})`);
  return found('there', `there, with its ${of} segments, ${sizeText(bytes)}`, { bytes });
}
