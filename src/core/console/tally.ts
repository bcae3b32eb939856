import type { CaptionSession } from '../../shared/model/captions.ts';
import { isRunning, type Job } from '../../shared/model/job.ts';
import type { JobRequest } from '../../shared/model/job-request.ts';
import { isOnlyStream, isStreaming } from '../../shared/model/streaming.ts';
import type { Person, Tally } from '../../shared/model/room.ts';

/** What holds a room and its people now. A recording of the room holds everybody in it, one of a person or track only them. */
export function tallyOf(
  roomName: string,
  people: readonly Pick<Person, 'identity' | 'tracks'>[],
  jobs: readonly Job[],
  sessions: readonly CaptionSession[],
): { readonly room: readonly Tally[]; readonly people: () => Readonly<Record<string, readonly Tally[]>> } {
  const here = jobs.filter((job) => job.roomName === roomName && isRunning(job));
  const byEgress = here.filter((job) => job.egress?.status === 'active');
  const hasDesk = here.some((job) => job.desk?.status === 'recording');
  const sessionsHere = sessions.filter((session) => session.roomName === roomName && session.state !== 'ended');
  const words = (by: readonly Job[], isCaptioned: boolean): readonly Tally[] => [
    ...(by.some((job) => !isOnlyStream(job.request)) ? (['REC'] as const) : []),
    ...(by.some(isStreaming) ? (['LIVE'] as const) : []),
    ...(hasDesk ? (['DESK'] as const) : []),
    ...(isCaptioned ? (['CAP'] as const) : []),
  ];
  // Asked for by the open room alone, while the words of the room stand in a list of hundreds.
  const ofPeople = (): Record<string, readonly Tally[]> => {
    const speakers = sessionsHere.flatMap((session) => session.speakers);
    const isCaptioned = ({ identity }: { readonly identity: string }): boolean =>
      speakers.some((one) => one.identity === identity && (one.state === 'live' || one.state === 'gap'));
    return Object.fromEntries(
      people.map((person) => {
        const by = byEgress.filter((job) => holds(job.request, person));
        return [person.identity, words(by, isCaptioned(person))];
      }),
    );
  };
  return { room: words(byEgress, sessionsHere.length > 0), people: ofPeople };
}

/** True where what a job records is, or may be, this person. */
function holds(request: JobRequest, { identity, tracks }: Pick<Person, 'identity' | 'tracks'>): boolean {
  const has = (trackSid: string | null): boolean => tracks.some((track) => track.sid === trackSid);
  switch (request.kind) {
    case 'participant':
      return request.identity === identity;
    case 'track':
      return has(request.trackSid);
    case 'track-composite':
      return has(request.audioTrackSid) || has(request.videoTrackSid);
    case 'web':
      return false; // a page: who is in it is not known
    case 'room-composite':
    case 'template':
    case 'media':
    case 'room-sound':
      return true;
  }
}
