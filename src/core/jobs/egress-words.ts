import type { EgressResults } from '../../shared/model/egress-results.ts';
import { goesToSocket, type JobRequest, outputsOf } from '../../shared/model/job-request.ts';
import { counted } from '../../shared/text/figures.ts';
import type { EgressSide, JobState } from './job-state.ts';

/** Where a job goes decides its words: a stream is on air, a file is recorded. */
export function goesTo(request: JobRequest): 'file' | 'segments' | 'stream' | 'images' | 'socket' {
  if (goesToSocket(request)) return 'socket';
  const outputs = outputsOf(request);
  if (!outputs || outputs.file) return 'file';
  if (outputs.segments) return 'segments';
  return outputs.stream ? 'stream' : outputs.images.length > 0 ? 'images' : 'file';
}

/** The state of egress in a sentence; `refused` where it was. */
export function egressText({ egress, request }: Pick<JobState, 'egress' | 'request'>, refused: string): string {
  switch (egress.at) {
    case 'none':
      return '';
    case 'requested':
      return 'Asked the server; it has not answered yet.';
    case 'waiting':
      return refused;
    case 'starting':
      return `The server has accepted it and ${waitsFor(request)}.`;
    case 'active':
      return egress.mediaStartedAtMs === null ? preparing[goesTo(request)] : running(request, egress.results);
    case 'ending':
      return finishing[goesTo(request)];
    case 'refused':
      return refused;
    case 'ended':
      return endedText(egress, request);
  }
}

/** What a job that has been accepted waits for; measured on egress 1.14.1. */
function waitsFor(request: JobRequest): string {
  switch (request.kind) {
    case 'web':
      return request.awaitStartSignal ? 'waits until the page says that it is ready' : 'loads the page';
    case 'participant':
      return `waits for ${request.identity}`;
    case 'track':
    case 'track-composite':
      return 'waits for its tracks';
    case 'media':
      return request.video.by === 'none' ? 'waits for the first sound' : 'waits for the first picture';
    case 'room-composite':
    case 'template':
      return request.tracks === 'audio' ? 'waits for the first sound' : 'waits for the first picture';
    case 'room-sound':
      return 'waits for the first sound';
  }
}

const preparing = {
  file: 'The server prepares the recording.',
  segments: 'The server prepares the recording.',
  images: 'The server prepares the pictures.',
  stream: 'The server connects.',
  socket: 'The server connects.',
} as const;
const finishing = {
  file: 'The server finishes the file.',
  segments: 'The server finishes the segments and their playlist.',
  images: 'The server stores the last pictures.',
  stream: 'The server closes the stream.',
  socket: 'The server sends the last seconds.',
} as const;

function running(request: JobRequest, { streams, segments, images }: EgressResults): string {
  const way = goesTo(request);
  const live = streams.filter((stream) => stream.status === 'active').length;
  const onAir = streams.length === 0 ? '' : `${live} of ${counted(streams.length, 'address', 'addresses')}`;
  if (way === 'socket') return 'The sound goes to the WebSocket.';
  if (way === 'stream')
    return streams.length === 0 ? 'Runs without an address: nothing is on air.' : `On air: ${onAir}.`;
  const segmentCount = segments.reduce((sum, one) => sum + one.segmentCount, 0);
  const imageCount = images.reduce((sum, one) => sum + one.imageCount, 0);
  if (way === 'images') return `The server takes pictures, ${imageCount} so far.`;
  const more = [
    segments.length > 0 && segmentCount > 0 ? `${counted(segmentCount, 'segment', 'segments')} so far` : '',
    onAir && `on air: ${onAir}`,
  ].filter(Boolean);
  return more.length === 0 ? 'The server records.' : `The server records, ${more.join(', ')}.`;
}

/** Why it ended in words of ours; where they are not kept the server's, closed with a full stop: a sentence may follow. */
export const meaningOf = ({ why, said }: Pick<Extract<EgressSide, { at: 'ended' }>, 'why' | 'said'>): string =>
  why?.meaning ?? (/[.!?…]$/.test(said) ? said : `${said}.`);

function endedText(side: Extract<EgressSide, { at: 'ended' }>, request: JobRequest): string {
  const isLive = goesTo(request) === 'stream' || goesTo(request) === 'socket';
  switch (side.outcome) {
    case 'complete': {
      const failed = side.results.streams.filter((stream) => stream.status === 'failed').length;
      return [
        side.by === 'full-worker' ? 'Ended before its time: its worker had too little CPU.' : '',
        isLive
          ? side.by === 'full-worker'
            ? ''
            : 'Ended at the server as it should.'
          : side.results.isInBackupStorage
            ? 'Complete at the server, but in its second storage: the first one did not take it.'
            : 'Complete at the server.',
        failed > 0 ? `${counted(failed, 'address', 'addresses')} failed on the way.` : '',
      ]
        .filter(Boolean)
        .join(' ');
    }
    case 'aborted':
      return `Ended before it began${side.said ? `: ${meaningOf(side)}` : '.'}`;
    case 'limit-reached':
      return isLive
        ? 'The server ended it at its session limit.'
        : 'The server ended it at its session limit; the file is kept.';
    case 'failed':
      return `Failed at the server${side.said ? `: ${meaningOf(side)}` : '; it gave no reason.'}`;
    case 'lost':
      return side.said;
  }
}
