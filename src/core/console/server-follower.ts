import { isRunning } from '../../shared/model/job.ts';
import type { CaptionController } from '../captions/caption-controller.ts';
import type { JobController } from '../jobs/job-controller.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { Scope } from '../live/scope.ts';
import type { RoomWatchers } from '../livekit/rooms/room-watchers.ts';
import { maxWebhookBytes, WebhookReceiver } from '../livekit/webhooks.ts';
import type { MediaPlane } from '../media-plane/media-plane.ts';
import type { LimitBook } from '../observe/limits.ts';
import type { ServerBook } from '../settings/server-book.ts';
import type { Observability } from './observability.ts';
import type { ServerAccess } from './server-access.ts';

export interface ServerFollowerOptions {
  readonly servers: ServerBook;
  readonly access: ServerAccess;
  readonly rooms: RoomWatchers;
  readonly jobs: JobController;
  readonly captions: CaptionController;
  readonly limits: LimitBook;
  readonly plane: MediaPlane;
  readonly observability: Observability;
  /** What holds the rooms of a server has changed. */
  readonly refresh: (serverId: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Keeps the other parts in step with the servers: those that are connected, their webhooks, and what is in use of each. */
export class ServerFollower {
  readonly #options: ServerFollowerOptions;
  readonly #scope: Scope;
  readonly #webhooks: WebhookReceiver;
  readonly #followed = new Map<string, () => void>();

  constructor(options: ServerFollowerOptions) {
    this.#options = options;
    const { servers, rooms, jobs, clock, log } = options;
    this.#scope = new Scope('servers', {
      onError: (error, name) => log.error('A server could not be followed', { name }, error),
    });
    this.#webhooks = new WebhookReceiver({
      credentialsOf: (serverId) => servers.credentials(serverId),
      onHint: (hint) => {
        rooms.hint(hint);
        if (!hint.egress) return;
        jobs.servers.see(hint.serverId, hint.egress);
        options.observability.seen(hint.serverId, hint.egress);
      },
      clock,
      log,
    });
    servers.setWebhookUrls((serverId) => this.webhookUrl(serverId));
    for (const server of servers.servers.value.servers) this.#follow(server.id);
    const off = servers.changed.on(({ serverId, what }) => {
      this.#scope.spawn('change', () => (what === 'removed' ? this.#removed(serverId) : this.#saved(serverId)));
    });
    this.#scope.add('changes', off);
  }

  /** Where a server may send its webhooks. */
  webhookUrl(serverId: string): string {
    return `${this.#options.plane.origin}${pathOf(serverId)}`;
  }

  async close(): Promise<void> {
    await this.#scope.close();
    for (const stop of this.#followed.values()) stop();
    this.#followed.clear();
  }

  #follow(serverId: string): void {
    const { plane, jobs, captions, limits, refresh } = this.#options;
    jobs.servers.watch(serverId);
    if (this.#followed.has(serverId)) return;
    const countJobs = (): void => {
      const running = jobs.jobs(serverId).value.jobs.filter(isRunning);
      const atServer = running.filter(({ egress }) => egress && egress.egressId !== null && egress.endedAtMs === null);
      const others = jobs.servers.otherSessions(serverId).value;
      limits.setInUse(serverId, 'egress', others === null ? null : atServer.length + others);
      limits.setInUse(serverId, 'desk', running.filter(({ desk }) => desk?.status === 'recording').length);
    };
    const offs = [
      plane.route(
        pathOf(serverId),
        async ({ headers, body }) => ({
          status: (await this.#webhooks.receive(serverId, body, headers.authorization)).status,
        }),
        { maxBytes: maxWebhookBytes },
      ),
      jobs.jobs(serverId).on(() => {
        countJobs();
        refresh(serverId);
      }),
      jobs.servers.otherSessions(serverId).on(countJobs),
      captions.sessions(serverId).on((sessions) => {
        limits.setInUse(serverId, 'captions', sessions.filter(({ state }) => state !== 'ended').length);
        refresh(serverId);
      }),
    ];
    this.#followed.set(serverId, () => {
      for (const off of offs) off();
    });
  }

  /** Another address, key or secret: everything that was made with the old one is made anew. */
  async #saved(serverId: string): Promise<void> {
    const { servers, jobs, access, rooms } = this.#options;
    await jobs.servers.unwatch(serverId);
    await access.forget(serverId);
    rooms.reset(serverId);
    if (servers.find(serverId)) this.#follow(serverId); // it may have been removed meanwhile
  }

  async #removed(serverId: string): Promise<void> {
    const { jobs, access, rooms } = this.#options;
    this.#followed.get(serverId)?.();
    this.#followed.delete(serverId);
    this.#options.observability.forget(serverId);
    await jobs.servers.unwatch(serverId);
    await rooms.forget(serverId);
    await access.forget(serverId);
    this.#options.limits.forget(serverId);
  }
}

const pathOf = (serverId: string): string => `/webhooks/${serverId}`;
