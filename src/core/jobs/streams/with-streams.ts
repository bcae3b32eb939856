import { outputsOf } from '../../../shared/model/job-request.ts';
import { egressIsOver, type JobState } from '../job-state.ts';
import { changeStreams, type StreamChange } from './change-streams.ts';
import { isSameStream } from './same-stream.ts';
import { followStreams, type StreamTiming } from './stream-side.ts';
import { newStream, type StreamState } from './stream-state.ts';

/** Something that a producer must hear of one destination. */
export type StreamNotice =
  | { readonly do: 'tellStreamGivenUp'; readonly stream: StreamState }
  | { readonly do: 'tellStreamBack'; readonly stream: StreamState };

/** The part of each step of a job that concerns its destinations: what was asked, then what the server and the time make of it. */
export function withStreams(
  before: JobState,
  after: JobState,
  event: { readonly atMs: number; readonly change: StreamChange | null },
  timing: StreamTiming,
): { readonly state: JobState; readonly notices: readonly StreamNotice[] } {
  const { egress } = after;
  const entries = 'results' in egress ? egress.results.streams : [];
  const countOf = (stream: StreamState): number => entries.filter(({ url }) => isSameStream(stream.url, url)).length;
  const changed = event.change
    ? changeStreams(after.streams, event.change, event.atMs, timing, countOf)
    : after.streams;
  const carrier = { entries, isOver: egressIsOver(egress), isFresh: event.change?.do === 'looked' };
  const streams = followStreams(changed, carrier, event.atMs, timing);
  if (streams === after.streams) return { state: after, notices: [] };
  return { state: { ...after, streams: [...streams] }, notices: noticesOf(before.streams, streams) };
}

function noticesOf(before: readonly StreamState[], after: readonly StreamState[]): readonly StreamNotice[] {
  return after.flatMap((stream): readonly StreamNotice[] => {
    const was = before.find((other) => other.id === stream.id);
    if (!was || was.step.at === stream.step.at) return [];
    if (stream.step.at === 'live' && was.said !== '') return [{ do: 'tellStreamBack', stream }];
    const isLost = stream.step.at === 'waiting' || (stream.step.at === 'over' && stream.step.how === 'failed');
    return isLost && stream.said !== '' ? [{ do: 'tellStreamGivenUp', stream }] : [];
  });
}

/** The destinations that a job is started with. */
export function firstStreams(
  request: JobState['request'],
  twinOf: (addressId: string) => string | null,
  atMs: number,
): StreamState[] {
  const ids = outputsOf(request)?.stream?.destinationIds ?? [];
  return [...new Set(ids)].flatMap((id) => {
    const url = twinOf(id);
    if (url === null) return []; // the start will be refused by the same address book, in its words
    const step = { at: 'starting', sinceMs: atMs } as const;
    return [newStream({ id, addressId: id, url, wish: 'on', beganWithJob: true, step })];
  });
}
