import type { ConsoleContract } from '../shared/contract/index.ts';
import { contract } from '../shared/contract/index.ts';
import { ProblemError } from '../shared/model/problem-error.ts';
import type { Handlers } from '../shared/rpc/contract.ts';
import type { HostServices, RehearsalConnection } from './host-services.ts';
import { systemClock, type Clock } from './live/clock.ts';
import type { Log } from './live/log.ts';

export interface ConsoleOptions {
  readonly dataFolder: string;
  /** Absolute paths of the built programs that are forked. */
  readonly programs: { readonly rtcChild: string };
  readonly host: HostServices;
  readonly rehearsal: RehearsalConnection | null;
  /** Origins of the host's own pages: the media plane answers no other page. */
  readonly allowedOrigins: readonly string[];
  /** Choose the saved server of this address at the start; null: the one chosen last. */
  readonly serverUrl: string | null;
  readonly clock?: Clock;
  readonly log: Log;
}

export interface Console {
  readonly handlers: Handlers<ConsoleContract>;
  /** What would end here if the console closed now, a line each: "Recording of town-hall". Empty: nothing would. */
  running(): readonly string[];
  close(): Promise<void>;
}

/** The composition root. */
export async function openConsole(options: ConsoleOptions): Promise<Console> {
  const clock = options.clock ?? systemClock;
  const missing = (): never => {
    throw new ProblemError({ code: 'not-built', fault: 'ours', retryable: false, text: 'This part is not built yet.' });
  };
  const handlers: Partial<Handlers<ConsoleContract>> = {
    systemInfo: async () => ({
      host: options.host.name,
      version: options.host.version,
      versions: { node: process.versions.node },
      ffmpeg: null,
      ffmpegProblem: null,
      dataFolder: options.dataFolder,
      logsFolder: options.dataFolder,
    }),
    async *system(_params, signal) {
      for (; !signal.aborted; await clock.delay(1_000, signal)) {
        yield { appCpuPercent: 0, diskFreeBytes: null, diskLastsMs: null, nowMs: clock.nowMs() };
      }
    },
  };
  const all = Object.fromEntries(Object.keys(contract).map((name) => [name, missing]));
  return {
    handlers: { ...all, ...handlers } as Handlers<ConsoleContract>, // every name of the contract is there
    running: () => [],
    close: async () => {},
  };
}
