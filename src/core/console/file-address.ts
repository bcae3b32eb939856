import type { Job, JobFile } from '../../shared/model/job.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { FileChecks } from './file-checks.ts';
import { fileHere, isServerHere } from './here.ts';
import { mediaTypeOf } from './media-type.ts';
import type { ConsoleParts } from './parts.ts';
import { localFolder, playlistSet, storedFolder } from './playlist-set.ts';

interface Parts extends Pick<ConsoleParts, 'plane'> {
  readonly servers: Pick<ConsoleParts['servers'], 'find'>;
  readonly fileChecks: Pick<FileChecks, 'link' | 'openPlace'>;
}

/**
 * Where a player of the page finds a file, or a playlist with its segments. Rejects with a ProblemError, also where nothing
 * is there: a player tells only that it could not play.
 */
export async function fileAddress(
  { plane, fileChecks, servers }: Parts,
  job: Job,
  file: JobFile,
): Promise<{ readonly url: string; readonly mimeType: string }> {
  const mimeType = mediaTypeOf(file.name);
  if (file.content === 'segments' || file.content === 'live-playlist')
    return { url: await playlistAddress({ plane, fileChecks, servers }, job, file), mimeType };
  if (file.isLocal) return { url: plane.fileUrl(file.location, mimeType), mimeType };
  const { url, doubt } = await fileChecks.link(job, file);
  if (doubt) throw new ProblemError(doubt);
  return { url: plane.remoteUrl(url, mimeType), mimeType };
}

async function playlistAddress({ plane, fileChecks, servers }: Parts, job: Job, file: JobFile): Promise<string> {
  // One that grows is not yet called local.
  const isHere = isServerHere(servers.find(job.serverId)) && (await fileHere(file)) !== null;
  const folder = isHere ? localFolder(file.location) : await storedFolder(() => fileChecks.openPlace(job, file));
  const set = playlistSet(folder);
  if (!(await set.find(folder.name))) throw noPlaylist(file.name);
  return plane.setUrl(set, folder.name);
}

const noPlaylist = (name: string): ProblemError =>
  new ProblemError({
    code: 'no-playlist',
    fault: 'server',
    retryable: true,
    text: `${name} is not there, or is no playlist as egress writes it.`,
    advice: 'While segments are recorded, its first lines come with the first segment.',
  });
