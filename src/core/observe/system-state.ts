import type { SystemState } from '../../shared/contract/system.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { StateCell } from '../live/state-cell.ts';
import { freeBytesOf, Rate } from './disk.ts';

export interface SystemWatchOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly recordingsFolder: () => string;
  /** Bytes written by all recordings of this run so far; only ever rises. */
  readonly writtenBytes: () => number;
  /** This computer has slept: no connection is to be trusted. */
  readonly onWoke?: () => void;
  readonly everyMs?: number;
  /** CPU time of this process in microseconds; for tests. */
  readonly cpuMicros?: () => number;
  readonly freeBytes?: (folder: string) => Promise<number | null>;
}

const everyMs = 2_000;
/** A pause that was so much longer than asked for was sleep; a busy machine is late by less. */
const sleptMs = 10_000;
/** Long enough that a burst of one second does not look like the load. */
const cpuWindowMs = 6_000;
/** Writers flush in blocks of some seconds. */
const rateWindowMs = 30_000;

/** Figures of this computer: what this process uses, and how long the disk lasts. */
export class SystemWatch {
  readonly state: StateCell<SystemState>;
  readonly #options: SystemWatchOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #rate = new Rate(rateWindowMs);
  readonly #cpu = new Rate(cpuWindowMs);

  constructor(options: SystemWatchOptions) {
    this.#options = options;
    this.state = new StateCell<SystemState>({
      appCpuPercent: 0,
      diskFreeBytes: null,
      diskLastsMs: null,
      nowMs: options.clock.nowMs(),
    });
    this.#running = this.#run(this.#stop.signal);
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error('the figures are no longer needed'));
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#sample();
      } catch (error) {
        this.#options.log.warn('The figures of this computer could not be taken', {
          error: error instanceof Error ? error.name : '',
        });
      }
      const { clock, log, onWoke } = this.#options;
      const pauseMs = this.#options.everyMs ?? everyMs;
      // By the wall clock: the other one stands still while a computer sleeps.
      const fromMs = clock.nowMs();
      await clock.delay(pauseMs, signal).catch(() => {}); // only the signal rejects
      const lostMs = clock.nowMs() - fromMs - pauseMs;
      if (signal.aborted || lostMs < sleptMs) continue;
      log.info('This computer has slept, or its clock was set', { lostMs });
      onWoke?.();
    }
  }

  async #sample(): Promise<void> {
    const { clock, recordingsFolder, writtenBytes } = this.#options;
    const atMs = clock.monotonicMs();
    const microsPerS = this.#cpu.add({ atMs, count: (this.#options.cpuMicros ?? ownCpuMicros)() });
    const bytesPerS = this.#rate.add({ atMs, count: writtenBytes() });
    const diskFreeBytes = await (this.#options.freeBytes ?? freeBytesOf)(recordingsFolder());
    this.state.set({
      appCpuPercent: Math.round((microsPerS ?? 0) / 1_000) / 10,
      diskFreeBytes,
      diskLastsMs: diskFreeBytes === null || bytesPerS === null ? null : Math.floor((diskFreeBytes / bytesPerS) * 1000),
      nowMs: clock.nowMs(),
    });
  }
}

function ownCpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
