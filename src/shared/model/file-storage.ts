import { keyAt } from '../text/object-key.ts';
import type { Job, JobFile } from './job.ts';
import { outputsOf } from './job-request.ts';
import type { Storage, StorageSecretName } from './storage.ts';

/** The profile that the job named, where the file lies in it; else one that it lies in, a backup first where it was used. */
export function storageOfFile(job: Pick<Job, 'request'>, file: JobFile, storages: readonly Storage[]): Storage | null {
  const fits = storages.filter(({ place }) => keyAt(place, file.location) !== null);
  if (file.isInBackup) return fits.find(({ isBackup }) => isBackup) ?? fits[0] ?? null;
  return fits.find(({ id }) => id === askedStorage(job, file)) ?? fits[0] ?? null;
}

/** What signs a link to a file; a folder of a server has none. */
const signers: readonly StorageSecretName[] = ['secret', 'credentials', 'accountKey'];

/** It has a key that a link can be signed with. */
export const canSign = ({ secretHints, isMissing }: Storage): boolean =>
  !isMissing && signers.some((name) => secretHints[name] !== undefined);

function askedStorage({ request }: Pick<Job, 'request'>, { content }: JobFile): string | null {
  if (request.kind === 'track') return request.output.to === 'file' ? request.output.storageId : null;
  const outputs = outputsOf(request);
  if (content === 'segments' || content === 'live-playlist') return outputs?.segments?.storageId ?? null;
  return outputs?.file?.storageId ?? outputs?.segments?.storageId ?? null;
}
