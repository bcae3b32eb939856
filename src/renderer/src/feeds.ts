import { isRunning } from '../../shared/model/job.ts';
import type { Api } from './api.ts';
import { addressesStore } from './stores/addresses.ts';
import { captionsStore } from './stores/captions.ts';
import { fileChecksStore } from './stores/file-checks.ts';
import { forgetElsewhere, takeElsewhere } from './stores/elsewhere.ts';
import { incidentsStore } from './stores/incidents.ts';
import { jobsStore, takeJobs } from './stores/jobs.ts';
import { limitsStore, noLimits } from './stores/limits.ts';
import { rehearsalStore } from './stores/rehearsal.ts';
import { chooseRoom, roomsStore, takeRooms } from './stores/rooms.ts';
import { rulesStore } from './stores/rules.ts';
import { serversStore } from './stores/servers.ts';
import { settingsStore } from './stores/settings.ts';
import { storagesStore } from './stores/storages.ts';
import { showsStore } from './stores/shows.ts';
import { systemStore } from './stores/system.ts';

const rowsEveryMs = 100; // no eye reads a row that changes more than ten times a second

/** Passes the newest value on, at most once each `everyMs`; the last one always arrives. */
export function atMost<T>(everyMs: number, apply: (value: T) => void): (value: T) => void {
  let waiting: { value: T } | null = null;
  let lastAtMs = -Infinity;
  const flush = (): void => {
    if (!waiting) return;
    const { value } = waiting;
    waiting = null;
    lastAtMs = performance.now();
    apply(value);
  };
  return (value) => {
    const isScheduled = waiting !== null;
    waiting = { value };
    if (isScheduled) return;
    const waitMs = everyMs - (performance.now() - lastAtMs);
    if (waitMs <= 0) flush();
    else setTimeout(flush, waitMs);
  };
}

/** Keeps a subscription for the present value of `pick`: the old one ends before the next begins. */
function whileSame<S>(
  store: { getState(): S; subscribe(listener: (state: S) => void): () => void },
  pick: (state: S) => string | null,
  start: (key: string, rows: <T>(apply: (value: T) => void) => (value: T) => void) => (() => void)[],
): void {
  let key: string | null = null;
  let stops: (() => void)[] = [];
  const look = (): void => {
    const next = pick(store.getState());
    if (next === key) return;
    for (const stop of stops) stop();
    key = next;
    // A throttled row of the one before may still be on its way: it must not land in the next.
    const rows = <T>(apply: (value: T) => void) => atMost<T>(rowsEveryMs, (value) => key === next && apply(value));
    stops = next === null ? [] : start(next, rows);
  };
  store.subscribe(look);
  look();
}

/** Fills every store of the frame from the core, for as long as the page lives. */
export function startFeeds(api: Api): void {
  const follow: Api['follow'] = (open, onItem) => api.follow(open, onItem);
  follow(
    (core, options) => core.servers({}, options),
    (item) => serversStore.setState({ ...item, isKnown: true }),
  );
  follow(
    (core, options) => core.settings({}, options),
    (settings) => settingsStore.setState({ settings }),
  );
  follow(
    (core, options) => core.addresses({}, options),
    (item) => addressesStore.setState(item),
  );
  follow(
    (core, options) => core.shows({}, options),
    (item) => showsStore.setState(item),
  );
  follow(
    (core, options) => core.storages({}, options),
    (item) => storagesStore.setState(item),
  );
  follow(
    (core, options) => core.fileChecks({}, options),
    (item) => fileChecksStore.setState(item),
  );
  follow(
    (core, options) => core.incidents({}, options),
    atMost(rowsEveryMs, (item) => incidentsStore.setState(item)),
  );
  follow(
    (core, options) => core.rehearsal({}, options),
    (item) => rehearsalStore.setState(item),
  );
  follow(
    (core, options) => core.system({}, options),
    (system) => systemStore.setState({ system }),
  );

  followElsewhere(follow);

  whileSame(
    serversStore,
    (state) => state.chosenId,
    (serverId, rows) => {
      roomsStore.setState({ list: null });
      chooseRoom(null);
      jobsStore.setState({ jobs: [] });
      captionsStore.setState({ sessions: [] });
      limitsStore.setState(noLimits);
      rulesStore.setState({ rules: [] });
      return [
        follow((core, options) => core.rooms({ serverId }, options), rows(takeRooms)),
        follow((core, options) => core.jobs({ serverId }, options), rows(takeJobs)),
        follow(
          (core, options) => core.captionSessions({ serverId }, options),
          rows((item) => captionsStore.setState(item)),
        ),
        follow(
          (core, options) => core.limits({ serverId }, options),
          rows((item) => limitsStore.setState(item)),
        ),
        follow(
          (core, options) => core.rules({ serverId }, options),
          rows((item) => rulesStore.setState(item)),
        ),
      ];
    },
  );

  const roomKey = (): string | null => {
    const serverId = serversStore.getState().chosenId;
    const roomName = roomsStore.getState().chosenName;
    return serverId === null || roomName === null ? null : JSON.stringify([serverId, roomName]);
  };
  whileSame(roomsStore, roomKey, (key, rows) => {
    const [serverId, roomName] = JSON.parse(key) as [string, string]; // made by roomKey above
    return [
      follow(
        (core, options) => core.room({ serverId, roomName }, options),
        rows((detail) => roomsStore.setState({ detail })),
      ),
    ];
  });
}

/** What runs at the servers that are not chosen: no more than jobs and caption sessions, which the core has anyway. */
function followElsewhere(follow: Api['follow']): void {
  const followed = new Map<string, () => void>();
  const look = (): void => {
    const { servers, chosenId } = serversStore.getState();
    const wanted = new Set(servers.map((server) => server.id).filter((id) => id !== chosenId));
    for (const [serverId, stop] of followed) {
      if (wanted.has(serverId)) continue;
      stop();
      followed.delete(serverId);
    }
    for (const serverId of wanted) if (!followed.has(serverId)) followed.set(serverId, followOne(follow, serverId));
  };
  serversStore.subscribe(look);
  look();
}

function followOne(follow: Api['follow'], serverId: string): () => void {
  const isOn = { is: true };
  const rows = <T>(apply: (value: T) => void) => atMost<T>(rowsEveryMs, (value) => isOn.is && apply(value));
  const stops = [
    follow(
      (core, options) => core.jobs({ serverId }, options),
      rows(({ jobs }) =>
        takeElsewhere(serverId, { jobs: jobs.filter((job) => job.serverId === serverId && isRunning(job)) }),
      ),
    ),
    follow(
      (core, options) => core.captionSessions({ serverId }, options),
      rows(({ sessions }) =>
        takeElsewhere(serverId, {
          sessions: sessions.filter((session) => session.serverId === serverId && session.state !== 'ended'),
        }),
      ),
    ),
  ];
  return () => {
    isOn.is = false;
    for (const stop of stops) stop();
    forgetElsewhere(serverId);
  };
}
