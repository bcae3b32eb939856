import { handOverGroup } from '../../../../shared/model/hand-over.ts';
import { isRunning, type Job, type JobFile } from '../../../../shared/model/job.ts';
import { isOnlyStream } from '../../../../shared/model/streaming.ts';
import { isPath, isStored } from '../../../../shared/text/file-place.ts';
import { bytes } from '../../../../shared/text/figures.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import type { TallyTone } from '../../ui/tally.tsx';
import { reachNobody } from '../destinations/destination-words.ts';

/** What a job shows of itself, from its parts alone; no clock in here. */

export interface JobTally {
  readonly tone: TallyTone;
  readonly word: string;
  readonly isSoft: boolean;
  readonly hasEdge: boolean;
}

/** `isUnknown`: who holds the job does not answer, so that this is only what was seen last. */
export function tallyOf(job: Job, isUnknown: boolean): JobTally {
  const word = job.engine === 'desk' ? 'DESK' : isOnlyStream(job.request) ? 'LIVE' : 'REC';
  if (job.phase === 'done') return { tone: 'off', word: jobsWords.state.done, isSoft: false, hasEdge: true };
  if (job.phase === 'failed') return { tone: 'trouble', word, isSoft: false, hasEdge: false };
  if (isUnknown) return { tone: 'off', word: `${word} ?`, isSoft: false, hasEdge: true };
  if (job.phase === 'starting' || job.phase === 'armed' || job.phase === 'waiting')
    return { tone: 'armed', word, isSoft: true, hasEdge: false };
  const isLost = word === 'DESK' ? deskHasNothing(job) : word === 'LIVE' && reachNobody(job.destinations);
  return { tone: isLost ? 'trouble' : 'live', word, isSoft: false, hasEdge: false };
}

/** A recording here of which nothing is kept at this moment: its disk takes nothing, or no sound comes. */
export const deskHasNothing = ({ desk, warnings }: Job): boolean =>
  desk?.takesNothing === true || warnings.some(({ code }) => code === 'desk-away');

/**
 * The file that stands for the job: the whole room, of the engine that holds it, else the first of all. Where the desk
 * recorded twice, before egress and after it, the longer one.
 */
export function mainFile(job: Job): JobFile | null {
  const programs = job.files.filter((file) => file.content === 'program');
  const [longest] = programs
    .filter((file) => file.engine === job.engine)
    .toSorted((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0));
  return longest ?? programs[0] ?? job.files[0] ?? null;
}

const endedBadly: ReadonlySet<string> = new Set(['failed', 'aborted']);

/** Egress ended otherwise than it should: there is something to ask Why about. */
export const hasLostEgress = (job: Job): boolean => job.egress !== null && endedBadly.has(job.egress.status);

/** Nobody writes this file any more, and it was never finished. */
export const isUnfinished = (job: Job, file: JobFile): boolean =>
  !file.isComplete && (file.engine === 'egress' ? hasLostEgress(job) : !isRunning(job));

const beforeVoice = /^.* \d{4}-\d{2}-\d{2} \d{6} (?=.)/;

/** The name of a file in the list of its job: the room and the time are those of the job, so what differs is shown. */
export const shortName = (file: JobFile): string =>
  file.engine === 'desk' ? file.name.replace(beforeVoice, '') : file.name;

/** What the player takes: everything but sets of images and manifests. */
export const isPlayable = (file: JobFile): boolean => file.content !== 'images' && file.content !== 'manifest';

/** A playlist that egress has written a first time: it plays while it grows. */
export const isGrowingPlaylist = ({ content, location, isComplete }: JobFile): boolean =>
  !isComplete && (content === 'segments' || content === 'live-playlist') && (isPath(location) || isStored(location));

/** What a file is where its name alone does not tell: "12 segments". */
export function contentOf({ content, count }: JobFile): string {
  const { segments, images, livePlaylist, manifest } = jobsWords.files.contents;
  switch (content) {
    case 'program':
    case 'person':
      return '';
    case 'segments':
      return segments(count ?? 0);
    case 'images':
      return images(count ?? 0);
    case 'live-playlist':
      return livePlaylist;
    case 'manifest':
      return manifest;
  }
}

/** Where a file lies, without its own name: the name stands above it already. */
function placeOf(file: JobFile): string {
  const at = Math.max(file.location.lastIndexOf('/'), file.location.lastIndexOf('\\'));
  if (at <= 0) return file.location === file.name ? '' : file.location;
  return file.location.slice(0, at);
}

/** Bytes of the job's files by the engine of the main one; null before the first is known. */
export function sizeOf(job: Job): number | null {
  const engine = mainFile(job)?.engine;
  const sizes = job.files.flatMap((file) => (file.engine === engine && file.bytes !== null ? [file.bytes] : []));
  return sizes.length === 0 ? null : sizes.reduce((sum, each) => sum + each, 0);
}

/** Of one file egress tells the size when it has uploaded it, and nothing before; of segments and images it does. */
const sizeAtEnd = (job: Job, main: JobFile | null): string =>
  job.phase === 'recording' && job.engine === 'egress' && main?.content === 'program' ? jobsWords.sizeAtEnd : '';

/** "egress · 1.2 GB · s3://show", "desk · 3 people · 21 MB"; done: "2.7 GB · s3://show". */
export function sublineOf(job: Job): string {
  const size = sizeOf(job);
  const main = mainFile(job);
  const place = main === null ? '' : placeOf(main);
  const parts =
    job.phase === 'done'
      ? [size === null ? '' : bytes(size), place]
      : [
          jobsWords.engine[job.engine],
          job.engine === 'desk' && job.desk ? jobsWords.people(job.desk.peopleCount) : '',
          size === null ? sizeAtEnd(job, main) : bytes(size),
          job.engine === 'desk' && job.desk ? '' : place, // last: a narrow card cuts it before all else
        ];
  return parts.filter(Boolean).join(' · ');
}

/** How long what was kept is; null where nothing was. */
export function lengthMs(job: Job): number | null {
  const main = mainFile(job);
  if (main?.durationMs != null) return main.durationMs;
  return job.startedAtMs !== null && job.endedAtMs !== null ? job.endedAtMs - job.startedAtMs : null;
}

/** True where the desk's recording is all there is of these seconds. */
export const isOnlyCopy = (job: Job): boolean =>
  job.engine === 'desk' && job.desk?.status === 'recording' && job.egress?.status !== 'active';

/** The running jobs that a stop of this one ends: itself, and while it is handed over those that take part in it. */
export const endsWith = (job: Job, jobs: readonly Job[]): readonly Job[] => handOverGroup(job, jobs).filter(isRunning);
