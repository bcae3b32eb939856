import { useStore } from 'zustand';
import { roomsStore } from '../../stores/rooms.ts';
import { controlWords } from '../../text/control-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { useFirstFocus } from '../../ui/use-first-focus.ts';
import { closeControl } from './control-view.ts';
import { ProblemLines } from './problem-lines.tsx';
import { useSend } from './use-send.ts';
import { Waited } from './waited.tsx';

const text = controlWords.remove;

/** Asks before a person is taken out of the room. */
export function RemoveDialog({ roomName, identity }: { readonly roomName: string; readonly identity: string }) {
  const people = useStore(roomsStore, (state) => state.detail?.people ?? []);
  const name = people.find((person) => person.identity === identity)?.name ?? identity;
  const { sinceMs, problem, send } = useSend();
  const keep = useFirstFocus<HTMLButtonElement>(); // on what changes nothing
  const remove = (): void => {
    void send((core, serverId) => core.removePerson({ serverId, roomName, identity }), closeControl);
  };
  return (
    <DialogBox
      title={text.title(name)}
      role="alertdialog"
      size="narrow"
      onClose={closeControl}
      footer={
        <>
          <span className="push" />
          <Btn isBig ref={keep} onPress={closeControl}>
            {text.keep}
          </Btn>
          <Btn isBig look="trouble" onPress={remove}>
            {sinceMs === null ? text.action : <Waited sinceMs={sinceMs} words={text.removing} />}
          </Btn>
        </>
      }
    >
      <p>{text.body}</p>
      {people.length === 1 && people[0]?.identity === identity ? <p className="warn">{text.only}</p> : null}
      <ProblemLines problem={problem} />
    </DialogBox>
  );
}
