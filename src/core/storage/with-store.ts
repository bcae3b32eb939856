import { ProblemError } from '../../shared/model/problem-error.ts';
import { withDeadline } from '../live/deadline.ts';
import type { ObjectStore, SignedLink } from './object-store.ts';
import { openStore, type OpenStoreOptions } from './open-store.ts';
import { problemOfStorage } from './storage-problem.ts';

const limitMs = 10_000;

/** Opens a storage for one piece of work, which has 10 s. Rejects with a ProblemError in the words of the storage. */
export async function withStore<T>(
  storage: OpenStoreOptions,
  owner: AbortSignal,
  work: (store: ObjectStore, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  let host = 'the storage';
  try {
    return await withDeadline('the storage', limitMs, owner, async (signal) => {
      const store = await openStore(storage, signal);
      host = store.host;
      try {
        return await work(store, signal);
      } finally {
        store.close();
      }
    });
  } catch (error) {
    const { place } = storage;
    throw new ProblemError(problemOfStorage(error, { host, bucket: 'bucket' in place ? place.bucket : host }));
  }
}

/** An object as text; null where there is none, or it is larger than `maxBytes`. Rejects with a ProblemError. */
export const readText = (
  storage: OpenStoreOptions,
  key: string,
  maxBytes: number,
  owner: AbortSignal,
): Promise<string | null> =>
  withStore(storage, owner, async (store, signal) => {
    const object = await store.look(key, signal);
    return object && object.bytes <= maxBytes ? (await store.get(key, signal)).toString('utf8') : null;
  });

/** An address that opens the object for who knows it. Rejects with a ProblemError. */
export const linkTo = (
  storage: OpenStoreOptions,
  key: string,
  validForS: number,
  owner: AbortSignal,
): Promise<SignedLink> => withStore(storage, owner, (store) => store.link(key, validForS));
