import type { CaptionSession } from '../../shared/model/captions.ts';
import type { Job } from '../../shared/model/job.ts';
import type { AudioFeed } from '../feeds/audio-feed.ts';
import { ReturningFeed } from '../feeds/returning-feed.ts';
import type { HostServices, RehearsalConnection } from '../host-services.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { Scope } from '../live/scope.ts';
import type { EgressWatcher } from '../livekit/egress-watcher.ts';
import { RoomWatchers } from '../livekit/rooms/room-watchers.ts';
import type { MediaPlane } from '../media-plane/media-plane.ts';
import type { ServerBook } from '../settings/server-book.ts';
import { HeardRooms } from './heard-rooms.ts';
import { LevelAccess } from './level-access.ts';
import { RoomAccess } from './room-access.ts';
import { ServerAccess } from './server-access.ts';
import { tallyOf } from './tally.ts';

/** LiveKit Cloud allows 1,000 API requests a minute; half of them are left to others. A server of one's own has no such limit. */
const cloudRequestsPerMinute = 500;

export interface Rooms {
  readonly access: ServerAccess;
  readonly rooms: RoomWatchers;
  readonly levels: LevelAccess;
  readonly heard: HeardRooms;
  /** Joins a room for its sound. */
  readonly openDirectFeed: (serverId: string, roomName: string) => Promise<AudioFeed>;
  /** The same, and heard on where the room is ended and opened again; what goes on after a kill only where it is open. */
  readonly openReturningFeed: (serverId: string, roomName: string, goesOn?: boolean) => Promise<AudioFeed>;
}

/** How servers and their rooms are reached: their API, who is in them, their sound, and its levels. */
export function openRooms(
  scope: Scope,
  options: {
    readonly servers: ServerBook;
    readonly watcherOf: (serverId: string) => EgressWatcher;
    readonly plane: MediaPlane;
    readonly rtcChild: string;
    readonly rehearsal: RehearsalConnection | null;
    readonly host: HostServices;
    readonly jobsOf: (serverId: string) => readonly Job[];
    readonly captionsOf: (serverId: string) => readonly CaptionSession[];
    /** We have come into a room, or left it. */
    readonly onLinkChanged: (serverId: string) => void;
    readonly clock: Clock;
    readonly log: Log;
  },
): Rooms {
  const { servers, host, plane, clock, log } = options;
  const access = scope.use('server access', new ServerAccess(options));
  const roomAccess = scope.use(
    'room access',
    new RoomAccess({ ...options, access, fork: (program, fork) => host.forkNode(program, fork) }),
  );
  const heard = new HeardRooms(clock);
  const openDirectFeed = async (serverId: string, roomName: string): Promise<AudioFeed> =>
    heard.overhear(serverId, roomName, await roomAccess.openDirectFeed(serverId, roomName));
  const openReturningFeed = async (serverId: string, roomName: string, goesOn = false): Promise<AudioFeed> => {
    const returning = {
      open: () => openDirectFeed(serverId, roomName),
      isOpen: async (signal: AbortSignal) =>
        (await (await access.api(serverId)).listRooms(signal, [roomName])).length > 0,
      clock,
      log,
    };
    return goesOn ? ReturningFeed.goOn(returning) : ReturningFeed.open(returning);
  };
  const rooms: RoomWatchers = scope.use(
    'rooms',
    new RoomWatchers({
      apiOf: (serverId) => access.api(serverId),
      eventsOf: (serverId, roomName) => roomAccess.find(serverId, roomName),
      tallyOf: (serverId, roomName) => {
        const people = rooms.people(serverId, roomName) ?? [];
        return tallyOf(roomName, people, options.jobsOf(serverId), options.captionsOf(serverId));
      },
      requestsPerMinuteOf: (serverId) => (servers.find(serverId)?.kind === 'cloud' ? cloudRequestsPerMinute : Infinity),
      clock,
      log,
    }),
  );
  const peopleOf = (serverId: string, roomName: string): readonly string[] =>
    (rooms.people(serverId, roomName) ?? []).map((person) => person.identity);
  const levels = scope.use('levels', new LevelAccess({ plane, openFeed: openDirectFeed, peopleOf, clock, log }));
  return { access, rooms, levels, heard, openDirectFeed, openReturningFeed };
}
