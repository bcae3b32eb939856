import { bytes as sizeText, timer } from '../../shared/text/figures.ts';
import { keyAt } from '../../shared/text/object-key.ts';
import { durationMsOf } from './duration.ts';
import { found, unseen, type Found } from './found.ts';
import { keyThere } from './key-there.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import type { OpenStoreOptions } from './open-store.ts';
import { withStore } from './with-store.ts';

/** What egress tells; null where it does not. */
export interface Told {
  readonly location: string;
  readonly bytes: number | null;
  readonly durationMs: number | null;
}
/** The header of a container and the clock of egress differ by less (a segment or a key frame at the end). */
const maxShortMs = 5_000;

/** Looks for an object where egress says that it is, and how long it lasts by its own header. Never rejects. */
export async function lookUp(storage: OpenStoreOptions, told: Told, signal: AbortSignal): Promise<Found> {
  const toldKey = keyAt(storage.place, told.location);
  if (toldKey === null) return found('missing', 'not where the profile says');
  try {
    return await withStore(storage, signal, async (store, limited) => {
      const { key, object } = await keyThere(store, toldKey, limited);
      const lastsMs = object && (await durationIn(store, key, object, limited));
      return foundOf(object, lastsMs, told);
    });
  } catch (error) {
    return unseen(error);
  }
}

/** Null where it cannot be told: a key that may not read is right for egress. */
async function durationIn(
  store: ObjectStore,
  key: string,
  { bytes }: StoredObject,
  signal: AbortSignal,
): Promise<number | null> {
  try {
    return await durationMsOf(key, bytes, (part) => store.get(key, signal, part));
  } catch {
    return null; // the object itself was seen, which is what counts
  }
}

/** What was found, beside what egress told. */
export function foundOf(object: StoredObject | null, lastsMs: number | null, told: Told): Found {
  if (!object) return found('missing', 'not in the storage');
  const seen = { checksum: object.checksum, bytes: object.bytes, durationMs: lastsMs };
  if (told.bytes !== null && told.bytes !== object.bytes)
    return found(
      'differs',
      `there, with ${sizeText(object.bytes)} instead of the ${sizeText(told.bytes)} that egress told`,
      seen,
    );
  if (lastsMs !== null && told.durationMs !== null && told.durationMs - lastsMs > maxShortMs)
    return found(
      'differs',
      `there, lasting ${timer(lastsMs)} instead of the ${timer(told.durationMs)} that egress told`,
      seen,
    );
  const lasts = lastsMs === null ? '' : `, ${timer(lastsMs)} by its own header`;
  return found('there', `there, ${sizeText(object.bytes)}${lasts}`, seen);
}
