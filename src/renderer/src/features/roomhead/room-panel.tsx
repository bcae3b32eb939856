import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useApi } from '../../api-context.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { serversStore } from '../../stores/servers.ts';
import { words } from '../../text/messages.ts';
import { ControlNotice } from '../control/control-notice.tsx';
import { PersonMenu } from '../control/person-menu.tsx';
import { followLevels } from '../people/level-socket.ts';
import { PeoplePanel } from '../people/people-panel.tsx';
import { ProgramPanel } from '../program/program-panel.tsx';
import { RoomHead } from './room-head.tsx';

/** The room that the window shows: its name and what is on air, what is recorded of it, and its people. */
export function RoomPanel() {
  const detail = useStore(roomsStore, (state) => state.detail);
  const chosenName = useStore(roomsStore, (state) => state.chosenName);
  const hasServer = useStore(serversStore, (state) => state.chosenId !== null);
  useLevels(chosenName, detail !== null && detail.exists && detail.people.length > 0);
  return (
    <>
      <RoomHead chosenName={chosenName} detail={detail} />
      {detail === null ? (
        <div className="blank">
          <p className="sub">
            {chosenName !== null ? words.rooms.asking : hasServer ? words.room.noneHint : words.room.noServerHint}
          </p>
        </div>
      ) : (
        <>
          <ProgramPanel detail={detail} />
          <ControlNotice />
          <PeoplePanel detail={detail} />
          <PersonMenu />
        </>
      )}
    </>
  );
}

/** Levels cost a place in the room: they are followed only while somebody is there to be heard. */
function useLevels(roomName: string | null, isWanted: boolean): void {
  const api = useApi();
  const serverId = useStore(serversStore, (state) => state.chosenId);
  useEffect(() => {
    if (!isWanted || serverId === null || roomName === null) return;
    return followLevels(api, serverId, roomName);
  }, [api, serverId, roomName, isWanted]);
}
