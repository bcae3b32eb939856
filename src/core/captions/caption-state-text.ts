import type { Problem } from '../../shared/model/common.ts';
import type { TranscriberState } from './transcriber.ts';

/** What a caption session is doing, in one sentence: the first thing in the way of a live caption, else that it is live. */
export function stateText(now: {
  readonly phase: 'running' | 'stopping' | 'ended';
  readonly problem: Problem | null;
  readonly feed: { readonly state: string; readonly text: string };
  readonly transcriber: { readonly state: TranscriberState; readonly text: string };
  readonly fit: 'channels' | 'mix';
}): string {
  if (now.phase === 'ended') return now.problem?.text ?? 'Ended';
  if (now.phase === 'stopping') return 'Waiting for the last words';
  if (now.feed.state !== 'live') return now.feed.text;
  if (now.transcriber.state !== 'live') return now.transcriber.text;
  return now.fit === 'mix' ? 'Live, from the mix of the room' : 'Live';
}
