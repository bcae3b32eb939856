import { randomInt } from 'node:crypto';
import { openMediaPlane, type MediaPlane, type MediaPlaneOptions } from '../media-plane/media-plane.ts';

interface Values {
  get(key: string): string | null;
  set(key: string, value: string): void;
}
const key = 'media plane port';
/** Below those that systems give to connections, which would have taken it now and then while the console was closed. */
const lowestPort = 20_000;
const highestPort = 32_767;

/** The media plane, at the port that it had first: the webhooks of a server go on finding it after a restart. */
export async function openKeptPlane(values: Values, options: Omit<MediaPlaneOptions, 'port'>): Promise<MediaPlane> {
  const kept = values.get(key);
  const plane = await openMediaPlane({ ...options, port: Number(kept ?? randomInt(lowestPort, highestPort + 1)) });
  if (kept !== null) return plane;
  try {
    values.set(key, new URL(plane.origin).port);
  } catch (error) {
    options.log.error('The port for webhooks was not kept', {}, error); // they find another one after the next start
  }
  return plane;
}
