import { dropped, gaveUp, over, type StreamTiming } from './stream-side.ts';
import { isOver, newStream, type StreamState } from './stream-state.ts';

/** What the producer asks for, and what became of a call. Addresses are redacted ones. */
export type StreamChange =
  | { readonly do: 'add'; readonly addressId: string; readonly url: string; readonly replaces: string | null }
  | { readonly do: 'drop'; readonly id: string }
  | { readonly do: 'retryNow'; readonly id: string }
  /** Time has passed that changes how something stands. */
  | { readonly do: 'tick' }
  /** The server was asked for its list just now, which is known already. */
  | { readonly do: 'looked' }
  /** A call to the server begins. */
  | { readonly do: 'call'; readonly addIds: readonly string[]; readonly removeIds: readonly string[] }
  | { readonly do: 'answer'; readonly results: readonly CallResult[] };

/** What is known of one address after a call. */
export interface CallResult {
  readonly id: string;
  /** `refused`: the server took this one not. `impossible`: it cannot be tried again as it is. `unknown`: no answer came. */
  readonly outcome: 'done' | 'refused' | 'impossible' | 'unknown';
  /** The server's words, redacted; empty where it took it. */
  readonly said: string;
}

export function changeStreams(
  streams: readonly StreamState[],
  change: StreamChange,
  atMs: number,
  timing: StreamTiming,
  countOf: (stream: StreamState) => number,
): readonly StreamState[] {
  const each = (id: string, to: (stream: StreamState) => StreamState): readonly StreamState[] =>
    streams.map((stream) => (stream.id === id ? to(stream) : stream));
  switch (change.do) {
    case 'add':
      return added(streams, change, atMs, countOf);
    case 'drop':
      return each(change.id, (stream) => dropped(stream, atMs)).map((stream) =>
        stream.id === change.id || stream.replaces !== change.id ? stream : { ...stream, replaces: null },
      );
    case 'retryNow':
      return each(change.id, (stream) => againNow(stream, atMs, countOf(stream)));
    case 'tick':
    case 'looked':
      return streams;
    case 'call':
      return streams.map((stream) => called(stream, change, atMs, countOf(stream)));
    case 'answer':
      return streams.map((stream) => {
        const result = change.results.find((one) => one.id === stream.id);
        return result ? answered(stream, result, atMs, timing) : stream;
      });
  }
}

function added(
  streams: readonly StreamState[],
  { addressId, url, replaces }: Extract<StreamChange, { do: 'add' }>,
  atMs: number,
  countOf: (stream: StreamState) => number,
): readonly StreamState[] {
  const known = streams.find((stream) => stream.id === addressId);
  if (known && !isOver(known)) return streams;
  const step = { at: 'waiting', sinceMs: atMs, nextAtMs: atMs } as const;
  const stream = newStream({ id: addressId, addressId, url, wish: 'on', replaces, step });
  const counted = { ...stream, entriesBefore: countOf(stream) };
  return [...streams.filter((other) => other.id !== addressId), counted];
}

/** Only one that is not at the server: adding a live one would break the job. */
function againNow(stream: StreamState, atMs: number, count: number): StreamState {
  const { step } = stream;
  const isAway = step.at === 'waiting' || (step.at === 'over' && step.how === 'failed' && stream.addressId !== null);
  if (!isAway) return stream;
  return { ...stream, wish: 'on', entriesBefore: count, step: { at: 'waiting', sinceMs: atMs, nextAtMs: atMs } };
}

function called(
  stream: StreamState,
  { addIds, removeIds }: Extract<StreamChange, { do: 'call' }>,
  atMs: number,
  count: number,
): StreamState {
  if (addIds.includes(stream.id))
    return { ...stream, beganWithJob: false, entriesBefore: count, step: { at: 'adding', sinceMs: atMs } };
  return removeIds.includes(stream.id) ? { ...stream, step: { at: 'removing', sinceMs: atMs } } : stream;
}

function answered(stream: StreamState, { outcome, said }: CallResult, atMs: number, timing: StreamTiming): StreamState {
  if (stream.step.at === 'adding')
    switch (outcome) {
      case 'done':
        return { ...stream, step: { at: 'connecting', sinceMs: atMs } };
      case 'refused':
        return gaveUp({ ...stream, said }, atMs, timing);
      case 'impossible':
        return over({ ...stream, said }, 'failed', atMs);
      case 'unknown':
        return { ...stream, step: { at: 'unsure', sinceMs: atMs, untilMs: atMs + timing.unsureMs } };
    }
  if (stream.step.at !== 'removing') return stream;
  // Whatever was said, the list tells whether it is still there; asked again where it is.
  if (outcome === 'done') return over(stream, 'dropped', atMs);
  if (outcome === 'impossible') return { ...stream, wish: 'none', said, step: { at: 'connecting', sinceMs: atMs } };
  return { ...stream, said, step: { at: 'leaving', sinceMs: atMs, nextAtMs: atMs + timing.unsureMs } };
}

/** What is to be asked of the server now, and when something changes by itself. */
export interface Due {
  readonly add: readonly StreamState[];
  readonly remove: readonly StreamState[];
  /** A call was under way when the console ended: nobody waits for its answer. */
  readonly lost: readonly StreamState[];
  readonly wakeAtMs: number | null;
}

export function dueStreams(streams: readonly StreamState[], atMs: number, timing: StreamTiming): Due {
  const wakes = streams.flatMap((stream) => wakeOf(stream, timing) ?? []);
  return {
    add: streams.filter(({ step, wish }) => step.at === 'waiting' && wish === 'on' && step.nextAtMs <= atMs),
    remove: streams.filter(({ step }) => step.at === 'leaving' && step.nextAtMs <= atMs),
    lost: streams.filter(({ step }) => step.at === 'adding' || step.at === 'removing'),
    wakeAtMs: wakes.length === 0 ? null : Math.min(...wakes),
  };
}

function wakeOf({ step }: StreamState, timing: StreamTiming): number | null {
  switch (step.at) {
    case 'waiting':
    case 'leaving':
      return step.nextAtMs;
    case 'connecting':
      return step.sinceMs + timing.provenAfterMs;
    case 'reconnecting':
    case 'unsure':
      return step.untilMs;
    case 'starting':
    case 'adding':
    case 'live':
    case 'removing':
    case 'over':
      return null;
  }
}
