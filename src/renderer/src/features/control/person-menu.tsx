import { Menu, MenuItem, Popover } from 'react-aria-components';
import { useStore } from 'zustand';
import type { Person } from '../../../../shared/model/room.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { controlWords } from '../../text/control-messages.ts';
import { controlView, openControl } from './control-view.ts';
import { useAsk } from './use-send.ts';

const text = controlWords.menus;
/** A menu has the focus once it is open, as every menu does that a trigger of its own opens. */
const opened = { autoFocus: 'first' } as const;

/** One menu for every row of the people: it opens at the button that asked for it. */
export function PersonMenu() {
  const menu = useStore(controlView, (state) => state.menu);
  const person = useStore(
    roomsStore,
    (state) => state.detail?.people.find((one) => one.identity === menu?.identity) ?? null,
  );
  const roomName = useStore(roomsStore, (state) => state.detail?.name ?? null);
  const mute = useMuteMicrophone();
  if (menu === null || person === null || roomName === null) return null;
  const { identity, name } = person;
  const microphone = microphoneOf(person);
  const close = (): void => controlView.setState({ menu: null });
  return (
    <Popover className="popover" placement="bottom end" triggerRef={menu.button} isOpen onOpenChange={close}>
      <Menu className="menu" aria-label={text.person(name)} {...opened} onClose={close}>
        <MenuItem
          className="menu-item"
          isDisabled={microphone === null}
          onAction={() => mute(roomName, person)}
          textValue={microphone?.isMuted ? text.unmute : text.mute}
        >
          <span>{microphone?.isMuted ? text.unmute : text.mute}</span>
          {microphone === null ? <span className="sub">{text.noMicrophone}</span> : null}
        </MenuItem>
        <MenuItem className="menu-item" onAction={() => openControl({ name: 'person', roomName, identity })}>
          {text.details}
        </MenuItem>
        <MenuItem
          className="menu-item"
          // A host may refuse the clipboard; the identity stands in the dialog to be read.
          onAction={() => void navigator.clipboard.writeText(identity).catch(() => undefined)}
        >
          {text.copyIdentity}
        </MenuItem>
        <MenuItem
          className="menu-item apart"
          onAction={() => openControl({ name: 'remove-person', roomName, identity })}
        >
          {text.remove}
        </MenuItem>
      </Menu>
    </Popover>
  );
}

const microphoneOf = (person: Person) => person.tracks.find((track) => track.source === 'microphone') ?? null;

/** Mutes or unmutes; what it waits for and what it was refused stands over the people. */
function useMuteMicrophone(): (roomName: string, person: Person) => void {
  const ask = useAsk();
  return (roomName, { identity, name, tracks }) => {
    const track = tracks.find((one) => one.source === 'microphone');
    if (!track || controlView.getState().waiting !== null) return;
    const { muting, unmuting } = controlWords.notice;
    const isMuted = !track.isMuted;
    controlView.setState({
      waiting: { what: (isMuted ? muting : unmuting)(name), sinceMs: Date.now() },
      problem: null,
    });
    ask((core, serverId) => core.muteTrack({ serverId, roomName, identity, trackSid: track.sid, isMuted }))
      .catch((error: unknown) => controlView.setState({ problem: problemOf(error) }))
      .finally(() => controlView.setState({ waiting: null }));
  };
}
