import type { JobState } from '../jobs/job-state.ts';
import type { RoomFacts } from '../jobs/watch/facts.ts';
import type { AudioFeed } from '../feeds/audio-feed.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { Scope } from '../live/scope.ts';
import type { RoomWatchers } from '../livekit/rooms/room-watchers.ts';
import type { HeardRooms } from './heard-rooms.ts';
import type { ServerAccess } from './server-access.ts';

/** More than so many rooms are looked at in turn: a server is not flooded. */
const roomsInOneTurn = 10;
/** A job asks each second: who has not asked for so long is over. */
const earStaysMs = 8_000;
/** A room of which no job asks any more is looked at no more, and takes no turn of the others. */
const forgetAfterMs = 60_000;

export interface RoomFactsOptions {
  readonly access: ServerAccess;
  readonly rooms: RoomWatchers;
  readonly heard: Pick<HeardRooms, 'heardAtMs'>;
  readonly openFeed: (serverId: string, roomName: string) => Promise<AudioFeed>;
  /** How often the recorders of a room are looked at. */
  readonly recordersEveryMs: number;
  readonly scope: Scope;
  readonly clock: Clock;
  readonly log: Log;
}

interface Looked {
  recorders: RoomFacts['recorders'];
  nextAtMs: number;
  askedAtMs: number;
}

/** A round of looks at a server is made for these alone, while no page looks. */
const needsPeople = (job: JobState): boolean => job.egress.at === 'starting' || job.autoStop?.emptyForMs != null;

/** What the watchdogs of jobs know of rooms: their people, the recorders in them, and when they were last heard. */
export class RoomsForJobs {
  readonly #options: RoomFactsOptions;
  readonly #looked = new Map<string, Looked>();
  readonly #ears = new Map<string, { untilMs: number }>();

  constructor(options: RoomFactsOptions) {
    this.#options = options;
  }

  /** Looks up what is known, and begins to find out what is not. */
  of(job: JobState, withPeople = false): RoomFacts {
    const { serverId, roomName } = job;
    if (roomName === '') return { people: null, recorders: null, heardAtMs: null };
    if (job.autoStop?.silentForMs != null) this.#listen(serverId, roomName);
    return {
      people: withPeople || needsPeople(job) ? this.#people(serverId, roomName) : null,
      recorders: job.egress.at === 'active' ? this.#recorders(serverId, roomName) : null,
      heardAtMs: this.#options.heard.heardAtMs(serverId, roomName),
    };
  }

  /** Null while the server is not seen; nobody where it lists no such room. */
  #people(serverId: string, roomName: string): RoomFacts['people'] {
    const { rooms } = this.#options;
    const list = rooms.rooms(serverId).value;
    if (list.sight.state !== 'current') return null;
    return list.rooms.some((room) => room.name === roomName) ? rooms.people(serverId, roomName) : [];
  }

  #recorders(serverId: string, roomName: string): RoomFacts['recorders'] {
    const { access, recordersEveryMs, scope, clock } = this.#options;
    const key = JSON.stringify([serverId, roomName]);
    const nowMs = clock.nowMs();
    for (const [other, { askedAtMs }] of this.#looked)
      if (nowMs - askedAtMs > forgetAfterMs) this.#looked.delete(other);
    const known = this.#looked.get(key) ?? { recorders: null, nextAtMs: 0, askedAtMs: nowMs };
    this.#looked.set(key, known);
    known.askedAtMs = nowMs;
    if (nowMs >= known.nextAtMs) {
      known.nextAtMs = nowMs + recordersEveryMs * Math.ceil(this.#looked.size / roomsInOneTurn);
      scope.spawn('recorders of a room', async (signal) => {
        try {
          const ids = await (await access.api(serverId)).listRecorders(roomName, signal);
          known.recorders = { ids, asOfMs: clock.nowMs() };
        } catch {
          known.recorders = null; // could not be asked: nothing is known, and nothing is said
        }
      });
    }
    return known.recorders;
  }

  /** Joins the room for as long as a job asks: its rule needs to know. */
  #listen(serverId: string, roomName: string): void {
    const { openFeed, scope, clock, log } = this.#options;
    const key = JSON.stringify([serverId, roomName]);
    const untilMs = clock.nowMs() + earStaysMs;
    const known = this.#ears.get(key);
    if (known) {
      known.untilMs = untilMs;
      return;
    }
    const ear = { untilMs };
    this.#ears.set(key, ear);
    scope.spawn('ear of a room', async (signal) => {
      try {
        const feed = await openFeed(serverId, roomName);
        const off = feed.on(() => {}); // it begins with a listener, and is overheard
        while (!signal.aborted && clock.nowMs() < ear.untilMs) await clock.delay(1_000, signal).catch(() => {}); // the loop sees the signal
        off();
        await feed.close();
      } catch (error) {
        log.warn('A room cannot be heard for the rule of a job', {
          serverId,
          roomName,
          reason: error instanceof Error ? error.message : 'unknown',
        });
        await clock.delay(10_000, signal).catch(() => {}); // and is tried again later
      }
      this.#ears.delete(key);
    });
  }
}
