import { isIPv4 } from 'node:net';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { FeedKind } from '../../shared/model/captions.ts';
import type { Person } from '../../shared/model/room.ts';
import type { AudioFeed } from '../feeds/audio-feed.ts';
import { TrackSocketFeed } from '../feeds/track-socket-feed.ts';
import { EgressReceiver } from '../ingest/websocket/server.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { Scope } from '../live/scope.ts';
import { StateCell } from '../live/state-cell.ts';
import type { RoomWatchers } from '../livekit/rooms/room-watchers.ts';
import { feedEgress } from './egress-ports.ts';
import type { HeardRooms } from './heard-rooms.ts';
import type { ServerAccess } from './server-access.ts';

export interface CaptionFeedsOptions {
  readonly access: ServerAccess;
  readonly rooms: RoomWatchers;
  readonly heard: Pick<HeardRooms, 'overhear'>;
  readonly openDirectFeed: (serverId: string, roomName: string) => Promise<AudioFeed>;
  /** The address of this computer that an egress worker can dial. */
  readonly socketHost: () => string;
  readonly clock: Clock;
  readonly log: Log;
}

/** The sound of a room for captions, by either feed. The receiver that egress workers dial is opened when it is first needed. */
export class CaptionFeeds {
  readonly #options: CaptionFeedsOptions;
  readonly #receivers = new Map<string, Promise<EgressReceiver>>();
  readonly #scope: Scope;

  constructor(options: CaptionFeedsOptions) {
    this.#options = options;
    this.#scope = new Scope('caption feeds', {
      onError: (error, name) => options.log.error('A feed failed', { name }, error),
    });
  }

  async open(serverId: string, roomName: string, kind: FeedKind): Promise<AudioFeed> {
    return kind === 'direct'
      ? this.#options.openDirectFeed(serverId, roomName)
      : this.#openTrackSocket(serverId, roomName);
  }

  async close(): Promise<void> {
    await this.#scope.close();
    await Promise.all([...this.#receivers.values()].map(async (receiver) => (await receiver).close()));
  }

  async #openTrackSocket(serverId: string, roomName: string): Promise<AudioFeed> {
    const { access, rooms, heard, clock, log } = this.#options;
    const sockets = await this.#receiver(this.#options.socketHost());
    const people = new StateCell<readonly Person[] | null>(null);
    const watching = new Scope(`people of ${roomName}`, {
      signal: this.#scope.signal,
      onError: (error) => log.error('The people of a room are no longer followed', { serverId, roomName }, error),
    });
    watching.spawn('watch', async (signal) => {
      for await (const room of rooms.room(serverId, roomName, signal))
        if (room.sight.asOfMs !== null) people.set(room.people);
    });
    const feed = new TrackSocketFeed({ roomName, people, calls: feedEgress(access, serverId), sockets, clock, log });
    const close = async (): Promise<void> => {
      await feed.close();
      await watching.close();
    };
    return heard.overhear(serverId, roomName, { kind: feed.kind, on: (listener) => feed.on(listener), close });
  }

  /** Opened for one address, once. An address of this computer that is not loopback must be reachable from outside. */
  #receiver(host: string): Promise<EgressReceiver> {
    const known = this.#receivers.get(host);
    if (known) return known;
    const isLoopback = host === 'localhost' || (isIPv4(host) && host.startsWith('127.'));
    const opened = EgressReceiver.open({
      host: isLoopback ? '127.0.0.1' : host,
      port: 0,
      log: this.#options.log,
    }).catch((cause: unknown) => {
      throw badSocketHost(host, cause);
    });
    this.#receivers.set(host, opened);
    opened.catch(() => this.#receivers.delete(host)); // told to who asked; the next one tries anew
    return opened;
  }
}

const badSocketHost = (host: string, cause: unknown): ProblemError =>
  new ProblemError(
    {
      code: 'socket-host',
      fault: 'yours',
      retryable: false,
      text: `${host} is no address of this computer, so no egress worker can send sound to it.`,
      advice: 'Set the address of this computer that the workers reach, or take the direct feed.',
    },
    { cause },
  );
