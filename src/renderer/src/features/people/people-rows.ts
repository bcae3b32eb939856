import type { CaptionSession } from '../../../../shared/model/captions.ts';
import type { Person, RoomDetail, Tally } from '../../../../shared/model/room.ts';
import { words } from '../../text/messages.ts';

const hues = 8;

/** One person as the table shows them. Levels are not in it: they never pass through React. */
export interface PersonRow {
  readonly identity: string;
  readonly name: string;
  /** A quiet word where it is not an ordinary person: "phone". */
  readonly kind: string;
  /** 1 to 8. */
  readonly hue: number;
  readonly isSpeaking: boolean;
  /** What stands in the place of a bar; null: a bar. */
  readonly instead: string | null;
  readonly tally: readonly Tally[];
  readonly isStale: boolean;
}

function insteadOf(person: Person): string | null {
  if (!person.tracks.some((track) => track.kind === 'audio')) return words.people.noMic;
  return person.isMuted ? words.people.muted : null;
}

/** The people of a room in the order in which they came, each with the hue that captions give them where they run. */
export function peopleRows(detail: RoomDetail, session: CaptionSession | null, isStale: boolean): readonly PersonRow[] {
  const hueOf = new Map(session?.speakers.map((speaker) => [speaker.identity, speaker.hue]));
  return detail.people
    .toSorted((a, b) => a.joinedAtMs - b.joinedAtMs || a.identity.localeCompare(b.identity))
    .map((person, index) => ({
      identity: person.identity,
      name: person.name,
      kind: words.people.kinds[person.kind],
      hue: hueOf.get(person.identity) ?? (index % hues) + 1,
      isSpeaking: person.isSpeaking && !isStale,
      instead: insteadOf(person),
      tally: detail.tally[person.identity] ?? [],
      isStale: isStale || detail.sight.state === 'stale',
    }));
}

const order: readonly Tally[] = ['REC', 'LIVE', 'CAP', 'DESK'];

/** Which tallies the column shows: those that hold anybody now, so that who is left out is seen as grey. */
export const shownTallies = (rows: readonly PersonRow[]): readonly Tally[] =>
  order.filter((word) => rows.some((row) => row.tally.includes(word)));
