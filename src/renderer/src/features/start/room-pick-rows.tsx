import type { Track } from '../../../../shared/model/room.ts';
import { startWords as text } from '../../text/start-messages.ts';
import { PickRow } from '../../ui/pick-row.tsx';
import { Finds } from './finds.tsx';
import { peoplePicks, trackPicks } from './room-picks.ts';
import type { StartFieldsProps } from './start-form.tsx';
import { usePeople } from './use-people.ts';

const noneId = ' none'; // no track has such a SID

/** One person of the room. */
export function PersonPick({ choice, change, findings }: StartFieldsProps) {
  const people = usePeople();
  return (
    <>
      <PickRow
        label={text.person}
        value={choice.identity}
        placeholder={people.length === 0 ? text.nobody : text.noPerson}
        items={peoplePicks(people, choice.identity)}
        onPick={(identity) => change({ do: 'set', part: { identity } })}
      />
      <Finds findings={findings} of={['identity', 'video.identity']} />
    </>
  );
}

export interface TrackPickProps extends StartFieldsProps {
  readonly label: string;
  /** Null: tracks of picture and of sound. */
  readonly kind: Track['kind'] | null;
  readonly field: 'trackSid' | 'audioTrackSid' | 'videoTrackSid';
  /** One may do without. */
  readonly isOptional?: boolean;
}

/** One track of the room, by its owner and its source. */
export function TrackPick({ choice, change, findings, label, kind, field, isOptional = false }: TrackPickProps) {
  const people = usePeople();
  const chosen = choice[field];
  const picks = trackPicks(people, kind, chosen);
  return (
    <>
      <PickRow
        label={label}
        value={chosen ?? (isOptional ? noneId : null)}
        placeholder={picks.length === 0 ? text.noTracks : text.noTrack}
        items={[...(isOptional ? [{ id: noneId, label: text.none }] : []), ...picks]}
        onPick={(id) => change({ do: 'set', part: { [field]: id === noneId ? null : id } })}
      />
      <Finds findings={findings} of={choice.kind === 'media' ? ['video.trackSid'] : [field]} />
    </>
  );
}
