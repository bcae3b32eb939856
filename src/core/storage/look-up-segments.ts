import { readFile, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { problemOf } from '../../shared/model/problem-error.ts';
import { bytes as sizeText } from '../../shared/text/figures.ts';
import type { Found } from './look-up.ts';
import { keyAt } from '../../shared/text/object-key.ts';
import type { OpenStoreOptions } from './open-store.ts';
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
  read(): Promise<string | null>;
  /** Null where it is not there. */
  sizeOf(segment: string): Promise<number | null>;
}

/** Looks for a playlist in a storage, and for the segments that it names. Never rejects. */
export async function lookUpSegments(storage: OpenStoreOptions, told: Told, owner: AbortSignal): Promise<Found> {
  const key = keyAt(storage.place, told.location);
  if (key === null) return found('missing', 'not where the profile says');
  try {
    return await withStore(storage, owner, async (store, signal) => {
      const at = (segment: string): string => posix.join(posix.dirname(key), segment);
      return lookIn(told, {
        read: async () => {
          const object = await store.look(key, signal);
          return object && object.bytes <= maxPlaylistBytes ? (await store.get(key, signal)).toString('utf8') : null;
        },
        sizeOf: async (segment) => (await store.look(at(segment), signal))?.bytes ?? null,
      });
    });
  } catch (error) {
    const problem = problemOf(error);
    return { ...found('unknown', `could not be looked at: ${problem.text}`), problem };
  }
}

/** The same in a folder of this computer; null where the playlist is not there. */
export async function lookUpSegmentsHere(told: Told): Promise<Found | null> {
  const text = await readFile(told.location, 'utf8').catch(() => null); // said by the null
  if (text === null) return null;
  const sizeOf = async (segment: string): Promise<number | null> => {
    const there = await stat(join(dirname(told.location), segment)).catch(() => null); // said by the null
    return there?.size ?? null;
  };
  return lookIn(told, { read: async () => text, sizeOf });
}

async function lookIn({ count }: Told, folder: Folder): Promise<Found> {
  const text = await folder.read();
  if (text === null) return found('missing', 'not in the storage');
  const playlist = readPlaylist(text);
  if (!playlist) return found('differs', 'there, and no playlist as egress writes it');
  const { segments } = playlist;
  const { looked, marks: sizes, of } = await sampleOf(segments, (name) => folder.sizeOf(name));
  const gone = looked.filter((_name, index) => sizes[index] === null);
  const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  if (gone.length > 0)
    return found('missing', `there, without ${gone.length} of its segments (${of}), the first of them ${gone[0]}`);
  if (count !== undefined && count > 0 && segments.length !== count)
    return found('differs', `there, and names ${segments.length} segments instead of the ${count} that egress told`);
  if (looked.length < segments.length) return found('there', `there, with its segments (${of})`);
  return { ...found('there', `there, with its ${of} segments, ${sizeText(bytes)}`), bytes };
}

const found = (state: Found['state'], text: string): Found => ({
  state,
  text,
  checksum: null,
  bytes: null,
  durationMs: null,
});
