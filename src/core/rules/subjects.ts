import type { Rule } from '../../shared/model/rule.ts';
import type { JobSubject, SeenPerson, SeenRoom, SeenTrack } from './ports.ts';

/** One person or one track that a rule could record. */
export interface Candidate {
  readonly room: SeenRoom;
  readonly person: SeenPerson;
  readonly track: SeenTrack | null;
  /** The same for the same session of a person, or the same publication of a track; another one after. */
  readonly key: string;
  /** Why it cannot be recorded now, though it should; null where it can. */
  readonly hindrance: { readonly state: 'waits' | 'cannot'; readonly reason: string } | null;
}

const wantsKind: Readonly<Record<Rule['takes'], readonly SeenTrack['kind'][]>> = {
  participants: ['audio', 'video'],
  'audio-tracks': ['audio'],
  'video-tracks': ['video'],
  'all-tracks': ['audio', 'video'],
};
/** Participant egress takes camera and microphone only. */
const isOwnMedia = (track: SeenTrack): boolean => track.source === 'camera' || track.source === 'microphone';

const encrypted = {
  state: 'cannot',
  reason: 'End-to-end encrypted: the server cannot record it.',
} as const;

/** What a rule could take of a person, in order of their tracks. */
export function candidatesOf(rule: Rule, room: SeenRoom, person: SeenPerson): readonly Candidate[] {
  const fitting = person.tracks.filter((track) => wantsKind[rule.takes].includes(track.kind) && track.sid !== '');
  if (rule.takes !== 'participants')
    return fitting.map((track) => ({
      room,
      person,
      track,
      key: `track ${track.sid}`,
      hindrance: track.isEncrypted ? encrypted : null,
    }));
  const own = fitting.filter(isOwnMedia);
  const hindrance =
    own.length === 0
      ? ({ state: 'waits', reason: 'Waits until they publish a microphone or a camera.' } as const)
      : own.every((track) => track.isEncrypted)
        ? encrypted
        : null;
  // A room that we are in may tell of somebody before it has told their sid.
  return [{ room, person, track: null, key: `person ${person.sid || person.identity}`, hindrance }];
}

/** True where a job records this very person or track. */
export function isSubject(subject: JobSubject, { person, track }: Candidate): boolean {
  if (subject.by === 'participant') return track === null && subject.identity === person.identity;
  return subject.by === 'track' && track !== null && subject.trackSid === track.sid;
}
