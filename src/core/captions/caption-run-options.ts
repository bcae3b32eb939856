import type { CaptionSession, FeedKind, SpeechHints } from '../../shared/model/captions.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { GladiaLimits } from './gladia/limits.ts';
import type { GladiaAccount, GladiaTransport } from './gladia/transport.ts';
import type { CaptionStore, MakeCaptionBus, MakeFeed } from './ports.ts';
import type { TranscriberPolicy } from './transcriber-policy.ts';

/** What one caption session needs from outside. */
export interface CaptionRunOptions {
  readonly serverId: string;
  readonly roomName: string;
  readonly feed: FeedKind;
  readonly language: string;
  readonly hints?: SpeechHints | undefined;
  readonly account: GladiaAccount;
  readonly transport: GladiaTransport;
  readonly limits: GladiaLimits;
  readonly policy: TranscriberPolicy;
  readonly makeFeed: MakeFeed;
  readonly makeBus: MakeCaptionBus;
  readonly store: CaptionStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly onChange: (session: CaptionSession) => void;
  readonly onIncident: (incident: Incident) => void;
}
