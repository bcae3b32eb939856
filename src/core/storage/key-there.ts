import type { Problem } from '../../shared/model/common.ts';
import { withDeadline } from '../live/deadline.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { problemOfStorage } from './storage-problem.ts';

const lookMs = 5_000; // half of what a piece of work at a storage has: a link is signed without an answer too

/**
 * The object of a key, and the key that it really has: a name that begins with a slash keeps it in the storage, and egress
 * leaves it out of the location that it tells (livekit/storage, `location_test.go`).
 */
export async function keyThere(
  store: ObjectStore,
  key: string,
  signal: AbortSignal,
): Promise<{ readonly key: string; readonly object: StoredObject | null }> {
  const object = await store.look(key, signal);
  if (object || key.startsWith('/')) return { key, object };
  const slashed = await store.look(`/${key}`, signal);
  return slashed ? { key: `/${key}`, object: slashed } : { key, object };
}

/**
 * The key that a link is to be made for, and why it may open nothing: where the way from here to the storage is at fault,
 * whoever gets the link may have another one. Rejects with what the storage refuses.
 */
export async function lookBeforeLink(
  store: ObjectStore,
  key: string,
  owner: AbortSignal,
): Promise<{ readonly key: string; readonly doubt: Problem | null }> {
  try {
    const there = await withDeadline('the storage', lookMs, owner, (signal) => keyThere(store, key, signal));
    return { key: there.key, doubt: there.object ? null : notThere };
  } catch (error) {
    owner.throwIfAborted();
    const doubt = problemOfStorage(error, { host: store.host, bucket: store.host });
    if (doubt.fault !== 'network') throw error;
    return { key, doubt };
  }
}

const notThere: Problem = {
  code: 'not-in-storage',
  fault: 'destination',
  retryable: true,
  text: 'The storage does not show this file.',
  advice: 'Press Check again, and look whether somebody moved it.',
};
