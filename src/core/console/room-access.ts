import { randomBytes } from 'node:crypto';
import { DirectFeed } from '../feeds/direct-feed.ts';
import { RoomChild } from '../feeds/room-child.ts';
import { RoomLinks, type RoomLink } from '../feeds/room-link.ts';
import type { HostServices, RehearsalConnection } from '../host-services.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { rehearsalId } from '../settings/server-book.ts';
import type { ServerAccess } from './server-access.ts';

export interface RoomAccessOptions {
  readonly access: ServerAccess;
  readonly rtcChild: string;
  readonly rehearsal: RehearsalConnection | null;
  readonly fork: HostServices['forkNode'];
  /** We have come into a room, or left it: its own events are the truth now, or no longer. */
  readonly onLinkChanged: (serverId: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** The rooms that we are in. One child process joins those of real servers, another plays the rehearsal's. */
export class RoomAccess {
  readonly #options: RoomAccessOptions;
  readonly #links: RoomLinks;
  readonly #children = new Map<'rtc' | 'rehearsal', Promise<RoomChild>>();
  #isClosed = false;

  constructor(options: RoomAccessOptions) {
    this.#options = options;
    this.#links = new RoomLinks(options);
  }

  /** What the room itself says, where we are in it. */
  find(serverId: string, roomName: string): Pick<RoomLink, 'people' | 'speaking' | 'state'> | null {
    return this.#links.find(serverId, roomName);
  }

  /** Joins as a hidden agent. Rejects with a ProblemError where the server is not known. */
  async join(serverId: string, roomName: string): Promise<RoomLink> {
    const { access, onLinkChanged } = this.#options;
    await access.api(serverId); // a server that cannot be had is refused here, and not joined in vain
    const child = await this.#child(serverId);
    const ticket = async () =>
      (await access.api(serverId)).listenerTicket(roomName, `cuedesk-${randomBytes(6).toString('hex')}`);
    const link = this.#links.acquire({ serverId, roomName, ticket, child });
    const off = link.state.on(() => onLinkChanged(serverId));
    onLinkChanged(serverId);
    return { ...link, release: () => link.release().finally(() => (off(), onLinkChanged(serverId))) };
  }

  /** The sound of a room that we join for it. */
  async openDirectFeed(serverId: string, roomName: string): Promise<DirectFeed> {
    const link = await this.join(serverId, roomName);
    return new DirectFeed({ link, nowMs: () => this.#options.clock.nowMs(), log: this.#options.log });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#links.close();
    await Promise.allSettled([...this.#children.values()].map(async (child) => (await child).close()));
  }

  #child(serverId: string): Promise<RoomChild> {
    const { rehearsal, rtcChild, fork, clock, log } = this.#options;
    const stage = serverId === rehearsalId ? rehearsal?.roomChild : null;
    const key = stage ? 'rehearsal' : 'rtc';
    const known = this.#children.get(key);
    if (known) return known;
    if (this.#isClosed) throw new Error('rooms are closed'); // nobody would end it
    const program = stage ?? { program: rtcChild, env: {} };
    const child = RoomChild.open({ ...program, fork, clock, log: log.with({ child: key }) });
    this.#children.set(key, child);
    child.catch(() => this.#children.delete(key)); // told to who asked; the next one tries anew
    return child;
  }
}
