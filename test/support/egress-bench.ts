import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type EgressTiming, measuredTiming } from '../../src/rehearsal/egress/timing.ts';
import { findFfmpeg } from '../../src/rehearsal/ffmpeg.ts';
import { openActs } from '../../src/rehearsal/livekit/acts.ts';
import { openStandIn, type StandIn, type StandInOptions } from '../../src/rehearsal/livekit/stand-in.ts';
import { answerJson } from '../../src/rehearsal/livekit/wire-message.ts';
import { ffmpegPath } from './require.ts';
import { scriptedShow, type ScriptedShow } from './scripted-show.ts';
import { type Answer, callTwirp } from './twirp-call.ts';

// A stand-in with a scripted show, and what is needed to lay its answers beside those of a real egress.

export type Info = Record<string, unknown> & { readonly egress_id: string; readonly status: string };
interface Recorded {
  readonly courses: Readonly<Record<string, readonly Info[]>>;
  readonly webhooks: readonly Record<string, unknown>[];
}
export const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'media', 'egress-courses.json'), 'utf8'),
) as Recorded;

export const apiKey = { key: 'devkey', secret: 'a-secret-of-thirty-six-chars-0123456' };
export const room = 'stage';
const fast: Partial<EgressTiming> = {
  answerIdleMs: 20,
  answerBusyMs: 10,
  noHandlerMs: 60,
  chromeMs: 150,
  mixerMs: 80,
  trackMs: 60,
  composeMs: 80,
  pageErrorMs: 50,
};

export const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

export interface Bench {
  readonly standIn: StandIn;
  readonly show: ScriptedShow;
  readonly files: string;
  call(method: string, body: unknown): Promise<Answer>;
  ok(method: string, body: unknown): Promise<Info>;
  info(egressId: string): Promise<Info>;
  /** Waits until the egress has that status; every info with a newer `updated_at` on the way, however short it lasted. */
  follow(first: Info, until: string): Promise<readonly Info[]>;
  trackOf(identity: string, kind?: 'AUDIO' | 'VIDEO'): Promise<string>;
}

export async function openBench(
  options: {
    readonly timing?: Partial<EgressTiming>;
    readonly limit?: number;
    readonly hasFfmpeg?: boolean;
    readonly people?: readonly string[];
    readonly soundOf?: (identity: string) => number;
    readonly plan?: (show: ScriptedShow) => void;
    readonly standIn?: Partial<StandInOptions>;
  } = {},
): Promise<Bench> {
  const files = mkdtempSync(join(tmpdir(), 'cuedesk-egress-'));
  const show = scriptedShow(room, options.people ?? ['ada', 'ben'], options.soundOf);
  options.plan?.(show);
  const standIn = await openStandIn({
    acts: openActs(show.show, Date.now),
    apiKey,
    filesFolder: files,
    ffmpeg: options.hasFfmpeg ? findFfmpeg({ FFMPEG_PATH: ffmpegPath() }) : null,
    timing: { ...measuredTiming, ...fast, ...options.timing },
    egressLimit: options.limit ?? 10,
    hasEgress: true,
    canUnmute: false,
    behindUrl: null,
    now: Date.now,
    ...options.standIn,
  });
  // Every change as it is told: whoever polls on a busy machine misses what lasts a moment.
  const told: Info[] = [];
  const { webhooks } = standIn;
  const send = webhooks.send.bind(webhooks);
  webhooks.send = (event, ...rest) => {
    if (event.egressInfo) told.push(answerJson(event.egressInfo) as Info);
    send(event, ...rest);
  };
  opened.push(async () => {
    await standIn.close();
    rmSync(files, { recursive: true, force: true });
  });
  const side = { url: standIn.url, apiKey: apiKey.key, apiSecret: apiKey.secret };
  const call = (method: string, body: unknown): Promise<Answer> => callTwirp(side, method, body, room);
  const ok = async (method: string, body: unknown): Promise<Info> => {
    const answer = await call(method, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body as Info;
  };
  const info = async (egressId: string): Promise<Info> => {
    const list = await ok('Egress/ListEgress', { egress_id: egressId });
    return (list['items'] as Info[])[0] as Info;
  };
  return {
    standIn,
    show,
    files,
    call,
    ok,
    info,
    follow: async (first, until) => {
      const atNs = (one: Info): bigint => BigInt(String(one['updated_at']));
      const seen = (): Info[] => [
        first,
        ...told.filter((one) => one.egress_id === first.egress_id && atNs(one) > atNs(first)),
      ];
      for (const limitMs = Date.now() + 40_000; Date.now() < limitMs; await delay(5)) {
        const at = seen().findIndex((one) => one.status === until);
        if (at !== -1) return seen().slice(0, at + 1);
      }
      throw new Error(
        `never ${until}: ${seen()
          .map((one) => one.status)
          .join(', ')}`,
      );
    },
    trackOf: async (identity, kind = 'AUDIO') => {
      const { participants } = (await ok('RoomService/ListParticipants', { room })) as unknown as {
        participants: { identity: string; tracks: { sid: string; type: string }[] }[];
      };
      const person = participants.find((one) => one.identity === identity);
      return person?.tracks.find((track) => track.type === kind)?.sid ?? '';
    },
  };
}

/** A receiver that keeps what comes. */
interface Receiver {
  readonly url: string;
  readonly opened: Promise<{ readonly socket: WebSocket; readonly request: IncomingMessage; readonly atMs: number }>;
  readonly messages: { readonly atMs: number; readonly data: Buffer }[];
  readonly texts: { readonly atMs: number; readonly text: string }[];
  readonly pings: string[];
  readonly closed: Promise<{ readonly code: number; readonly atMs: number }>;
}

export async function openReceiver(): Promise<Receiver> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  opened.push(
    () =>
      new Promise((resolve) => {
        for (const socket of server.clients) socket.terminate();
        server.close(() => resolve());
      }),
  );
  const messages: Receiver['messages'] = [];
  const texts: Receiver['texts'] = [];
  const pings: string[] = [];
  const open = Promise.withResolvers<Awaited<Receiver['opened']>>();
  const close = Promise.withResolvers<Awaited<Receiver['closed']>>();
  server.on('connection', (socket, request) => {
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) messages.push({ atMs: Date.now(), data });
      else texts.push({ atMs: Date.now(), text: data.toString() });
    });
    socket.on('ping', (data) => pings.push(data.toString()));
    socket.once('close', (code) => close.resolve({ code, atMs: Date.now() }));
    open.resolve({ socket, request, atMs: Date.now() });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/in?token=abc`,
    opened: open.promise,
    messages,
    texts,
    pings,
    closed: close.promise,
  };
}

/** An info with its values replaced by their kinds, so that two courses can be laid side by side. */
export function shapeOf(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((entry) => shapeOf(entry, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, shapeOf(inside, name)]));
  }
  if (typeof value !== 'string') return value;
  if (/_at$|At$|^duration$|^size$/.test(key)) return value === '0' ? '0' : value.startsWith('-') ? '-n' : 'n';
  if (/^(?:egress_id|room_id|egressId|roomId|track_id|trackId)$/.test(key)) return value.slice(0, 3);
  if (/^(?:room_name|roomName|name)$/.test(key)) return 'a room';
  if (/urls?$|Urls?$/.test(key)) return 'a url';
  if (
    /^(?:filename|filepath|location|manifest_location|playlist_name|live_playlist_name|playlist_location|live_playlist_location|filename_prefix)$/.test(
      key,
    )
  )
    return value === '' ? '' : 'a path';
  if (key === 'error') return value.replace(/\d+\.\d+\.\d+\.\d+:\d+/g, 'address');
  return value;
}
export const shapes = (infos: readonly Info[]): unknown[] => infos.map((info) => shapeOf(info));
export const course = (name: string): unknown[] => shapes(recorded.courses[name] ?? []);
export const ns = (value: unknown): number => Number(BigInt(String(value)) / 1000n) / 1000;
