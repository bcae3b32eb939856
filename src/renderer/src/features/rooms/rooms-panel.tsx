import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import './rooms.css';
import { roomsStore, type RoomSort } from '../../stores/rooms.ts';
import { chosenServer, serversStore } from '../../stores/servers.ts';
import { words } from '../../text/messages.ts';
import { ToggleBtn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { PanelHead } from '../../ui/panel-head.tsx';
import { useIsStale } from '../../ui/use-stale.ts';
import { RoomsMenu } from '../control/room-menus.tsx';
import { FindRow } from './find-row.tsx';
import { RoomList } from './room-list.tsx';
import { RoomsNotice } from './rooms-notice.tsx';
import { SeenAge } from './seen-age.tsx';
import { shownRooms } from './shown-rooms.ts';

/** Every room of the chosen server, with how fresh the sight of them is. */
export function RoomsPanel() {
  const list = useStore(roomsStore, (state) => state.list);
  const server = useStore(serversStore, chosenServer);
  const [isFinding, setFinding] = useState(false);
  const [query, setQuery] = useState('');
  const [sort, setSort] = useState<RoomSort>('name');
  const isStale = useIsStale();
  const rooms = list?.rooms;
  const { live, empty } = useMemo(
    () => shownRooms(rooms ?? [], isFinding ? query : '', sort),
    [rooms, isFinding, query, sort],
  );
  const hasNone = live.length + empty.length === 0;
  return (
    <>
      <PanelHead id="h-rooms" title={words.rooms.title}>
        <SeenAge list={list} />
        <ToggleBtn
          look="quiet"
          className="icon"
          aria-label={words.rooms.find}
          isSelected={isFinding}
          onChange={(isOn) => {
            setFinding(isOn);
            if (!isOn) setQuery('');
          }}
        >
          <Icon name="find" />
        </ToggleBtn>
        <RoomsMenu />
      </PanelHead>
      {isFinding ? <FindRow query={query} sort={sort} onQuery={setQuery} onSort={setSort} /> : null}
      <RoomsNotice server={server} list={list} query={query} hasMatch={!hasNone} />
      {hasNone ? null : (
        <div className={isStale ? 'stale fill-scroll' : 'fill-scroll'}>
          <RoomList live={live} empty={empty} isStale={isStale} />
        </div>
      )}
    </>
  );
}
