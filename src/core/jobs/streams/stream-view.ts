import type { JobDestination } from '../../../shared/model/job-destination.ts';
import type { Step, StreamState } from './stream-state.ts';

/** What egress says of a stream that failed (GStreamer 1.22 and 1.24), and what it means. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/publish denied|badname|already exists/i, 'It did not take the stream: its key is wrong or already in use.'],
  [/error resolving|name or service not known|no such host/i, 'There is no host of this name.'],
  [/connection refused/i, 'Nothing listens at its address.'],
  [/timed out/i, 'It does not answer.'],
  [/srt socket/i, 'Nobody takes the SRT stream there.'],
  [/broken pipe|reset by peer|could not write|failed to write/i, 'It broke the connection.'],
  [/invalid scheme/i, 'Its protocol is not that of this job.'],
  [/must be of format|invalid url/i, 'Egress does not take this address.'],
];

const meaningOf = (said: string): string =>
  said === '' ? '' : (meanings.find(([match]) => match.test(said))?.[1] ?? said);

/** A destination as the page shows it. */
export function destinationOf(stream: StreamState, isJobActive: boolean): JobDestination {
  const { step } = stream;
  const isFailed = step.at === 'over' && step.how === 'failed';
  return {
    id: stream.id,
    addressId: stream.addressId,
    url: stream.url,
    state: stateOf(stream),
    sinceMs: Math.round(step.sinceMs),
    nextTryAtMs: step.at === 'waiting' ? Math.round(step.nextAtMs) : null,
    tries: stream.tries,
    meaning: step.at === 'live' ? '' : meaningOf(stream.said),
    said: step.at === 'live' ? '' : stream.said,
    replaces: stream.replaces,
    canRetry: isJobActive && (step.at === 'waiting' || (isFailed && stream.addressId !== null)),
    canDrop: isJobActive && stream.wish !== 'off' && step.at !== 'over',
  };
}

const plain: Readonly<Partial<Record<Step['at'], JobDestination['state']>>> = {
  starting: 'starting',
  waiting: 'waiting',
  adding: 'adding',
  unsure: 'adding',
  connecting: 'connecting',
  live: 'live',
  reconnecting: 'reconnecting',
};

function stateOf({ step, wish }: StreamState): JobDestination['state'] {
  if (step.at === 'over') return step.how;
  return wish === 'off' ? 'dropping' : (plain[step.at] ?? 'dropping');
}
