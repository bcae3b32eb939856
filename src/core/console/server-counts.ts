import type { RoomWatchers } from '../livekit/rooms/room-watchers.ts';
import type { HealthInput } from '../observe/health.ts';
import type { ServerBook } from '../settings/server-book.ts';

/** How many servers there are, how many do not answer now, and how many have no egress. */
export function serverCounts(servers: ServerBook, rooms: RoomWatchers): HealthInput['servers'] {
  const all = servers.servers.value.servers;
  return {
    all: all.length,
    away: all.filter(({ id }) => rooms.sight(id)?.state === 'stale').length,
    withoutEgress: all.filter(({ egress }) => egress === 'absent').length,
  };
}
