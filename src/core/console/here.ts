import { stat } from 'node:fs/promises';
import type { JobFile } from '../../shared/model/job.ts';
import type { Server } from '../../shared/model/server.ts';
import { isPath } from '../../shared/text/file-place.ts';

/** A server of this computer, and most likely its egress worker with it: a path that it tells may be one of here. */
export const isServerHere = (server: Pick<Server, 'kind'> | null): boolean =>
  server?.kind === 'rehearsal' || server?.kind === 'local';

/** What lies at the path of a file on this computer; null: nothing, or it has no path. */
export async function fileHere({ location }: Pick<JobFile, 'location'>): Promise<{ readonly bytes: number } | null> {
  if (!isPath(location)) return null;
  const found = await stat(location).catch(() => null); // not here: said by the null
  return found?.isFile() ? { bytes: found.size } : null;
}
