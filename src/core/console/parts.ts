import type { CaptionController } from '../captions/caption-controller.ts';
import type { Ffmpeg } from '../ffmpeg/locate.ts';
import type { HostServices } from '../host-services.ts';
import type { JobController } from '../jobs/job-controller.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { RoomWatchers } from '../livekit/rooms/room-watchers.ts';
import type { MediaPlane } from '../media-plane/media-plane.ts';
import type { Incidents } from '../observe/incidents.ts';
import type { LimitBook } from '../observe/limits.ts';
import type { StartTimes } from '../observe/start-times.ts';
import type { SystemWatch } from '../observe/system-state.ts';
import type { FigureBook } from '../settings/figure-book.ts';
import type { AddressBook } from '../settings/address-book.ts';
import type { ServerBook } from '../settings/server-book.ts';
import type { ShowBook } from '../settings/show-book.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import type { CaptionAccounts } from './caption-accounts.ts';
import type { LevelAccess } from './level-access.ts';
import type { RehearsalLink } from './rehearsal-link.ts';
import type { ServerAccess } from './server-access.ts';

/** What the answers to the page are made of. */
export interface ConsoleParts {
  readonly host: HostServices;
  readonly dataFolder: string;
  readonly logsFolder: string;
  readonly ffmpeg: { readonly found: Ffmpeg | null; readonly problem: string | null };
  readonly settings: SettingsStore;
  readonly servers: ServerBook;
  readonly shows: ShowBook;
  readonly access: ServerAccess;
  readonly addresses: AddressBook;
  readonly rooms: RoomWatchers;
  readonly jobs: JobController;
  readonly limits: LimitBook;
  readonly starts: StartTimes;
  readonly figures: FigureBook;
  readonly captions: CaptionController;
  readonly accounts: CaptionAccounts;
  readonly levels: LevelAccess;
  readonly plane: MediaPlane;
  readonly incidents: Incidents;
  readonly systemWatch: SystemWatch;
  readonly rehearsal: RehearsalLink;
  readonly clock: Clock;
  readonly log: Log;
}
