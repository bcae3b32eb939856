import { useStore } from 'zustand';
import { roomsStore } from '../../stores/rooms.ts';
import { serversStore } from '../../stores/servers.ts';
import { controlWords } from '../../text/control-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MenuButton, type MenuEntry } from '../../ui/menu.tsx';
import { openControl } from './control-view.ts';

const text = controlWords.menus;

/** What can be done to the chosen room. */
export function RoomMenu({ roomName }: { readonly roomName: string }) {
  return (
    <MenuButton
      label={text.room(roomName)}
      trigger={
        <Btn look="quiet" isIcon aria-label={text.room(roomName)}>
          <Icon name="more" />
        </Btn>
      }
      entries={[
        { id: 'join', label: text.join, onAction: () => openControl({ name: 'join', roomName }) },
        { id: 'edit', label: text.edit, onAction: () => openControl({ name: 'edit-room', roomName }) },
        {
          id: 'copy',
          label: text.copyName,
          onAction: () => void navigator.clipboard.writeText(roomName).catch(() => undefined), // it stays there to be read
        },
        { id: 'end', label: text.end, onAction: () => openControl({ name: 'end-room', roomName }) },
      ]}
    />
  );
}

/** What can be done beside the rooms that are there. */
export function RoomsMenu() {
  const hasServer = useStore(serversStore, (state) => state.chosenId !== null);
  const roomName = useStore(roomsStore, (state) => state.chosenName);
  const ofRoom: readonly MenuEntry[] =
    roomName === null
      ? []
      : [
          { id: 'join', label: text.join, onAction: () => openControl({ name: 'join', roomName }) },
          { id: 'end', label: text.endNamed(roomName), onAction: () => openControl({ name: 'end-room', roomName }) },
        ];
  return (
    <MenuButton
      label={text.rooms}
      trigger={
        <Btn look="quiet" isIcon aria-label={text.rooms} isDisabled={!hasServer}>
          <Icon name="more" />
        </Btn>
      }
      entries={[{ id: 'create', label: text.create, onAction: () => openControl({ name: 'create-room' }) }, ...ofRoom]}
    />
  );
}
