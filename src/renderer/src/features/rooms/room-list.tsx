import { memo } from 'react';
import { GridList, GridListHeader, GridListItem, GridListSection } from 'react-aria-components';
import { useStore } from 'zustand';
import type { RoomSummary } from '../../../../shared/model/room.ts';
import { chooseRoom, roomsStore } from '../../stores/rooms.ts';
import { words } from '../../text/messages.ts';
import { Tally } from '../../ui/tally.tsx';
import { firstTally } from './shown-rooms.ts';

export interface RoomListProps {
  readonly live: readonly RoomSummary[];
  readonly empty: readonly RoomSummary[];
  /** What is shown is old: a tally then carries a question mark. */
  readonly isStale: boolean;
}

/** The rooms, one chosen. Arrow keys choose. */
export const RoomList = memo(function RoomList({ live, empty, isStale }: RoomListProps) {
  const chosenName = useStore(roomsStore, (state) => state.chosenName);
  return (
    <GridList
      className="rooms scroll"
      aria-label={words.rooms.title}
      selectionMode="single"
      selectionBehavior="replace"
      disallowEmptySelection
      disallowTypeAhead
      selectedKeys={chosenName === null ? [] : [chosenName]}
      onSelectionChange={(keys) => {
        const [name] = keys === 'all' ? [] : [...keys];
        if (typeof name === 'string') chooseRoom(name);
      }}
      dependencies={[isStale]}
    >
      <GridListSection aria-label={words.rooms.live}>{live.map((room) => row(room, isStale))}</GridListSection>
      {empty.length === 0 ? null : (
        <GridListSection>
          <GridListHeader className="group">
            <span className="cap">{words.rooms.empty}</span>
          </GridListHeader>
          {empty.map((room) => row(room, isStale))}
        </GridListSection>
      )}
    </GridList>
  );
});

function row(room: RoomSummary, isStale: boolean) {
  const tally = firstTally(room.tally);
  const spoken = words.rooms.row(room.name, room.peopleCount, room.tally.join(' '));
  return (
    <GridListItem
      key={room.name}
      id={room.name}
      textValue={spoken}
      className={room.peopleCount === 0 ? 'room-row empty' : 'room-row'}
      // A room's people and tally change without its key: the row must not be taken from the cache.
      value={room}
    >
      <span className="cut" title={room.name}>
        <bdi>{room.name}</bdi>
      </span>
      {tally === null ? (
        <span />
      ) : (
        <Tally tone={isStale ? 'off' : 'live'} isSoft hasEdge={isStale} title={room.tally.join(', ')}>
          {isStale ? `${tally} ?` : tally}
        </Tally>
      )}
      <span className="num">{room.peopleCount}</span>
    </GridListItem>
  );
}
