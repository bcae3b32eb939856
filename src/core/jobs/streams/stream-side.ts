import type { EgressResults } from '../../../shared/model/egress-results.ts';
import { isSameStream } from './same-stream.ts';
import { isOver, newStream, type Step, type StreamState } from './stream-state.ts';

type Entry = EgressResults['streams'][number];

/** Measured on egress 1.14.1, unless said otherwise; a test may shorten them. */
export interface StreamTiming {
  /** One that cannot connect is given up after 5.9 s at the latest (SRT 3.4 s): what is active longer has connected. */
  readonly provenAfterMs: number;
  /** Egress connects one that it lost again for exactly 30.0 s, and says nothing when that succeeds. */
  readonly reconnectMs: number;
  /** Live for this long: the next failure begins the back-off anew. Ours. */
  readonly steadyAfterMs: number;
  /** A call whose answer was lost is given this long to show in the list. Ours. */
  readonly unsureMs: number;
  /** The waits before the first, second, ... time that one is added again; the last stays. Ours. */
  readonly againAfterMs: readonly number[];
}
export const streamTiming: StreamTiming = {
  provenAfterMs: 6_500,
  reconnectMs: 31_000,
  steadyAfterMs: 60_000,
  unsureMs: 5_000,
  againAfterMs: [2_000, 4_000, 8_000, 16_000, 30_000, 60_000],
};
/** A mark of an outage this much older than the whole of it, by another clock, is an old one. */
const clockSkewMs = 60_000;

/** What is known of the egress that carries the streams. */
export interface Carrier {
  readonly entries: readonly Entry[];
  readonly isOver: boolean;
  /** This is what a look of just now has brought; webhooks may be late. */
  readonly isFresh: boolean;
}

/**
 * Brings every destination up to what the server lists and to the time. Pure, and doing it twice changes nothing. Returns the
 * same array where nothing has changed.
 */
export function followStreams(
  streams: readonly StreamState[],
  carrier: Carrier,
  atMs: number,
  timing: StreamTiming,
): readonly StreamState[] {
  const all = [...streams, ...foundElsewhere(streams, carrier, atMs)];
  const followed = all.map((stream) => followOne(stream, carrier, atMs, timing));
  const next = dropReplaced(followed, atMs);
  const isSame = next.length === streams.length && next.every((stream, index) => stream === streams[index]);
  return isSame ? streams : next;
}

const entriesOf = (stream: StreamState, entries: readonly Entry[]): readonly Entry[] =>
  entries.filter((entry) => isSameStream(stream.url, entry.url));

/** Addresses at the server that nobody here has added. */
function foundElsewhere(streams: readonly StreamState[], { entries }: Carrier, atMs: number): StreamState[] {
  const urls = new Set(entries.map((entry) => entry.url));
  for (const stream of streams) for (const url of urls) if (isSameStream(stream.url, url)) urls.delete(url);
  return Array.from(urls, (url) =>
    newStream({ id: `at ${url}`, addressId: null, url, wish: 'none', step: { at: 'starting', sinceMs: atMs } }),
  );
}

function followOne(stream: StreamState, carrier: Carrier, atMs: number, timing: StreamTiming): StreamState {
  if (isOver(stream)) return stream;
  const listed = entriesOf(stream, carrier.entries);
  const entry = listed.slice(stream.entriesBefore).at(-1);
  if (carrier.isOver) return ended(stream, entry, atMs);
  const { step } = stream;
  switch (step.at) {
    case 'adding':
    case 'removing':
      return stream; // its answer decides
    case 'waiting':
      // Somebody else may have added it meanwhile.
      return entry?.status === 'active' ? onAir(stream, entry, atMs, timing) : stream;
    case 'unsure':
      if (entry) return listedAs(stream, entry, listed.length, atMs, timing);
      if (!carrier.isFresh || atMs < step.untilMs) return stream;
      return stream.wish === 'off' ? over(stream, 'dropped', atMs) : wait(stream, atMs, atMs);
    case 'leaving':
      return entry && entry.status !== 'active' ? over(stream, 'dropped', atMs) : stream;
    case 'starting':
    case 'connecting':
    case 'live':
    case 'reconnecting':
      return entry ? listedAs(stream, entry, listed.length, atMs, timing) : stream;
    case 'over':
      return stream;
  }
}

function listedAs(stream: StreamState, entry: Entry, count: number, atMs: number, timing: StreamTiming): StreamState {
  if (entry.status === 'active') return onAir(stream, entry, atMs, timing);
  if (entry.status === 'finished') return over(stream, stream.wish === 'off' ? 'dropped' : 'finished', atMs);
  return gaveUp({ ...stream, entriesBefore: count, said: entry.error }, atMs, timing);
}

function onAir(stream: StreamState, entry: Entry, atMs: number, timing: StreamTiming): StreamState {
  if (stream.wish === 'off') return { ...stream, step: { at: 'leaving', sinceMs: atMs, nextAtMs: atMs } };
  const { step } = stream;
  if (entry.lastRetryAtMs !== null && entry.lastRetryAtMs !== stream.lastRetryAtMs) {
    const marked = { ...stream, lastRetryAtMs: entry.lastRetryAtMs };
    const isOld = atMs - entry.lastRetryAtMs > timing.reconnectMs + clockSkewMs;
    return isOld
      ? onAir(marked, entry, atMs, timing)
      : { ...marked, step: { at: 'reconnecting', sinceMs: atMs, untilMs: atMs + timing.reconnectMs } };
  }
  if (step.at === 'live')
    return stream.tries > 0 && atMs - step.sinceMs >= timing.steadyAfterMs ? { ...stream, tries: 0 } : stream;
  if (step.at === 'reconnecting') return atMs < step.untilMs ? stream : { ...stream, step: liveFrom(atMs) };
  if (isProven(stream, entry, atMs, timing)) return { ...stream, step: liveFrom(entry.startedAtMs ?? atMs) };
  if (step.at !== 'connecting') return { ...stream, step: { at: 'connecting', sinceMs: atMs } };
  return atMs - step.sinceMs < timing.provenAfterMs ? stream : { ...stream, step: liveFrom(step.sinceMs) };
}
const liveFrom = (sinceMs: number): Step => ({ at: 'live', sinceMs });

/** The start of an RTMP address that began with the job is told once its stream is created; of any other, before it connects. */
function isProven(stream: StreamState, entry: Entry, atMs: number, timing: StreamTiming): boolean {
  if (entry.startedAtMs === null) return false;
  if (stream.beganWithJob) return !stream.url.startsWith('srt:');
  return stream.wish === 'none' && atMs - entry.startedAtMs >= timing.provenAfterMs;
}

/** Egress has marked it failed, or refused to add it. */
export function gaveUp(stream: StreamState, atMs: number, timing: StreamTiming): StreamState {
  if (stream.wish === 'off') return over(stream, 'dropped', atMs);
  if (stream.wish === 'none') return over(stream, 'failed', atMs);
  const tries = stream.tries + 1;
  const afterMs = timing.againAfterMs[Math.min(tries, timing.againAfterMs.length) - 1] ?? 0;
  return wait({ ...stream, tries }, atMs, atMs + afterMs);
}

const wait = (stream: StreamState, atMs: number, nextAtMs: number): StreamState => ({
  ...stream,
  step: { at: 'waiting', sinceMs: atMs, nextAtMs },
});

export const over = (stream: StreamState, how: 'dropped' | 'finished' | 'failed', atMs: number): StreamState => ({
  ...stream,
  step: { at: 'over', sinceMs: atMs, how },
});

/** The job is over, and every destination with it. */
function ended(stream: StreamState, entry: Entry | undefined, atMs: number): StreamState {
  if (stream.wish === 'off') return over(stream, 'dropped', atMs);
  if (entry?.status === 'failed') return over({ ...stream, said: entry.error }, 'failed', atMs);
  const isAway = stream.step.at === 'waiting' || stream.step.at === 'starting' || stream.step.at === 'adding';
  return over(stream, isAway && entry === undefined ? 'failed' : 'finished', atMs);
}

/** The old one goes when the new one is live, so that a replacement that cannot connect costs nothing. */
function dropReplaced(streams: readonly StreamState[], atMs: number): readonly StreamState[] {
  const arrived = streams.filter((stream) => stream.replaces !== null && stream.step.at === 'live');
  if (arrived.length === 0) return streams;
  return streams.map((stream) => {
    if (arrived.includes(stream)) return { ...stream, replaces: null };
    return arrived.some((other) => other.replaces === stream.id) ? dropped(stream, atMs) : stream;
  });
}

/** The producer does not want it any more. */
export function dropped(stream: StreamState, atMs: number): StreamState {
  if (isOver(stream) || stream.wish === 'off') return stream;
  const off: StreamState = { ...stream, wish: 'off' };
  switch (stream.step.at) {
    case 'waiting':
      return over(off, 'dropped', atMs);
    case 'connecting':
    case 'live':
    case 'reconnecting':
      return { ...off, step: { at: 'leaving', sinceMs: atMs, nextAtMs: atMs } };
    case 'starting':
    case 'adding':
    case 'unsure':
    case 'leaving':
    case 'removing':
    case 'over':
      return off; // once it is known to be there, it is taken off
  }
}
