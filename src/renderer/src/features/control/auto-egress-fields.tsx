import type { AutoEgress } from '../../../../shared/model/auto-egress.ts';
import { programRequest } from '../../../../shared/model/job-request.ts';
import { controlWords } from '../../text/control-messages.ts';
import { startWords } from '../../text/start-messages.ts';
import { Check, Choices, Field } from '../../ui/field.tsx';
import { Fold } from '../../ui/fold.tsx';
import { PickRow } from '../../ui/pick-row.tsx';
import { keysOf } from '../start/keys-of.ts';
import { StoragePick } from '../start/storage-pick.tsx';

const text = controlWords.auto;
const usual = {
  room: '{room_name}-{time}',
  participant: '{room_name}/{publisher_identity}-{time}',
  tracks: '{room_name}/{publisher_identity}-{track_id}-{time}',
};
const layouts = keysOf(startWords.layouts).filter((layout) => layout !== '');

interface Props {
  readonly auto: AutoEgress;
  readonly onChange: (auto: AutoEgress) => void;
}

/** What LiveKit itself records of a new room, and what it can not. */
export function AutoEgressFields({ auto, onChange }: Props) {
  const count = [auto.room, auto.participant, auto.tracks].filter((each) => each !== null).length;
  return (
    <div className="auto-egress">
      <Fold title={text.title} now={text.now(count)}>
        <div className="form">
          <p className="wide note">{text.limits}</p>
          <RoomPart auto={auto} onChange={onChange} />
          <ParticipantPart auto={auto} onChange={onChange} />
          <TracksPart auto={auto} onChange={onChange} />
          {count === 0 ? null : <p className="wide note">{text.wait}</p>}
        </div>
      </Fold>
    </div>
  );
}

function RoomPart({ auto, onChange }: Props) {
  const { room } = auto;
  const set = (part: Partial<NonNullable<AutoEgress['room']>>): void => {
    if (room) onChange({ ...auto, room: { ...room, ...part } });
  };
  const file = room?.outputs.file;
  return (
    <>
      <Part isOn={room !== null} onChange={(on) => onChange({ ...auto, room: on ? programRequest(usual.room) : null })}>
        {text.room}
      </Part>
      {room && file ? (
        <>
          <PickRow
            label={text.layout}
            value={room.layout}
            items={layouts.map((id) => ({ id, label: startWords.layouts[id] }))}
            onPick={(layout) => set({ layout })}
          />
          <Choices
            label={text.takes}
            value={room.tracks === 'audio' ? 'audio' : 'both'}
            choices={[
              { value: 'both', label: text.soundToo },
              { value: 'audio', label: text.sound },
            ]}
            onChange={(tracks) => set({ tracks })}
          />
          <FilePart
            name="room"
            place={file}
            onChange={(place) => set({ outputs: { ...room.outputs, file: { ...file, ...place } } })}
          />
        </>
      ) : null}
    </>
  );
}

function ParticipantPart({ auto, onChange }: Props) {
  const file = auto.participant?.outputs.file ?? null;
  const set = (place: Place): void =>
    onChange({
      ...auto,
      participant: {
        encoding: { use: 'default' },
        outputs: { file: { fileType: 'mp4', hasManifest: true, ...place }, segments: null },
      },
    });
  return (
    <>
      <Part
        isOn={file !== null}
        onChange={(on) =>
          on ? set({ filePath: usual.participant, storageId: null }) : onChange({ ...auto, participant: null })
        }
      >
        {text.participant}
      </Part>
      {file ? (
        <>
          <p className="wide note">{text.participantLimits}</p>
          <FilePart
            name="participant"
            place={file}
            onChange={({ filePath, storageId }) => set({ filePath, storageId })}
          />
        </>
      ) : null}
    </>
  );
}

function TracksPart({ auto, onChange }: Props) {
  const { tracks } = auto;
  const first = { filePath: usual.tracks, hasManifest: true, storageId: null };
  return (
    <>
      <Part isOn={tracks !== null} onChange={(on) => onChange({ ...auto, tracks: on ? first : null })}>
        {text.tracks}
      </Part>
      {tracks ? (
        <>
          <p className="wide note">{text.tracksLimits}</p>
          <FilePart
            name="tracks"
            place={tracks}
            onChange={(place) => onChange({ ...auto, tracks: { ...tracks, ...place } })}
          />
        </>
      ) : null}
    </>
  );
}

function Part(props: {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly children: string;
}) {
  return (
    <span className="wide">
      <Check isOn={props.isOn} onChange={props.onChange}>
        {props.children}
      </Check>
    </span>
  );
}

interface Place {
  readonly filePath: string;
  readonly storageId: string | null;
}

/** The name of the files, and where they are kept. */
function FilePart(props: {
  readonly name: keyof typeof text.names;
  readonly place: Place;
  readonly onChange: (place: Place) => void;
}) {
  const what = text.names[props.name];
  const { filePath, storageId } = props.place;
  return (
    <>
      <Field
        label={text.file(what)}
        value={filePath}
        maxLength={512}
        spellCheck="false"
        onChange={(next) => props.onChange({ filePath: next, storageId })}
      />
      <span className="l">{text.storage}</span>
      <StoragePick output={what} value={storageId} onPick={(next) => props.onChange({ filePath, storageId: next })} />
    </>
  );
}
