import type { RoomList, Sight } from '../../../../shared/model/room.ts';
import type { Server } from '../../../../shared/model/server.ts';
import { clockUtc } from '../../../../shared/text/utc.ts';
import { openDialog } from '../../stores/view.ts';
import { linkStore } from '../../stores/link.ts';
import { serversStore } from '../../stores/servers.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useStore } from 'zustand';
import { useLookNow } from './use-look-now.ts';

export interface RoomsNoticeProps {
  readonly server: Server | null;
  readonly list: RoomList | null;
  readonly query: string;
  readonly hasMatch: boolean;
}

/** What stands where rooms are missing or old: the reason, its age, and what one can do. */
export function RoomsNotice({ server, list, query, hasMatch }: RoomsNoticeProps) {
  const isKnown = useStore(serversStore, (state) => state.isKnown);
  const link = useStore(linkStore);
  if (link.state === 'lost') return <CoreAway isShutOut={link.isShutOut} />;
  if (server === null) return isKnown ? <NoServer /> : null;
  if (list === null || list.sight.state === 'connecting')
    return list !== null && list.rooms.length > 0 ? null : <Blank title={words.rooms.asking} />;
  if (list.sight.state === 'stale') return <NoAnswer server={server} sight={list.sight} />;
  if (hasMatch) return null;
  if (query.trim() !== '') return <Blank title={words.rooms.noMatch(query.trim())} />;
  return <NoRooms server={server} asOfMs={list.sight.asOfMs} />;
}

function Blank({ title }: { readonly title: string }) {
  return (
    <div className="blank">
      <p className="sub">{title}</p>
    </div>
  );
}

function CoreAway({ isShutOut }: { readonly isShutOut: boolean }) {
  return (
    <div className="blank trouble">
      <p>
        <b>{isShutOut ? words.link.shutOut : words.link.lost}</b>
      </p>
      <p className="sub">{isShutOut ? words.link.shutOutHint : words.link.lostHint}</p>
    </div>
  );
}

function NoServer() {
  return (
    <div className="blank">
      <p>
        <b>{words.rooms.noServer}</b>
      </p>
      <p className="sub">{words.rooms.noServerHint}</p>
      <Btn look="first" onPress={() => openDialog({ name: 'connect' })}>
        {words.commands.connect}
      </Btn>
    </div>
  );
}

function NoRooms({ server, asOfMs }: { readonly server: Server; readonly asOfMs: number | null }) {
  const nowMs = useNow();
  return (
    <div className="blank">
      <p>
        <b>{words.rooms.noneOn(server.name)}</b>
      </p>
      <p className="sub">{words.rooms.asked(nowMs - (asOfMs ?? nowMs))}</p>
    </div>
  );
}

/** That a server is not seen: it refuses, or it says nothing, as it did from the beginning or does since. */
export function awayWords(server: string, { problem, asOfMs }: Sight): string {
  if (problem?.fault === 'yours') return words.rooms.refused(server);
  return asOfMs === null ? words.rooms.noAnswerYet(server) : words.rooms.noAnswer(server);
}

function NoAnswer({ server, sight }: { readonly server: Server; readonly sight: Sight }) {
  const nowMs = useNow();
  const lookNow = useLookNow();
  const problem = sight.problem;
  return (
    <div className="blank trouble">
      <p>
        <b>{awayWords(server.name, sight)}</b>
      </p>
      <p className="sub">
        {problem ? `${problem.text} ${problem.said ?? ''} ` : ''}
        {sight.asOfMs === null ? '' : `${words.rooms.since(clockUtc(sight.asOfMs))}. `}
        {words.rooms.tries(sight.triesSoFar, sight.nextTryAtMs === null ? null : sight.nextTryAtMs - nowMs)}
      </p>
      {problem?.advice === undefined ? null : <p className="sub">{problem.advice}</p>}
      <div className="row">
        <Btn look="trouble" onPress={() => lookNow(server.id)}>
          {words.rooms.tryNow}
        </Btn>
        {sight.asOfMs === null ? (
          <Btn
            aria-label={words.rooms.changeOf(server.name)}
            onPress={() => openDialog({ name: 'connect', serverId: server.id })}
          >
            {words.rooms.change}
          </Btn>
        ) : (
          <Btn onPress={() => openDialog({ name: 'incidents' })}>{words.rooms.details}</Btn>
        )}
      </div>
    </div>
  );
}
