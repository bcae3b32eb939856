import type { JobRequest } from '../../../shared/model/job-request.ts';

/** How long the watchdogs wait before they speak, and how often they look. */
export interface WatchTiming {
  readonly startsWithinMs: Readonly<Record<JobRequest['kind'], number>>;
  readonly endsWithinMs: number;
  readonly orphanAfterMs: number;
  readonly deskAwayAfterMs: number;
  readonly silentAfterMs: number;
  /** At the least; longer where what grows takes longer. */
  readonly stillAfterMs: number;
  readonly recordersEveryMs: number;
  readonly outputsEveryMs: number;
}

export const watchTiming: WatchTiming = {
  /** Measured from the press to ACTIVE: tracks 1.2 s, people 2.1 s, rooms 4.7 s, pages 5.8 s on two cores; a busy worker needs longer. */
  startsWithinMs: {
    track: 10_000,
    'track-composite': 12_000,
    participant: 12_000,
    media: 12_000,
    'room-composite': 15_000,
    template: 15_000,
    web: 20_000,
    'room-sound': 15_000,
  },
  /** A file of an hour is uploaded in less; a storage that is dead is tried for 12 to 15 s (measured). */
  endsWithinMs: 45_000,
  /** A recorder is in the room before media begins, and stays 20 s longer than it runs: twice missed is gone. */
  orphanAfterMs: 20_000,
  /** A room is joined within 1.2 s (measured); a drop of the network that the client mends by itself takes some seconds. */
  deskAwayAfterMs: 8_000,
  silentAfterMs: 60_000,
  stillAfterMs: 30_000,
  /** A recorder that is gone is told after two looks. */
  recordersEveryMs: 8_000,
  /** Each look asks a storage some questions and reads one picture, which may count and cost. */
  outputsEveryMs: 30_000,
};
