import { useStore } from 'zustand';
import { elsewhereStore, type RunningAt } from '../../stores/elsewhere.ts';
import { serversStore } from '../../stores/servers.ts';
import { words } from '../../text/messages.ts';
import { LinkBtn } from '../../ui/button.tsx';
import { Tally } from '../../ui/tally.tsx';
import { useIsCoreAway } from '../../ui/use-stale.ts';
import { onAir } from '../roomhead/on-air.ts';
import { useChooseServer } from '../topbar/server-picker.tsx';

/** What runs at servers that the window does not show, with the way there. Nothing while nothing does. */
export function ElsewhereItems() {
  const { servers, chosenId } = useStore(serversStore);
  const byServer = useStore(elsewhereStore, (state) => state.byServer);
  const choose = useChooseServer();
  return servers.map((server) => {
    const running = server.id === chosenId ? undefined : byServer.get(server.id);
    if (!running || !isAnythingOn(running)) return null;
    return (
      <li key={server.id}>
        <LinkBtn aria-label={words.status.elsewhere(server.name)} onPress={() => choose(server.id)}>
          <bdi className="cut">{server.name}</bdi>
        </LinkBtn>
        <Tallies running={running} />
      </li>
    );
  });
}

const isAnythingOn = ({ jobs, sessions }: RunningAt): boolean => {
  const air = onAir(jobs, null);
  return air.rec !== null || air.live !== null || air.desk !== null || sessions.length > 0;
};

function Tallies({ running: { jobs, sessions } }: { readonly running: RunningAt }) {
  const isAway = useIsCoreAway();
  const { rec, live, desk } = onAir(jobs, null);
  const parts = [
    { word: 'REC', count: rec?.count ?? 0, isStarting: rec?.isStarting ?? false },
    { word: 'LIVE', count: live?.okCount ?? 0, isStarting: live?.isStarting ?? false },
    { word: 'DESK', count: desk?.count ?? 0, isStarting: desk?.isStarting ?? false, isLost: desk?.isLost ?? false },
    { word: 'CAP', count: sessions.length, isStarting: sessions.every((session) => session.state === 'starting') },
  ];
  return parts.map(({ word, count, isStarting, isLost = false }) =>
    count === 0 ? null : (
      <span key={word}>
        <Tally tone={isAway ? 'off' : isLost ? 'trouble' : isStarting ? 'armed' : 'live'} isSoft hasEdge={isAway}>
          {isAway ? `${word} ?` : word}
        </Tally>{' '}
        <b>{count}</b>
      </span>
    ),
  );
}
