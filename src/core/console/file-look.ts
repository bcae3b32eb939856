import { outputsOf } from '../../shared/model/job-request.ts';
import { storageOfFile } from '../../shared/model/file-storage.ts';
import type { Job, JobFile } from '../../shared/model/job.ts';
import type { Storage } from '../../shared/model/storage.ts';
import type { Server } from '../../shared/model/server.ts';
import { isPath } from '../../shared/text/file-place.ts';
import { keyOfName } from '../../shared/text/object-key.ts';
import type { StorageBook } from '../settings/storage-book.ts';
import { found, unseen, type Found } from '../storage/found.ts';
import { lookUpImages } from '../storage/look-up-images.ts';
import { outputsHere } from '../storage/output-place.ts';
import { lookUpHere } from '../storage/look-up-here.ts';
import { lookUpSegments, lookUpSegmentsHere } from '../storage/look-up-segments.ts';
import { lookUp } from '../storage/look-up.ts';
import type { RoleSessions } from '../storage/role-sessions.ts';
import { withStore } from '../storage/with-store.ts';
import type { OpenStoreOptions } from '../storage/open-store.ts';
import { isServerHere } from './here.ts';

export interface Looked extends Found {
  /** The profile that it was looked for in; null: none, or on this computer. */
  readonly storage: string | null;
  /** Where that was, for the eyes. */
  readonly where: string;
}

interface LookParts {
  readonly storages: StorageBook;
  readonly roles: RoleSessions;
  readonly serverOf: (serverId: string) => Server | null;
}

/** One look for a file of an ended job: in its storage, or at its path where the server runs here. Never rejects. */
export async function lookForFile(parts: LookParts, job: Job, file: JobFile, signal: AbortSignal): Promise<Looked> {
  const { storages, serverOf } = parts;
  const server = serverOf(job.serverId);
  if (file.content === 'images') return lookForImages(parts, job, file, server, signal);
  if (isPath(file.location)) return { ...(await lookAtPath(file, server)), storage: null, where: file.location };
  const storage = storageOfFile(job, file, storages.storages.value.storages);
  if (!storage) return nowhere('no storage profile fits where it lies');
  const told = toldOf(file);
  return lookIn(parts, storage, (opened) =>
    isPlaylist(file) ? lookUpSegments(opened, told, signal) : lookUp(opened, told, signal),
  );
}

/** Egress tells no place of images, only how their names begin: they lie where the job asked for them. */
async function lookForImages(
  parts: LookParts,
  job: Job,
  file: JobFile,
  server: Server | null,
  signal: AbortSignal,
): Promise<Looked> {
  if (file.isInBackup) return nowhere('in the second storage of the server');
  const sets = outputsOf(job.request)?.images ?? [];
  const asked = sets[Number(file.id.split('-').at(-1))]; // egress tells of them in the order in which they were asked
  const told = { prefix: file.location, suffix: asked?.filenameSuffix ?? 'index', count: file.count ?? 0 };
  const storage = asked?.storageId == null ? null : parts.storages.find(asked.storageId);
  if (storage && storage.place.provider !== 'server-local')
    return lookIn(parts, storage, (opened) =>
      withStore(opened, signal, (store, limited) =>
        lookUpImages(told, async (name) => (await store.look(keyOfName(name), limited)) !== null),
      ),
    );
  if (!isServerHere(server) || !isPath(file.location)) return nowhere(atHost);
  const seen = await lookUpImages(told, async (name) => (await outputsHere.mark(name, signal)) !== null);
  const isElsewhere = seen.state === 'missing' && server?.kind !== 'rehearsal';
  return isElsewhere ? nowhere(inContainer) : { ...seen, storage: null, where: file.location };
}

/** Where a storage cannot be asked, nothing is known. */
async function lookIn(
  { storages, roles }: LookParts,
  storage: Storage,
  look: (opened: OpenStoreOptions) => Promise<Found>,
): Promise<Looked> {
  const about = { storage: storage.name, where: `${storage.name} (${storage.shown})` };
  try {
    return { ...(await look({ ...(await storages.open(storage.id)), roles })), ...about };
  } catch (error) {
    return { ...unseen(error), ...about }; // also where its keys are not kept, or cannot be opened
  }
}

/** A path that is not found here says nothing, but for the rehearsal, whose files are all of this computer. */
async function lookAtPath(file: JobFile, server: Server | null): Promise<Found> {
  if (!isServerHere(server)) return found('unknown', atHost);
  const told = toldOf(file);
  const seen = isPlaylist(file) ? await lookUpSegmentsHere(told) : await lookUpHere(told);
  if (seen) return seen;
  if (server?.kind !== 'rehearsal') return found('unknown', inContainer);
  return found('missing', 'not there any more');
}

const atHost = 'at the egress host, and cannot be seen from here';
const inContainer = 'at the egress host, and not at this path of this computer: the worker may run in a container';
const isPlaylist = ({ content }: JobFile): boolean => content === 'segments' || content === 'live-playlist';
const toldOf = ({ location, bytes, durationMs, content, count }: JobFile) => ({
  location,
  bytes,
  durationMs,
  ...(content === 'segments' ? { count } : {}),
});
const nowhere = (text: string): Looked => ({ ...found('unknown', text), storage: null, where: '' });
