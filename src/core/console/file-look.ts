import { storageOfFile } from '../../shared/model/file-storage.ts';
import type { Job, JobFile } from '../../shared/model/job.ts';
import { problemOf } from '../../shared/model/problem-error.ts';
import type { Server } from '../../shared/model/server.ts';
import { isPath } from '../../shared/text/file-place.ts';
import type { StorageBook } from '../settings/storage-book.ts';
import { lookUpHere } from '../storage/look-up-here.ts';
import { lookUpSegments, lookUpSegmentsHere } from '../storage/look-up-segments.ts';
import { lookUp, type Found } from '../storage/look-up.ts';
import { isServerHere } from './here.ts';

export interface Looked extends Found {
  /** The profile that it was looked for in; null: none, or on this computer. */
  readonly storage: string | null;
  /** Where that was, for the eyes. */
  readonly where: string;
}

interface LookParts {
  readonly storages: StorageBook;
  readonly serverOf: (serverId: string) => Server | null;
}

/** One look for a file of an ended job: in its storage, or at its path where the server runs here. Never rejects. */
export async function lookForFile(
  { storages, serverOf }: LookParts,
  job: Job,
  file: JobFile,
  signal: AbortSignal,
): Promise<Looked> {
  if (isPath(file.location))
    return { ...(await lookAtPath(file, serverOf(job.serverId))), storage: null, where: file.location };
  const storage = storageOfFile(job, file, storages.storages.value.storages);
  if (!storage) return { ...unknown('no storage profile fits where it lies'), storage: null, where: '' };
  const about = { storage: storage.name, where: `${storage.name} (${storage.shown})` };
  try {
    const opened = await storages.open(storage.id);
    const told = toldOf(file);
    return {
      ...(isPlaylist(file) ? await lookUpSegments(opened, told, signal) : await lookUp(opened, told, signal)),
      ...about,
    };
  } catch (error) {
    const problem = problemOf(error); // its keys are not kept, or cannot be opened
    return { ...unknown(`could not be looked at: ${problem.text}`), problem, ...about };
  }
}

/** A path that is not found here says nothing, but for the rehearsal, whose files are all of this computer. */
async function lookAtPath(file: JobFile, server: Server | null): Promise<Found> {
  if (!isServerHere(server)) return unknown('at the egress host, and cannot be seen from here');
  const told = toldOf(file);
  const found = isPlaylist(file) ? await lookUpSegmentsHere(told) : await lookUpHere(told);
  if (found) return found;
  if (server?.kind !== 'rehearsal')
    return unknown('at the egress host, and not at this path of this computer: the worker may run in a container');
  return { ...unknown('not there any more'), state: 'missing' };
}

const isPlaylist = ({ content }: JobFile): boolean => content === 'segments' || content === 'live-playlist';
const toldOf = ({ location, bytes, durationMs, content, count }: JobFile) => ({
  location,
  bytes,
  durationMs,
  ...(content === 'segments' ? { count } : {}),
});
const unknown = (text: string): Found => ({ state: 'unknown', text, checksum: null, bytes: null, durationMs: null });
