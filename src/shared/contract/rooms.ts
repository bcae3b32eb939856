import { z } from 'zod';
import { RoomDetail, RoomList } from '../model/room.ts';
import { call, stateFeed } from '../rpc/contract.ts';

export const rooms = {
  rooms: stateFeed(z.object({ serverId: z.string() }), RoomList),
  /** The open room: looked at every second while the feed is read. */
  room: stateFeed(z.object({ serverId: z.string(), roomName: z.string() }), RoomDetail),
  /** Asks the server again now, whatever the back-off says. */
  lookNow: call(z.object({ serverId: z.string() }), z.null()),
};
