import { useStore } from 'zustand';
import { useApi } from '../../api-context.ts';
import { useCommands, type Command } from '../../commands/registry.ts';
import { rehearsalStore } from '../../stores/rehearsal.ts';
import { chooseRoom, roomsStore } from '../../stores/rooms.ts';
import { serversStore } from '../../stores/servers.ts';
import { settingsStore } from '../../stores/settings.ts';
import { openDialog } from '../../stores/view.ts';
import { words } from '../../text/messages.ts';
import { supportWords } from '../../text/support-messages.ts';
import { useRunDrill } from '../first-minute/use-run-drill.ts';
import { useLookNow } from '../rooms/use-look-now.ts';
import { useChangeSettings, type SettingsChange } from '../settings/use-settings.ts';
import { useChooseServer } from '../topbar/server-picker.tsx';
import { nextPanel } from './next-panel.ts';

const text = words.commands;

/** Offers the commands of the frame: dialogs, panels, theme, rooms, servers, drills. */
export function FrameCommands() {
  useViewCommands();
  usePlaceCommands();
  return null;
}

function useViewCommands(): void {
  const api = useApi();
  const change = useChangeSettings();
  const isSharing = useStore(settingsStore, (state) => state.settings?.screenShareMode ?? false);
  const set = (part: SettingsChange): void => {
    change(part).catch(() => undefined); // the settings' own feed shows that nothing changed
  };
  const view = (id: string, label: string, run: () => void, keys?: string): Command => ({
    id,
    label,
    group: text.groups.view,
    run,
    ...(keys === undefined ? {} : { keys }),
  });
  useCommands([
    view('view.palette', text.palette, () => openDialog({ name: 'palette' }), 'Mod+K'),
    view('view.keys', text.keys, () => openDialog({ name: 'keys' }), '?'),
    view('view.next-panel', text.nextPanel, nextPanel, 'F6'),
    view('view.incidents', text.incidents, () => openDialog({ name: 'incidents' })),
    view('view.limits', text.limits, () => openDialog({ name: 'limits' })),
    view('view.settings', text.settings, () => openDialog({ name: 'settings' })),
    view('view.dark', text.dark, () => set({ theme: 'dark' })),
    view('view.light', text.light, () => set({ theme: 'light' })),
    view('view.system', text.system, () => set({ theme: 'system' })),
    view('view.share', isSharing ? text.shareOff : text.shareOn, () => set({ screenShareMode: !isSharing })),
    view('view.first-minute', text.firstMinute, () => set({ firstMinuteHidden: false })),
    view('view.support', supportWords.command, () => openDialog({ name: 'support' })),
    view('view.logs', text.logs, () => void api.run((core) => core.revealLogs({})).catch(() => undefined)),
  ]);
}

function usePlaceCommands(): void {
  const rooms = useStore(roomsStore, (state) => state.list?.rooms ?? null);
  const { servers, chosenId } = useStore(serversStore);
  const drills = useStore(rehearsalStore, (state) => state.drills);
  const choose = useChooseServer();
  const lookNow = useLookNow();
  const runDrill = useRunDrill();
  useCommands([
    {
      id: 'server.connect',
      label: text.connect,
      group: text.groups.servers,
      run: () => openDialog({ name: 'connect' }),
    },
    {
      id: 'server.look',
      label: text.lookNow,
      group: text.groups.servers,
      isEnabled: chosenId !== null,
      run: () => {
        if (chosenId !== null) lookNow(chosenId);
      },
    },
    ...servers
      .filter((server) => server.id !== chosenId)
      .map((server) => ({
        id: `server.go ${server.id}`,
        label: text.goServer(server.name),
        group: text.groups.servers,
        run: () => choose(server.id),
      })),
    ...(rooms ?? []).map((room) => ({
      id: `room.go ${room.name}`,
      label: text.goRoom(room.name),
      group: text.groups.room,
      run: () => chooseRoom(room.name),
    })),
    ...drills.map((drill) => ({
      id: `drill ${drill.id}`,
      label: text.drill(drill.label),
      group: text.groups.drills,
      isEnabled: drill.needs === null,
      run: () => runDrill(drill.id),
    })),
  ]);
}
