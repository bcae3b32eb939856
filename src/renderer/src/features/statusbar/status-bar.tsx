import { useStore } from 'zustand';
import './statusbar.css';
import { captionsStore, sessionOf } from '../../stores/captions.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { limitsStore } from '../../stores/limits.ts';
import { linkStore } from '../../stores/link.ts';
import { chosenServer, serversStore } from '../../stores/servers.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { systemStore } from '../../stores/system.ts';
import { bytes, timer } from '../../../../shared/text/figures.ts';
import { delay, roundTrip, span } from '../../text/format.ts';
import { limitsWords } from '../../text/limits-messages.ts';
import { words } from '../../text/messages.ts';
import { Tally } from '../../ui/tally.tsx';
import { useNow } from '../../ui/use-now.ts';
import { keysText } from '../../commands/use-keys.ts';
import { useIsCoreAway, useIsStale } from '../../ui/use-stale.ts';
import { isAbsent, limitFigure } from '../limits/limit-words.ts';
import { onAir } from '../roomhead/on-air.ts';
import { ElsewhereItems } from './elsewhere-items.tsx';

/** The bar that never hides: the same few figures at the same place, whatever else happens. */
export function StatusBar() {
  return (
    <footer aria-label={words.status.label} className="status-foot" data-panel="status" tabIndex={-1}>
      <ul className="status">
        <Connection />
        <OnAirItems />
        <ElsewhereItems />
        <CaptionsItem />
        <DiskItem />
        <SlotsItem />
        <CostItem />
        <AppItem />
        <li className="fill" aria-hidden="true" />
        <li className="dim keys">
          <kbd>R</kbd> {words.status.keys.record}
          <kbd>S</kbd> {words.status.keys.stream}
          <kbd>C</kbd> {words.status.keys.captions}
          <kbd>M</kbd> {words.status.keys.marker}
        </li>
        <li className="dim keys">
          <kbd>{keysText('Mod+K')}</kbd> {words.status.keys.commands}
          <kbd>?</kbd> {words.status.keys.keys}
        </li>
      </ul>
    </footer>
  );
}

function Connection() {
  const link = useStore(linkStore);
  const sight = useStore(roomsStore, (state) => state.list?.sight ?? null);
  const hasNoServer = useStore(serversStore, (state) => state.isKnown && state.chosenId === null);
  const nowMs = useNow();
  if (link.state === 'lost')
    return (
      <li className="is-trouble">
        <b>{words.status.core(nowMs - link.sinceMs)}</b>
      </li>
    );
  if (sight?.state === 'stale')
    return (
      <li className="is-trouble">
        <b>
          {sight.problem?.fault === 'yours'
            ? words.status.refused
            : words.status.noAnswer(sight.asOfMs === null ? null : nowMs - sight.asOfMs)}
        </b>
      </li>
    );
  if (link.state === 'open' && hasNoServer) return <li>{words.top.noServer}</li>;
  if (link.state === 'connecting' || sight === null || sight.state === 'connecting')
    return <li>{words.status.connecting}</li>;
  return (
    <li className="known">
      {words.status.connected} {sight.roundTripMs === null ? null : <b>{roundTrip(sight.roundTripMs)}</b>}
      {sight.asOfMs === null ? null : <span className="cut">{words.status.known(sight.by, nowMs - sight.asOfMs)}</span>}
    </li>
  );
}

function OnAirItems() {
  const jobs = useStore(jobsStore, (state) => state.jobs);
  const isStale = useIsStale();
  const isCoreAway = useIsCoreAway();
  const nowMs = useNow();
  const air = onAir(jobs, null);
  const time = (sinceMs: number | null): string => (sinceMs === null ? '--:--:--' : timer(nowMs - sinceMs));
  return (
    <>
      {air.rec ? (
        <li>
          <Tally tone={isStale ? 'off' : air.rec.isStarting ? 'armed' : 'live'} hasEdge={isStale}>
            {isStale ? 'REC ?' : 'REC'}
          </Tally>
          <b>{air.rec.count}</b>
          <span>
            {time(air.rec.sinceMs)} {isStale ? words.status.lastSeen : ''}
          </span>
        </li>
      ) : null}
      {air.live ? (
        <li className={air.live.retryCount > 0 ? 'is-trouble' : ''}>
          <Tally
            tone={isStale ? 'off' : air.live.isStarting ? 'armed' : air.live.isLost ? 'trouble' : 'live'}
            hasEdge={isStale}
          >
            {isStale ? 'LIVE ?' : 'LIVE'}
          </Tally>
          <b>{words.status.reached(air.live.okCount, air.live.retryCount)}</b>
        </li>
      ) : null}
      {air.desk ? (
        <li className={air.desk.isLost ? 'is-trouble' : ''}>
          <Tally
            tone={isCoreAway ? 'off' : air.desk.isLost ? 'trouble' : air.desk.isStarting ? 'armed' : 'live'}
            hasEdge={isCoreAway}
          >
            {isCoreAway ? 'DESK ?' : 'DESK'}
          </Tally>
          <b>{air.desk.count}</b>
          <span>
            {time(air.desk.sinceMs)} {isCoreAway ? words.status.lastSeen : ''}
          </span>
        </li>
      ) : null}
    </>
  );
}

function CaptionsItem() {
  const roomName = useStore(roomsStore, (state) => state.chosenName);
  const session = useStore(captionsStore, (state) => sessionOf(state.sessions, roomName));
  if (!session || session.state === 'ended')
    return (
      <li>
        {words.status.captions} <b>{words.status.off}</b>
      </li>
    );
  return (
    <li className={session.state === 'reconnecting' ? 'is-trouble' : ''}>
      {words.status.captions} <b>{session.delayMs === null ? session.state : delay(session.delayMs)}</b>
    </li>
  );
}

function DiskItem() {
  const system = useStore(systemStore, (state) => state.system);
  if (!system || (system.diskLastsMs === null && system.diskFreeBytes === null)) return null;
  return (
    <li>
      {words.status.disk}{' '}
      <b>{system.diskLastsMs === null ? bytes(system.diskFreeBytes ?? 0) : span(system.diskLastsMs)}</b>
      {system.diskLastsMs === null ? words.status.diskFree : null}
    </li>
  );
}

function SlotsItem() {
  const egress = useStore(limitsStore, (state) => state.limits.find((limit) => limit.id === 'egress'));
  const server = useStore(serversStore, chosenServer);
  if (!egress || egress.inUse === null) return null;
  return (
    <li>
      {words.status.slots}{' '}
      <b>{isAbsent(egress, server) ? words.limits.absent : `${egress.inUse}/${egress.limit ?? '?'}`}</b>
    </li>
  );
}

/** Only where there is something to pay, or not to be passed. */
function CostItem() {
  const cost = useStore(limitsStore, (state) => state.limits.find((limit) => limit.id === 'cost'));
  if (!cost || (!cost.inUse && cost.limit === null)) return null;
  return (
    <li className={cost.full === null ? '' : 'is-trouble'}>
      {limitsWords.cost} <b>{limitFigure(cost, null)}</b>
    </li>
  );
}

function AppItem() {
  const system = useStore(systemStore, (state) => state.system);
  if (!system) return null;
  return (
    <li>
      {words.status.app} <b>{Math.round(system.appCpuPercent)} %</b>
    </li>
  );
}
