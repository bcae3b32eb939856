import { useStore } from 'zustand';
import { viewStore } from '../stores/view.ts';
import { ConnectDialog } from './connect/connect-dialog.tsx';
import { IncidentsDialog } from './incidents/incidents-dialog.tsx';
import { KeysDialog } from './keys/keys-dialog.tsx';
import { LimitsDialog } from './limits/limits-dialog.tsx';
import { Palette } from './palette/palette.tsx';
import { PlayerDialog } from './player/player-dialog.tsx';
import { ShowDialog } from './shows/show-dialog.tsx';
import { ShowsDialog } from './shows/shows-dialog.tsx';
import { StorageDialog } from './storage/storage-dialog.tsx';
import { StoragesDialog } from './storage/storages-dialog.tsx';
import { SettingsDialog } from './settings/settings-dialog.tsx';
import { SupportDialog } from './support/support-dialog.tsx';

/** The frame's dialogs, one at a time. */
export function FrameDialogs() {
  const dialog = useStore(viewStore, (state) => state.dialog);
  switch (dialog?.name) {
    case undefined:
      return null;
    case 'connect':
      return <ConnectDialog serverId={dialog.serverId ?? null} />;
    case 'settings':
      return <SettingsDialog />;
    case 'limits':
      return <LimitsDialog />;
    case 'incidents':
      return <IncidentsDialog />;
    case 'shows':
      return <ShowsDialog />;
    case 'show':
      return <ShowDialog showId={dialog.showId} />;
    case 'storages':
      return <StoragesDialog />;
    case 'storage':
      return <StorageDialog storageId={dialog.storageId ?? null} />;
    case 'support':
      return <SupportDialog />;
    case 'keys':
      return <KeysDialog />;
    case 'palette':
      return <Palette />;
    case 'player':
      return <PlayerDialog jobId={dialog.jobId} fileId={dialog.fileId} name={dialog.fileName} />;
  }
}
