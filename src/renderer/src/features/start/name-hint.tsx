import { useStore } from 'zustand';
import { fileNameOf, filledIn, hasTime, troubleOf, type NameFacts } from '../../../../shared/text/file-name.ts';
import type { Person } from '../../../../shared/model/room.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { startWords as text } from '../../text/start-messages.ts';
import { useNow } from '../../ui/use-now.ts';
import { takenBy } from './name-collision.ts';
import type { FileOutput } from './outputs.ts';
import type { StartChoice } from './start-choice.ts';
import { usePeople } from './use-people.ts';

interface HintProps {
  readonly roomName: string;
  readonly choice: StartChoice;
}

/** The name that a file will have, live, and what is wrong with it. */
export function NameHint({ file, ...props }: HintProps & { readonly file: FileOutput }) {
  const facts = useNameFacts(props);
  const jobs = useStore(jobsStore, (state) => state.jobs);
  if (!facts) return null;
  const name = fileNameOf(file.filePath, { ...facts, fileType: file.fileType });
  const taken = hasTime(file.filePath) ? null : takenBy([name], file.storageId, jobs, facts.atMs);
  const trouble = [
    ...(taken ? [takenText(taken)] : []),
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

/** Of outputs that are many files: which other job writes over them, and nothing where none does. */
export function TakenHint({
  templates,
  storageId,
  ...props
}: HintProps & { readonly templates: readonly string[]; readonly storageId: string | null }) {
  const facts = useNameFacts(props);
  const jobs = useStore(jobsStore, (state) => state.jobs);
  const names = facts ? templates.map((template) => filledIn(template, facts)) : [];
  const taken = facts && takenBy(names, storageId, jobs, facts.atMs);
  return taken ? <span className="wide find">{takenText(taken)}</span> : null;
}

const takenText = ({ by, name, title }: NonNullable<ReturnType<typeof takenBy>>): string =>
  by === 'running' ? text.nameTaken(name, title) : text.nameExists(name, title);

/** Null: it makes no file at the server. */
function useNameFacts({ roomName, choice }: HintProps): NameFacts | null {
  const atMs = useNow();
  const people = usePeople();
  const roomSid = useStore(
    roomsStore,
    (state) => state.list?.rooms.find((room) => room.name === roomName)?.sid ?? undefined,
  );
  return choice.kind === 'room-sound'
    ? null
    : { ...factsOf(choice, people), kind: choice.kind, roomName, roomSid, atMs };
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
