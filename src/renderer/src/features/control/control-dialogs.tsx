import { useStore } from 'zustand';
import './control.css';
import { controlView } from './control-view.ts';
import { CreateRoomDialog } from './create-room-dialog.tsx';
import { EditRoomDialog } from './edit-room-dialog.tsx';
import { EndRoomDialog } from './end-room-dialog.tsx';
import { JoinDialog } from './join-dialog.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { useOfferControlCommands } from './use-offer-control-commands.ts';

/** The dialogs of room and participant control, one at a time. */
export function ControlDialogs() {
  useOfferControlCommands();
  const dialog = useStore(controlView, (state) => state.dialog);
  switch (dialog?.name) {
    case undefined:
      return null;
    case 'create-room':
      return <CreateRoomDialog />;
    case 'end-room':
      return <EndRoomDialog roomName={dialog.roomName} />;
    case 'edit-room':
      return <EditRoomDialog roomName={dialog.roomName} />;
    case 'join':
      return <JoinDialog roomName={dialog.roomName} />;
    case 'person':
      return <PersonDialog roomName={dialog.roomName} identity={dialog.identity} />;
    case 'remove-person':
      return <RemoveDialog roomName={dialog.roomName} identity={dialog.identity} />;
  }
}
