import type { CaptionSession } from '../../shared/model/captions.ts';
import type { Problem } from '../../shared/model/common.ts';
import type { TranscriberState } from './transcriber.ts';

/** Where a caption session stands: it is as far as the less far of its feed and its transcriber. */
export class CaptionStanding {
  phase: 'running' | 'stopping' | 'ended' = 'running';
  feed: { readonly state: 'connecting' | 'live' | 'reconnecting' | 'ended'; readonly text: string };
  transcriber: { readonly state: TranscriberState; readonly text: string } = {
    state: 'connecting',
    text: 'Asking the transcriber for a session',
  };
  #wasLive = false;

  constructor(roomName: string) {
    this.feed = { state: 'connecting', text: `Joining ${roomName}` };
  }

  get state(): CaptionSession['state'] {
    if (this.phase !== 'running') return this.phase;
    const isHeard = this.transcriber.state === 'live' || this.transcriber.state === 'resting';
    const isLive = this.feed.state === 'live' && isHeard;
    if (isLive) this.#wasLive = true;
    return isLive ? 'live' : this.#wasLive ? 'reconnecting' : 'starting';
  }

  /** One sentence: the first thing in the way of a live caption, else that it is live. */
  text(problem: Problem | null, fit: 'channels' | 'mix'): string {
    if (this.phase === 'ended') return problem?.text ?? 'Ended';
    if (this.phase === 'stopping') return 'Waiting for the last words';
    if (this.feed.state !== 'live') return this.feed.text;
    if (this.transcriber.state !== 'live') return this.transcriber.text;
    return fit === 'mix' ? 'Live, from the mix of the room' : 'Live';
  }
}
