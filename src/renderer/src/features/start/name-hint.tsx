import { useStore } from 'zustand';
import { fileNameOf, hasTime, troubleOf, type NameFacts } from '../../../../shared/text/file-name.ts';
import type { Person } from '../../../../shared/model/room.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { startWords as text } from '../../text/start-messages.ts';
import { useNow } from '../../ui/use-now.ts';
import { takenBy } from './name-collision.ts';
import type { FileOutput } from './outputs.ts';
import type { StartChoice } from './start-choice.ts';
import { usePeople } from './use-people.ts';

/** The name that a file will have, live, and what is wrong with it. */
export function NameHint(props: {
  readonly file: FileOutput;
  readonly roomName: string;
  readonly choice: StartChoice;
}) {
  const { file, roomName, choice } = props;
  const nowMs = useNow();
  const people = usePeople();
  const jobs = useStore(jobsStore, (state) => state.jobs);
  const roomSid = useStore(
    roomsStore,
    (state) => state.list?.rooms.find((room) => room.name === roomName)?.sid ?? undefined,
  );
  if (choice.kind === 'room-sound') return null;
  const facts: NameFacts = { ...factsOf(choice, people), kind: choice.kind, roomName, roomSid, atMs: nowMs };
  const name = fileNameOf(file.filePath, { ...facts, fileType: file.fileType });
  const taken = hasTime(file.filePath) ? null : takenBy(name, file.storageId, jobs, nowMs);
  const trouble = [
    ...(taken?.by === 'running' ? [text.nameTaken(name, taken.title)] : []),
    ...(taken?.by === 'made' ? [text.nameExists(name, taken.title)] : []),
    ...(taken === null && !hasTime(file.filePath) ? [text.nameAgain] : []),
    ...troubleOf(name),
  ];
  return (
    <>
      <span className="wide note">{text.nameHint(name)}</span>
      {trouble.map((words) => (
        <span key={words} className="wide find">
          {words}
        </span>
      ))}
    </>
  );
}

/** Whose file it is: of the person, or of the owner of the track. */
function factsOf(
  choice: StartChoice,
  people: readonly Person[],
): Pick<NameFacts, 'identity' | 'track' | 'fileType' | 'isSoundOnly'> {
  const sid =
    choice.kind === 'track'
      ? choice.trackSid
      : choice.kind === 'track-composite'
        ? (choice.videoTrackSid ?? choice.audioTrackSid)
        : null;
  const owner = people.find((person) => person.tracks.some((track) => track.sid === sid));
  const identity = choice.kind === 'participant' ? (choice.identity ?? undefined) : owner?.identity;
  const isSoundOnly =
    choice.kind === 'track-composite'
      ? choice.videoTrackSid === null
      : choice.kind === 'media'
        ? choice.videoBy === 'none'
        : choice.tracks === 'audio';
  return { identity, track: owner?.tracks.find((track) => track.sid === sid), fileType: 'default', isSoundOnly };
}
