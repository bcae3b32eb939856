import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openConsole, type Console } from '../../src/core/console.ts';
import type { RehearsalConnection } from '../../src/core/host-services.ts';
import type { WatchTiming } from '../../src/core/jobs/watch/timing.ts';
import { createLog } from '../../src/core/live/log.ts';
import { servePage } from '../../src/core/page/serve-page.ts';
import { openRehearsal, type RehearsalOptions } from '../../src/core/rehearsal-process.ts';
import { headlessServices } from '../../src/headless/host.ts';
import { RehearsalControl } from '../../src/headless/rehearse/control.ts';
import { openSecretBox } from '../../src/headless/secrets.ts';
import { contract, type ConsoleContract } from '../../src/shared/contract/index.ts';
import type { Client } from '../../src/shared/rpc/contract.ts';
import { connect } from '../../src/shared/rpc/connect.ts';
import { memoryPortPair } from '../../src/shared/rpc/memory-port.ts';

export type Api = Client<ConsoleContract>;

export interface ConsoleInFolder {
  readonly console: Console;
  readonly api: Api;
  /** Its log, a JSON object a line. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

/** A console in this process, with a page on a port in memory. Children run from source. */
export async function openConsoleIn(
  folder: string,
  rehearsal: RehearsalConnection | null,
  options: { readonly recordingsFolder?: string; readonly watchTiming?: Partial<WatchTiming> } = {},
): Promise<ConsoleInFolder> {
  const lines: string[] = [];
  const log = createLog((line) => void lines.push(line));
  const opened = await openConsole({
    dataFolder: folder,
    ...options,
    programs: { rtcChild: resolve('src/core/feeds/rtc-child.ts') },
    host: headlessServices({ version: '0.0.0', secrets: openSecretBox(null), log }),
    rehearsal,
    allowedOrigins: [],
    serverUrl: null,
    log,
  });
  const [near, far] = memoryPortPair();
  servePage(far, opened.handlers, log);
  return {
    console: opened,
    api: connect(near, contract),
    lines,
    async close() {
      near.close();
      await opened.close();
    },
  };
}

/** The rehearsal as a program of its own, from source. */
export function rehearsalProgram(
  filesFolder: string,
  options: Partial<Pick<RehearsalOptions, 'egressLimit' | 'sessionLimitS' | 'env' | 'log'>> = {},
) {
  return openRehearsal({
    program: resolve('src/rehearsal/cli.ts'),
    scene: 'town-hall',
    filesFolder,
    log: createLog(() => {}),
    readyMs: 60_000, // other tests keep the machine busy
    ...options,
  });
}

export interface WholeConsole extends ConsoleInFolder {
  readonly control: RehearsalControl;
  readonly rehearsal: RehearsalConnection;
  readonly serverId: string;
  /** Everything that it writes. */
  readonly folder: string;
}

/** A console on a rehearsal of its own, in a folder of its own; `close` leaves nothing of either. */
export async function openWholeConsole(
  options: Partial<Pick<RehearsalOptions, 'egressLimit' | 'sessionLimitS' | 'env'>> & {
    readonly watchTiming?: Partial<WatchTiming>;
  } = {},
): Promise<WholeConsole> {
  const folder = tempFolder();
  const { watchTiming = {}, ...program } = options;
  const rehearsal = await rehearsalProgram(join(folder, 'files'), program);
  const opened = await openConsoleIn(join(folder, 'data'), rehearsal.connection, { watchTiming });
  const close = async (): Promise<void> => {
    await opened.close();
    await rehearsal.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    ...opened,
    control: new RehearsalControl(rehearsal.connection.control),
    rehearsal: rehearsal.connection,
    serverId: await rehearsalServerId(opened.api),
    folder,
    close,
  };
}

export async function rehearsalServerId(api: Api): Promise<string> {
  const { servers } = await until(
    api.servers({}),
    (value) => value.servers.some((server) => server.kind === 'rehearsal'),
    'the rehearsal among the servers',
  );
  return servers.find((server) => server.kind === 'rehearsal')?.id ?? '';
}

export const tempFolder = (): string => mkdtempSync(join(tmpdir(), 'cuedesk-whole-'));

/** The first value of a feed that is as wanted; rejects with what was last seen where none is in time. */
export async function until<T>(
  feed: AsyncIterable<T>,
  isWanted: (value: T) => boolean,
  what: string,
  limitMs = 30_000,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  let last: T | undefined;
  const timer = setTimeout(
    () => late.reject(new Error(`Waited ${limitMs} ms for ${what} in vain; last: ${JSON.stringify(last)}`)),
    limitMs,
  );
  const iterator = feed[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), late.promise]);
      if (next.done) throw new Error(`The feed ended before ${what}.`);
      last = next.value;
      if (isWanted(next.value)) return next.value;
    }
  } finally {
    clearTimeout(timer);
    void iterator.return?.(undefined);
  }
}
