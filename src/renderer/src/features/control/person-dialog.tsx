import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Problem } from '../../../../shared/model/common.ts';
import type { PersonFacts } from '../../../../shared/model/control.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { controlWords } from '../../text/control-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { TextBox } from '../../ui/text-box.tsx';
import { closeControl } from './control-view.ts';
import { isTooLong, metadataBytes, nameBytes } from './lengths.ts';
import { PersonTracks } from './person-tracks.tsx';
import { ProblemLines } from './problem-lines.tsx';
import { useAsk, useSend } from './use-send.ts';
import { Waited } from './waited.tsx';

const text = controlWords.person;

/** What a person publishes, and their name and metadata. */
export function PersonDialog({ roomName, identity }: { readonly roomName: string; readonly identity: string }) {
  const person = useStore(roomsStore, (state) => state.detail?.people.find((one) => one.identity === identity) ?? null);
  const ask = useAsk();
  const [draft, setDraft] = useState<PersonFacts | null>(null);
  const [unread, setUnread] = useState<Problem | null>(null);
  const { sinceMs, problem, send } = useSend();
  useEffect(() => {
    let isOpen = true;
    ask((core, serverId) => core.personFacts({ serverId, roomName, identity })).then(
      (facts) => isOpen && setDraft(facts),
      (error: unknown) => isOpen && setUnread(problemOf(error)),
    );
    return () => {
      isOpen = false;
    };
    // oxlint-disable-next-line react/exhaustive-deps -- asked once when it opens: what is typed must not be taken away
  }, []);
  const isLong = draft !== null && (isTooLong(draft.name, nameBytes) || isTooLong(draft.metadata, metadataBytes));
  const save = (): void => {
    if (draft === null || isLong) return;
    const { name, metadata } = draft;
    void send((core, serverId) => core.editPerson({ serverId, roomName, identity, name, metadata }), closeControl);
  };
  return (
    <DialogBox
      title={text.title(person?.name ?? identity)}
      mark={identity}
      onClose={closeControl}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={closeControl}>
            {words.common.close}
          </Btn>
          <Btn isBig look="first" isDisabled={draft === null || isLong} onPress={save}>
            {sinceMs === null ? controlWords.room.save : <Waited sinceMs={sinceMs} words={controlWords.room.saving} />}
          </Btn>
        </>
      }
    >
      {person === null ? <p className="sub">{text.left}</p> : <PersonTracks roomName={roomName} person={person} />}
      {draft === null ? null : (
        <div className="form">
          <Field
            label={text.name}
            value={draft.name}
            maxLength={256}
            onChange={(name) => setDraft({ ...draft, name })}
          />
          <TextBox
            label={text.metadata}
            value={draft.metadata}
            onChange={(metadata) => setDraft({ ...draft, metadata })}
          />
          <p className="wide note">{text.notEmpty}</p>
        </div>
      )}
      <ProblemLines problem={unread ?? problem} />
    </DialogBox>
  );
}
