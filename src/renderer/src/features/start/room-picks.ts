import type { Person, Track } from '../../../../shared/model/room.ts';
import { startWords } from '../../text/start-messages.ts';

/** One line of a picker: what is stored, what is read. */
export interface PickLine {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
}

/** One that is chosen stays in the list when it has left the room, so that nobody is swapped for another unseen. */
function withChosen(lines: readonly PickLine[], chosen: string | null, nameOf: (id: string) => string): PickLine[] {
  const isThere = chosen === null || chosen === '' || lines.some((line) => line.id === chosen);
  return isThere ? [...lines] : [...lines, { id: chosen, label: startWords.goneFromRoom(nameOf(chosen)) }];
}

/** The people of the room by name; the identity beside it where it says something else. */
export function peoplePicks(people: readonly Person[], chosen: string | null): PickLine[] {
  const lines = people.map(({ identity, name }) => ({
    id: identity,
    label: name,
    ...(identity === name ? {} : { detail: identity }),
  }));
  return withChosen(lines, chosen, (identity) => identity);
}

/** The tracks of the room by owner and source, such as "Ada Lindqvist, camera". */
export function trackPicks(people: readonly Person[], kind: Track['kind'] | null, chosen: string | null): PickLine[] {
  const lines = people.flatMap((person) =>
    person.tracks
      .filter((track) => track.kind !== 'data' && (kind === null || track.kind === kind))
      .map((track) => ({ id: track.sid, label: `${person.name}, ${sourceOf(track)}`, detail: detailOf(track) })),
  );
  return withChosen(lines, chosen, (sid) => sid);
}

const sourceOf = (track: Track): string =>
  track.source === 'unknown' && track.name !== '' ? track.name : startWords.sources[track.source];

const detailOf = (track: Track): string =>
  [startWords.trackKinds[track.kind], track.name, track.isMuted ? startWords.muted : '']
    .filter((part) => part !== '')
    .join(', ');
