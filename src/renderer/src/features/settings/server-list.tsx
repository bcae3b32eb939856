import { useStore } from 'zustand';
import { serversStore } from '../../stores/servers.ts';
import { openDialog } from '../../stores/view.ts';
import { dialogWords } from '../../text/dialog-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';

const text = dialogWords.settings;

/** The servers that are known, each with the way to its fields. */
export function ServerList({ isHidden }: { readonly isHidden: boolean }) {
  const servers = useStore(serversStore, (state) => state.servers);
  return (
    <div className="form set-off">
      <span className="l">{text.servers}</span>
      <ul className="server-list">
        {servers.map((server) => (
          <li key={server.id}>
            <span className="cut">{server.name}</span>
            <span className="mark cut">{isHidden ? words.common.hidden : server.url}</span>
            {server.kind === 'rehearsal' ? (
              <span />
            ) : (
              <Btn
                aria-label={text.edit(server.name)}
                isDisabled={isHidden}
                onPress={() => openDialog({ name: 'connect', serverId: server.id })}
              >
                {words.limits.change}
              </Btn>
            )}
          </li>
        ))}
        <li>
          <Btn onPress={() => openDialog({ name: 'connect' })}>{words.top.connect}</Btn>
        </li>
      </ul>
    </div>
  );
}
