import { clockUtc } from '../../../../shared/text/utc.ts';
import { useStore } from 'zustand';
import { incidentsStore, presentTrouble } from '../../stores/incidents.ts';
import { linkStore } from '../../stores/link.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { chosenServer, serversStore } from '../../stores/servers.ts';
import { openDialog } from '../../stores/view.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { awayWords } from '../rooms/rooms-notice.tsx';
import { Icon } from '../../ui/icon.tsx';

interface Trouble {
  readonly what: string;
  readonly more: string;
}

/** What is wrong now, the heaviest first: the core, the server, then the newest incident. */
function useTrouble(): Trouble | null {
  const link = useStore(linkStore);
  const sight = useStore(roomsStore, (state) => state.list?.sight ?? null);
  const server = useStore(serversStore, chosenServer);
  const incident = useStore(incidentsStore, (state) => presentTrouble(state.incidents));
  if (link.state === 'lost')
    return link.isShutOut
      ? { what: words.link.shutOut, more: words.link.shutOutDetail }
      : { what: words.link.lost, more: words.link.lostDetail(link.tries) };
  if (sight?.state === 'stale' && server)
    return {
      what: awayWords(server.name, sight),
      more: sight.asOfMs === null ? '' : words.top.since(`${clockUtc(sight.asOfMs)} UTC`),
    };
  if (!incident) return null;
  return { what: incident.what, more: words.top.since(`${clockUtc(incident.atMs)} UTC`) };
}

/** The one slot that may be solid amber. Empty while all is well. */
export function Alarm() {
  const trouble = useTrouble();
  return (
    <div className={trouble ? 'alarm' : 'alarm-rest'}>
      {trouble ? <Icon name="warn" /> : null}
      <b className="cut" role="alert" title={trouble?.what}>
        {trouble?.what}
      </b>
      {trouble ? (
        <>
          <span className="cut w-opt">{trouble.more}</span>
          <Btn aria-label={words.top.showIncidents} onPress={() => openDialog({ name: 'incidents' })}>
            {words.top.show}
          </Btn>
        </>
      ) : null}
    </div>
  );
}
