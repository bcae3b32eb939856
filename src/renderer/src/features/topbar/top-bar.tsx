import { useStore } from 'zustand';
import './topbar.css';
import { incidentsStore } from '../../stores/incidents.ts';
import { chosenServer, serversStore } from '../../stores/servers.ts';
import { openDialog } from '../../stores/view.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon, Logo } from '../../ui/icon.tsx';
import { Tally } from '../../ui/tally.tsx';
import { ShowPicker } from '../shows/show-picker.tsx';
import { Alarm } from './alarm.tsx';
import { Clocks } from './clocks.tsx';
import { ServerPicker } from './server-picker.tsx';

/** The bar that never hides: which server, is anything wrong, what time it is. */
export function TopBar() {
  const server = useStore(serversStore, chosenServer);
  const openCount = useStore(
    incidentsStore,
    (state) => state.incidents.filter((each) => each.state === 'trouble' && each.closedAtMs === null).length,
  );
  return (
    <header className="topbar">
      <span className="brand">
        <Logo />
        {words.product}
      </span>
      <ServerPicker />
      <ShowPicker />
      {server?.kind === 'rehearsal' ? (
        <>
          <Tally tone="off" hasEdge>
            {words.top.rehearsal}
          </Tally>
          <span className="sub w-opt cut">{words.top.staysHere}</span>
        </>
      ) : null}
      <Alarm />
      <Btn look="quiet" aria-haspopup="dialog" onPress={() => openDialog({ name: 'incidents' })}>
        {words.top.incidents(openCount)}
      </Btn>
      <Btn
        look="quiet"
        isIcon
        aria-label={words.top.settings}
        aria-haspopup="dialog"
        onPress={() => openDialog({ name: 'settings' })}
      >
        <Icon name="gear" />
      </Btn>
      <Clocks />
    </header>
  );
}
