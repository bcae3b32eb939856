import { outputsOf, type JobRequest } from '../../shared/model/job-request.ts';
import type { JobState } from './job-state.ts';
import type { EgressSnapshot } from './ports.ts';
import { isSameStream } from './streams/same-stream.ts';

/** Two clocks: the server's and ours. A job of ours may seem to have begun this much before it was asked for. */
const clockSkewMs = 60_000;

/** The address of a page without its secret; null where it is not known. */
type TwinOf = (addressId: string) => string | null;

/** The egress of a job whose Start was never answered: the same room, request and time, and nobody else's. */
export function findStarted(
  list: readonly EgressSnapshot[],
  job: JobState,
  isKnown: (egressId: string) => boolean,
  twinOf: TwinOf,
): EgressSnapshot | undefined {
  return list.find(
    (item) =>
      item.roomName === job.roomName &&
      mayBe(job.request, item, twinOf) &&
      !isKnown(item.egressId) &&
      (item.startedAtMs ?? 0) >= job.requestedAtMs - clockSkewMs,
  );
}

/** The same, and something that only our request names: where it is written or sent. Else another's would be taken for it. */
export function isSurelyStarted(item: EgressSnapshot, job: JobState, twinOf: TwinOf): boolean {
  if (!findStarted([item], job, () => false, twinOf) || !item.asked?.()) return false;
  const hasName = namesOf(job.request).some((name) => name !== '');
  const isSentTo = (url: string): boolean => item.results.streams.some((listed) => isSameStream(url, listed.url));
  return hasName || (job.streams.length > 0 && job.streams.every(({ url }) => isSentTo(url)));
}

/** What may come of a request: the server may have been asked in the older form, or in the new one that covers every kind. */
const comesOf: Readonly<Record<JobRequest['kind'], readonly EgressSnapshot['kind'][]>> = {
  'room-composite': ['room-composite', 'v2'],
  web: ['web', 'v2'],
  participant: ['participant', 'v2'],
  'track-composite': ['track-composite', 'v2'],
  track: ['track', 'v2'],
  template: ['v2', 'room-composite'],
  media: ['v2', 'participant', 'track-composite', 'track'],
  'room-sound': [],
};

/** The kind fits, and, where the server tells, whom or what it is of and the names that it writes. */
function mayBe(request: JobRequest, item: EgressSnapshot, twinOf: TwinOf): boolean {
  if (!comesOf[request.kind].includes(item.kind)) return false;
  const asked = item.asked?.();
  if (!asked) return true;
  return isOfSame(request, asked.request, asked.subject, twinOf) && hasSameNames(request, asked.request);
}

function isOfSame(request: JobRequest, asked: JobRequest, subject: string, twinOf: TwinOf): boolean {
  if (request.kind === 'participant' && asked.kind === 'participant') return request.identity === asked.identity;
  if (request.kind === 'track' && asked.kind === 'track') return request.trackSid === asked.trackSid;
  if (request.kind === 'track-composite' && asked.kind === 'track-composite')
    return request.audioTrackSid === asked.audioTrackSid && request.videoTrackSid === asked.videoTrackSid;
  if (request.kind !== 'web') return true;
  // A web page is in no room: its host tells one from another.
  const twin = twinOf(request.pageId);
  return asked.kind === 'web' && (twin === null || !URL.canParse(twin) || new URL(twin).host === subject);
}

/** The server tells names as they were asked for, with a folder of its own before them where the storage is one. */
function hasSameNames(request: JobRequest, asked: JobRequest): boolean {
  const [ours, theirs] = [namesOf(request), namesOf(asked)];
  return ours.length === theirs.length && ours.every((name, index) => theirs[index]?.endsWith(name));
}

function namesOf(request: JobRequest): readonly string[] {
  if (request.kind === 'track') return request.output.to === 'file' ? [request.output.filePath] : [];
  const outputs = outputsOf(request);
  if (!outputs) return [];
  const { file, segments, images } = outputs;
  return [file?.filePath, segments?.filenamePrefix, ...images.map((one) => one.filenamePrefix)].filter(
    (name) => name !== undefined,
  );
}
