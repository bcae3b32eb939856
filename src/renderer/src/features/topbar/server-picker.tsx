import { useStore } from 'zustand';
import { useApi } from '../../api-context.ts';
import { isSharingScreen, settingsStore } from '../../stores/settings.ts';
import { serversStore } from '../../stores/servers.ts';
import { openDialog } from '../../stores/view.ts';
import { words } from '../../text/messages.ts';
import { Pick } from '../../ui/pick.tsx';

const connectId = ' connect'; // no server has such an id

/** Chooses a server. What comes of it arrives with the servers' own feed. */
export function useChooseServer(): (serverId: string) => void {
  const api = useApi();
  return (serverId) => {
    api.run((core) => core.chooseServer({ serverId })).catch(() => undefined); // the picker goes on showing the one that is chosen
  };
}

/** Which server the window shows, and the way to another. */
export function ServerPicker() {
  const { servers, chosenId } = useStore(serversStore);
  const isSharing = useStore(settingsStore, isSharingScreen);
  const choose = useChooseServer();
  return (
    <Pick
      label={words.top.server}
      mark={words.top.server}
      value={chosenId}
      placeholder={words.top.noServer}
      items={[
        ...servers.map((server) => ({
          id: server.id,
          label: server.name,
          detail: isSharing ? words.common.hidden : server.url,
        })),
        { id: connectId, label: words.top.connect, isApart: true },
      ]}
      onPick={(id) => (id === connectId ? openDialog({ name: 'connect' }) : choose(id))}
    />
  );
}
