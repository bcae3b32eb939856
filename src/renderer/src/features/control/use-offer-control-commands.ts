import { useStore } from 'zustand';
import { useCommands } from '../../commands/registry.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { serversStore } from '../../stores/servers.ts';
import { controlWords } from '../../text/control-messages.ts';
import { words } from '../../text/messages.ts';
import { openControl } from './control-view.ts';

const text = controlWords.commands;

/** The palette's commands of rooms: each opens a dialog, none does anything by itself. */
export function useOfferControlCommands(): void {
  const hasServer = useStore(serversStore, (state) => state.chosenId !== null);
  const roomName = useStore(roomsStore, (state) => state.chosenName);
  const group = words.commands.groups.room;
  const ofRoom = (id: string, label: string, name: 'join' | 'edit-room' | 'end-room') => ({
    id,
    label,
    group,
    isEnabled: roomName !== null,
    run: () => {
      if (roomName !== null) openControl({ name, roomName });
    },
  });
  useCommands([
    {
      id: 'room.create',
      label: text.create,
      group,
      isEnabled: hasServer,
      run: () => openControl({ name: 'create-room' }),
    },
    ofRoom('room.join', text.join, 'join'),
    ofRoom('room.edit', text.edit, 'edit-room'),
    ofRoom('room.end', text.end, 'end-room'),
  ]);
}
