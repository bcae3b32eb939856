import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { z } from 'zod';
import { StateCell } from '../../src/core/live/state-cell.ts';
import { createLog } from '../../src/core/live/log.ts';
import { sessionLengths } from '../../src/core/observe/session-lengths.ts';
import { priceList } from '../../src/core/observe/price-list.ts';
import { openPageServer } from '../../src/headless/http.ts';
import { contract, type ConsoleContract } from '../../src/shared/contract/index.ts';
import type { CaptionSession, TranscriptEntry } from '../../src/shared/model/captions.ts';
import type { Job } from '../../src/shared/model/job.ts';
import type { RoomDetail, RoomList } from '../../src/shared/model/room.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import type { Handlers } from '../../src/shared/rpc/contract.ts';
import type { Port } from '../../src/shared/rpc/port.ts';
import { serve } from '../../src/shared/rpc/serve.ts';
import { builtPage, type PageKind } from './built-page.ts';
import { current, limits, server } from './scripted-scene.ts';

type Item<N extends keyof ConsoleContract> = ConsoleContract[N] extends {
  kind: 'feed';
  item: infer I extends z.ZodType;
}
  ? z.input<I>
  : never;
type TranscriptItem = Item<'transcript'>;
type CallName = {
  [N in keyof ConsoleContract]: ConsoleContract[N] extends { kind: 'call' } ? N : never;
}[keyof ConsoleContract];
type CallHandler<N extends CallName> = ConsoleContract[N] extends {
  params: infer P extends z.ZodType;
  result: infer R extends z.ZodType;
}
  ? (params: z.output<P>, signal: AbortSignal) => Promise<z.input<R>>
  : never;

const levelEveryMs = 50;
const noSound = -32_768;

/** What the page is shown. Set any cell, and the page that listens gets it. */
interface Script {
  readonly servers: StateCell<Item<'servers'>>;
  readonly rooms: StateCell<RoomList>;
  readonly room: StateCell<RoomDetail | null>;
  readonly jobs: StateCell<{ jobs: Job[] }>;
  readonly addresses: StateCell<Item<'addresses'>>;
  readonly shows: StateCell<Item<'shows'>>;
  readonly storages: StateCell<Item<'storages'>>;
  readonly fileChecks: StateCell<Item<'fileChecks'>>;
  readonly captionSessions: StateCell<{ sessions: CaptionSession[] }>;
  readonly limits: StateCell<Item<'limits'>>;
  readonly rules: StateCell<Item<'rules'>>;
  readonly prices: StateCell<Item<'prices'>>;
  readonly incidents: StateCell<Item<'incidents'>>;
  readonly settings: StateCell<Item<'settings'>>;
  readonly system: StateCell<Item<'system'>>;
  readonly observability: StateCell<Item<'observability'>>;
  readonly rehearsal: StateCell<Item<'rehearsal'>>;
}

export interface ScriptedCore {
  readonly script: Script;
  /** Every call of the page so far, in order. */
  readonly calls: readonly { readonly name: string; readonly params: unknown }[];
  /** Answers a call from now on; without one it is answered by null, or refused where the contract asks for more. */
  answer<N extends CallName>(name: N, handler: CallHandler<N>): void;
  /** Resolves with the parameters of the next call of that name, or of one that came before and was not waited for. */
  called(name: keyof ConsoleContract): Promise<unknown>;
  /** The transcript so far; `say` adds to it and tells the page. */
  say(entry: TranscriptEntry): void;
  unsay(id: string): void;
  /** Peak of a person (or of the program, '') in dBFS at a time; null: no sound arrives. */
  setLevels(levelOf: (identity: string, atMs: number) => number | null): void;
  /** Where the levels are; what `levels` answers unless told otherwise. */
  readonly levelUrl: string;
  /** Cuts every level socket, as when the media plane fails. */
  dropLevels(): void;
  /** Cuts the page's port, as when the core goes. New pages are refused until `welcome`. */
  drop(): void;
  welcome(): void;
  /** A one-time address that lets a browser in. */
  url(): string;
  close(): Promise<void>;
}

/** Serves the built page by the real page server, with a scripted core behind it, so that every hard state can be shown. */
export async function openScriptedCore(kind?: PageKind): Promise<ScriptedCore> {
  const log = createLog((text) => process.stderr.write(`${text}\n`), { level: 'error' });
  const script = emptyScript();
  const calls: { name: string; params: unknown }[] = [];
  const unread: { name: string; params: unknown }[] = [];
  const waiting: { name: string; take: (params: unknown) => void }[] = [];
  const answers = new Map<string, (params: never, signal: AbortSignal) => unknown>();
  const transcript: TranscriptEntry[] = [];
  const readers = new Set<(item: TranscriptItem) => void>();
  let levelOf: (identity: string, atMs: number) => number | null = () => -60;

  const levels = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(levels, 'listening');
  const levelUrl = `ws://127.0.0.1:${(levels.address() as AddressInfo).port}/levels`;
  levels.on('connection', (socket) => {
    let told = '';
    const timer = setInterval(() => {
      const people = (script.room.value?.people ?? []).map((each) => each.identity);
      const text = JSON.stringify({ people });
      if (text !== told) socket.send((told = text));
      const frame = Buffer.alloc((people.length + 1) * 4);
      for (const [index, identity] of ['', ...people].entries()) {
        const db = levelOf(identity, Date.now());
        const tenths = db === null ? noSound : Math.round(db * 10);
        frame.writeInt16LE(tenths, index * 4);
        frame.writeInt16LE(db === null ? noSound : Math.max(-900, tenths - 60), index * 4 + 2);
      }
      socket.send(frame);
    }, levelEveryMs);
    socket.on('close', () => clearInterval(timer));
  });
  answers.set('levels', () => ({ url: levelUrl }));
  answers.set('systemInfo', () => ({
    host: 'headless',
    version: '0.1.0',
    versions: { node: process.versions.node },
    ffmpeg: null,
    ffmpegProblem: 'No ffmpeg was found.',
    dataFolder: '/data',
    logsFolder: '/data/logs',
  }));
  answers.set('changeSettings', (change: object) => {
    script.settings.update((settings) => ({ ...settings, ...change }));
    return null;
  });
  answers.set('chooseServer', ({ serverId }: { serverId: string }) => {
    script.servers.update((value) => ({ ...value, chosenId: serverId }));
    return null;
  });

  async function answered(name: string, result: z.ZodType, params: never, signal: AbortSignal): Promise<unknown> {
    const call = { name, params };
    calls.push(call);
    const waiter = waiting.findIndex((each) => each.name === name);
    if (waiter === -1) unread.push(call);
    else waiting.splice(waiter, 1)[0]?.take(params);
    const handler = answers.get(name);
    if (handler) return await handler(params, signal);
    if (result.safeParse(null).success) return null;
    throw refusal(`Nothing is scripted for ${name}.`);
  }

  async function* readTranscript(signal: AbortSignal): AsyncGenerator<TranscriptItem> {
    const items: TranscriptItem[] = [{ type: 'snapshot', entries: [...transcript] }];
    let wake = (): void => {};
    const read = (item: TranscriptItem): void => {
      items.push(item);
      wake();
    };
    readers.add(read);
    signal.addEventListener('abort', () => wake());
    try {
      while (!signal.aborted) {
        const item = items.shift();
        if (item) yield item;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      readers.delete(read);
    }
  }

  async function* readRoom(roomName: string, signal: AbortSignal): AsyncGenerator<RoomDetail> {
    for await (const room of script.room.read(signal)) if (room?.name === roomName) yield room;
  }

  const feeds: Record<string, (params: never, signal: AbortSignal) => AsyncIterable<unknown>> = {
    transcript: (_params: never, signal) => readTranscript(signal),
    room: ({ roomName }: { roomName: string }, signal) => readRoom(roomName, signal),
  };
  const handlers = Object.fromEntries(
    Object.entries(contract).map(([name, spec]) => [
      name,
      spec.kind === 'call'
        ? (params: never, signal: AbortSignal) => answered(name, spec.result, params, signal)
        : (feeds[name] ??
          ((_params: never, signal: AbortSignal) =>
            (script as unknown as Record<string, StateCell<unknown>>)[name]?.read(signal))),
    ]),
  ) as unknown as Handlers<ConsoleContract>; // one handler for each name of the contract, by the lines above

  const ports = new Set<Port>();
  let isWelcome = true;
  const pages = await openPageServer({ root: await builtPage(kind), port: 0, log });
  pages.onPort((port) => {
    if (!isWelcome) return port.close();
    ports.add(port);
    port.onClose(() => ports.delete(port));
    serve(port, contract, handlers, {
      onUnforeseen: (error, method) => log.error('A scripted answer failed', { method }, error),
    });
  });

  return {
    script,
    calls,
    answer: (name, handler) => void answers.set(name, handler as never),
    called: (name) => {
      const read = unread.findIndex((each) => each.name === name);
      if (read !== -1) return Promise.resolve(unread.splice(read, 1)[0]?.params);
      return new Promise((take) => waiting.push({ name, take }));
    },
    say: (entry) => {
      const at = transcript.findIndex((each) => each.id === entry.id);
      if (at === -1) transcript.push(entry);
      else transcript[at] = entry;
      for (const read of readers) read({ type: 'entry', entry });
    },
    unsay: (id) => {
      const at = transcript.findIndex((each) => each.id === id);
      if (at !== -1) transcript.splice(at, 1);
      for (const read of readers) read({ type: 'removed', id });
    },
    setLevels: (next) => {
      levelOf = next;
    },
    levelUrl,
    dropLevels: () => {
      for (const socket of levels.clients) socket.terminate();
    },
    drop: () => {
      isWelcome = false;
      for (const port of ports) port.close();
    },
    welcome: () => {
      isWelcome = true;
    },
    url: () => pages.issueUrl(),
    close: async () => {
      for (const socket of levels.clients) socket.terminate();
      await new Promise((resolve) => levels.close(resolve));
      await pages.close();
    },
  };
}

/** Throw it from an answer to refuse a call in the product's own words. */
export const refusal = (text: string, part: { code?: string; advice?: string; said?: string } = {}): ProblemError =>
  new ProblemError({ code: 'refused', fault: 'server', retryable: false, text, ...part });

function emptyScript(): Script {
  const nowMs = Date.now();
  return {
    servers: new StateCell<Item<'servers'>>({
      servers: [server('studio-eu', 'studio-eu')],
      chosenId: 'studio-eu',
      protection: 'keychain',
    }),
    rooms: new StateCell<RoomList>({ serverId: 'studio-eu', sight: current(nowMs), rooms: [] }),
    room: new StateCell<RoomDetail | null>(null),
    jobs: new StateCell<{ jobs: Job[] }>({ jobs: [] }),
    addresses: new StateCell<Item<'addresses'>>({ addresses: [] }),
    shows: new StateCell<Item<'shows'>>({ shows: [], chosenId: null }),
    storages: new StateCell<Item<'storages'>>({ storages: [] }),
    fileChecks: new StateCell<Item<'fileChecks'>>({ checks: [] }),
    captionSessions: new StateCell<{ sessions: CaptionSession[] }>({ sessions: [] }),
    rules: new StateCell<Item<'rules'>>({ rules: [] }),
    limits: new StateCell<Item<'limits'>>({
      serverId: 'studio-eu',
      limits: limits(),
      cost: null,
      page: null,
      lengths: sessionLengths('cloud', {}),
      handsOver: true,
      ends: [],
    }),
    prices: new StateCell<Item<'prices'>>(priceList({ currency: 'USD', prices: {} })),
    incidents: new StateCell<Item<'incidents'>>({ incidents: [] }),
    settings: new StateCell<Item<'settings'>>({
      theme: 'dark',
      screenShareMode: false,
      recordingsFolder: '/data/recordings',
      gladia: { url: 'https://api.gladia.io', region: 'eu-west', keyHint: null, protection: null },
      socketHost: '127.0.0.1',
      firstMinuteHidden: false,
      panels: {},
    }),
    system: new StateCell<Item<'system'>>({
      appCpuPercent: 3,
      diskFreeBytes: 10_500_000_000,
      diskLastsMs: 11_520_000,
      nowMs,
    }),
    observability: new StateCell<Item<'observability'>>({
      isOn: false,
      port: 9_469,
      isOpen: false,
      tokenHint: null,
      protection: null,
      url: null,
      problem: null,
    }),
    rehearsal: new StateCell<Item<'rehearsal'>>({ isRunning: false, serverId: null, scene: null, drills: [] }),
  };
}
