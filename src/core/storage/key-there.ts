import type { ObjectStore, StoredObject } from './object-store.ts';

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
