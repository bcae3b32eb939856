import { CaptionBus } from '../audio/caption-bus.ts';
import { CaptionController } from '../captions/caption-controller.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { Scope } from '../live/scope.ts';
import { CaptionAccounts } from './caption-accounts.ts';
import { CaptionFeeds } from './caption-feeds.ts';
import type { Kept } from './kept.ts';
import { lateFeed } from './late-feed.ts';
import type { Observability } from './observability.ts';
import type { Rooms } from './rooms.ts';

export interface Captioning {
  readonly captions: CaptionController;
  readonly accounts: CaptionAccounts;
}

/** Captions: the sound of rooms by either feed, the transcriber's accounts, and the sessions. */
export function openCaptioning(
  scope: Scope,
  parts: Pick<Kept, 'journal' | 'opened' | 'incidents'> &
    Pick<Rooms, 'access' | 'rooms' | 'heard' | 'openDirectFeed'> & {
      readonly observability: Observability;
      readonly clock: Clock;
      readonly log: Log;
    },
): Captioning {
  const { journal, opened, incidents, observability, access, rooms, heard, openDirectFeed, clock, log } = parts;
  const { servers, settings } = opened;
  const socketHost = (): string => settings.settings.value.socketHost;
  const feeds = scope.use(
    'caption feeds',
    new CaptionFeeds({ access, rooms, heard, openDirectFeed, socketHost, clock, log }),
  );
  const accounts = new CaptionAccounts({ servers, settings });
  const captions = scope.use(
    'captions',
    new CaptionController({
      store: observability.counting(journal.captions),
      makeFeed: (serverId, roomName, kind) => lateFeed(kind, () => feeds.open(serverId, roomName, kind), log),
      makeBus: (setup) => new CaptionBus(setup),
      gladia: (serverId) => accounts.of(serverId),
      onIncident: (incident) => incidents.put(incident),
      clock,
      log,
    }),
  );
  return { captions, accounts };
}
