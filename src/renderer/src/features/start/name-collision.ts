import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { outputsOf, type EgressRequest } from '../../../../shared/model/job-request.ts';
import { fileNameOf } from '../../../../shared/text/file-name.ts';

interface Taken {
  readonly by: 'running' | 'made';
  readonly title: string;
}

/** The job that writes a file of this name to the same storage, or has written one; null where there is none. */
export function takenBy(name: string, storageId: string | null, jobs: readonly Job[], atMs: number): Taken | null {
  for (const job of jobs) {
    const own = fileOf(job);
    if (own?.storageId !== storageId) continue;
    if (isRunning(job) && nameOf(job, own, atMs) === name) return { by: 'running', title: job.title };
    const hasMade = job.files.some(({ engine, location }) => engine === 'egress' && endsWith(location, name));
    if (hasMade) return { by: 'made', title: job.title };
  }
  return null;
}

interface Place {
  readonly filePath: string;
  readonly storageId: string | null;
  readonly fileType: 'default' | 'mp4' | 'ogg' | 'mp3';
}
function fileOf({ request }: Job): Place | null {
  if (request.kind !== 'track') return outputsOf(request)?.file ?? null;
  return request.output.to === 'file' ? { ...request.output, fileType: 'default' } : null;
}

function nameOf({ request, roomName }: Job, { filePath, fileType }: Place, atMs: number): string | null {
  if (request.kind === 'room-sound') return null;
  const identity = request.kind === 'participant' ? request.identity : undefined;
  return fileNameOf(filePath, {
    kind: request.kind,
    roomName,
    identity,
    fileType,
    isSoundOnly: isSound(request),
    atMs,
  });
}
const isSound = (request: EgressRequest): boolean => 'tracks' in request && request.tracks === 'audio';

const endsWith = (location: string, name: string): boolean => location === name || location.endsWith(`/${name}`);
