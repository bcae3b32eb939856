import { isRunning, type Job, type JobFile } from '../../../../shared/model/job.ts';
import { outputsOf, type EgressRequest } from '../../../../shared/model/job-request.ts';
import { fileNameOf, filledIn, type NameFacts } from '../../../../shared/text/file-name.ts';
import { imageName, newestImageName } from '../../../../shared/text/image-name.ts';
import { imageTemplates, segmentTemplates } from '../../../../shared/text/output-names.ts';

interface Taken {
  readonly by: 'running' | 'made';
  readonly name: string;
  readonly title: string;
}

/** The job that writes one of these names to the same storage, or has written it; null where there is none. */
export function takenBy(
  names: readonly string[],
  storageId: string | null,
  jobs: readonly Job[],
  atMs: number,
): Taken | null {
  for (const job of jobs) {
    const places = placesOf(job, atMs).filter((place) => place.storageId === storageId);
    if (places.length === 0) continue;
    const written = isRunning(job) ? places.flatMap((place) => place.names) : [];
    const running = names.find((name) => written.includes(name));
    if (running !== undefined) return { by: 'running', name: running, title: job.title };
    const made = names.find((name) => job.files.some((file) => isNamed(file, name)));
    if (made !== undefined) return { by: 'made', name: made, title: job.title };
  }
  return null;
}

interface Place {
  readonly storageId: string | null;
  readonly names: readonly string[];
}
function placesOf({ request, roomName }: Job, atMs: number): readonly Place[] {
  if (request.kind === 'room-sound') return [];
  const identity = request.kind === 'participant' ? request.identity : undefined;
  const facts = { kind: request.kind, roomName, identity, isSoundOnly: isSound(request), atMs };
  const placeOf = (
    file: { readonly filePath: string; readonly storageId: string | null },
    fileType: FileType,
  ): Place => ({
    storageId: file.storageId,
    names: [fileNameOf(file.filePath, { ...facts, fileType })],
  });
  if (request.kind === 'track') return request.output.to === 'file' ? [placeOf(request.output, 'default')] : [];
  const outputs = outputsOf(request);
  if (!outputs) return [];
  const { file, segments, images } = outputs;
  const filled = (templates: readonly string[]) => templates.map((one) => filledIn(one, facts));
  return [
    ...(file ? [placeOf(file, file.fileType)] : []),
    ...(segments ? [{ storageId: segments.storageId, names: filled(segmentTemplates(segments)) }] : []),
    ...images.map((set) => ({ storageId: set.storageId, names: filled(imageTemplates(set)) })),
  ];
}

type FileType = NameFacts['fileType'];
const isSound = (request: EgressRequest): boolean => 'tracks' in request && request.tracks === 'audio';

/** Of images egress tells how their names begin. */
function isNamed({ engine, content, location }: JobFile, name: string): boolean {
  if (engine !== 'egress') return false;
  const made = content === 'images' ? [imageName(location, 0), newestImageName(location)] : [location];
  return made.some((one) => one === name || one.endsWith(`/${name}`));
}
