import type { SpeechHints } from '../../shared/model/captions.ts';
import type { Problem } from '../../shared/model/common.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { AudioTail, type AudioChunk } from './gladia/audio-tail.ts';
import { GladiaLink } from './gladia/gladia-link.ts';
import type { SessionEnd } from './gladia/session-effects.ts';
import type { GladiaLimits } from './gladia/limits.ts';
import type { GladiaAccount, GladiaTransport } from './gladia/transport.ts';
import { ToldWords, type ToldEvent } from './told-words.ts';
import type { TranscriberPolicy } from './transcriber-policy.ts';

export type TranscriberState = 'connecting' | 'live' | 'reconnecting' | 'resting' | 'stopping' | 'failed' | 'ended';
export type TranscriberEvent =
  | { readonly type: 'state'; readonly state: TranscriberState; readonly text: string }
  | ToldEvent
  /** Sound that reaches nobody: it waited too long, or was left at the end. */
  | { readonly type: 'lost'; readonly fromMs: number; readonly toMs: number; readonly cause: string }
  | { readonly type: 'problem'; readonly problem: Problem };

export interface TranscriberOptions {
  readonly account: GladiaAccount;
  readonly transport: GladiaTransport;
  readonly language: string;
  readonly hints?: SpeechHints | undefined;
  /** Channels of the first session; see `setChannels`. */
  readonly channels: number;
  readonly limits: GladiaLimits;
  readonly policy: TranscriberPolicy;
  readonly clock: Clock;
  readonly log: Log;
  readonly on: (event: TranscriberEvent) => void;
}

interface Line {
  readonly number: number;
  readonly link: GladiaLink;
  readonly beganMs: number;
  /** It was told to end when the next one had taken over. */
  isLeaving: boolean;
}

/**
 * The transcriber of one caption session: a chain of Gladia sessions that hears every chunk once or more, and tells every
 * word once. A session that is too old or has too few channels is replaced with an overlap; one that ended is renewed from
 * where its open words began.
 */
export class Transcriber {
  readonly #options: TranscriberOptions;
  readonly #tail: AudioTail;
  readonly #words: ToldWords;
  readonly #ended: Promise<void>;
  #tellEnded: () => void = () => {};
  #renewals: number[] = [];
  #channels: number;
  /** The sessions that live: the one that hears, last, and before it those whose last words are awaited. */
  #lines: Line[] = [];
  #lineCount = 0;
  #state: 'running' | 'resting' | 'failed' | 'stopping' | 'ended' = 'running';
  /** The session before stops when the next one has got everything before this chunk. */
  #handOverAt: number | null = null;
  /** No further session is asked for before, where the last one could not take over. */
  #replaceFromMs = -Infinity;
  #toldRefusal: string | null = null;

  constructor(options: TranscriberOptions) {
    this.#options = options;
    this.#channels = options.channels;
    this.#words = new ToldWords(options.on);
    const { policy, limits } = options;
    // Behind what was acknowledged: the longest utterance (5 s), the time until its final, and the preroll.
    const keepMs = 10_000 + limits.prerollMs;
    this.#tail = new AudioTail({ chunkMs: policy.chunkMs, capMs: policy.bufferMs, keepMs });
    this.#ended = new Promise((resolve) => (this.#tellEnded = resolve));
    this.#openLine(0, 0);
  }

  get channels(): number {
    return this.#channels;
  }

  /** 100 ms of sound, interleaved in as many channels as the bus has; each session takes the first ones. */
  push(chunk: AudioChunk): void {
    if (this.#state === 'stopping' || this.#state === 'ended') return;
    // While two sessions hear, what one of them has is not lost.
    const needs = this.#lines.map((line) => line.link.needsFrom);
    const dropped = this.#tail.push(chunk, needs.length === 0 ? Infinity : Math.max(...needs));
    if (this.#state === 'failed') {
      this.#tail.release(this.#tail.next);
      this.#lost(chunk.startMs, chunk.startMs + this.#tail.chunkMs, 'The transcriber has given up');
      return;
    }
    for (const each of dropped)
      this.#lost(each.startMs, each.startMs + this.#tail.chunkMs, 'The transcriber was away for too long');
    if (this.#state === 'resting') {
      this.#tail.release(this.#tail.next);
      if (!isSound(chunk.pcm, this.#options.policy.wakePeak)) return;
      this.#state = 'running';
      this.#openLine(this.#tail.next - this.#chunksOf(this.#options.limits.prerollMs), this.#tail.next - 1);
    }
    this.#manage();
    for (const line of this.#lines) line.link.push();
    this.#release();
  }

  /** More channels, or fewer (a mix has one): takes effect with a new session, which overlaps the present one. */
  setChannels(channels: number): void {
    if (channels === this.#channels) return;
    this.#channels = channels;
    this.#manage();
  }

  /** The computer woke up: no connection is to be trusted. */
  distrust(): void {
    for (const line of this.#lines) line.link.distrust();
  }

  /** Sends what is left, waits for the last words, up to the limit, and ends. Safe to repeat. */
  stop(): Promise<void> {
    if (this.#state === 'ended' || this.#state === 'stopping') return this.#ended;
    this.#state = 'stopping';
    this.#handOverAt = null;
    for (const line of this.#lines) line.link.stop(this.#tail.next);
    this.#endIfOver();
    return this.#ended;
  }

  /** Ends at once. Safe to repeat. */
  async close(): Promise<void> {
    if (this.#state !== 'ended') this.#state = 'stopping';
    await Promise.all(this.#lines.map((line) => line.link.close()));
    this.#endIfOver();
    await this.#ended;
  }

  get #newest(): Line | undefined {
    return this.#lines.at(-1);
  }
  #chunksOf(ms: number): number {
    return Math.ceil(ms / this.#tail.chunkMs);
  }
  #lost(fromMs: number, toMs: number, cause: string): void {
    this.#options.on({ type: 'lost', fromMs, toMs, cause });
  }
  #tell(state: TranscriberState, text: string): void {
    this.#options.on({ type: 'state', state, text });
  }

  #openLine(fromChunk: number, unheardFrom: number): void {
    const { account, transport, language, hints, limits, clock, log } = this.#options;
    const number = this.#lineCount++;
    const line: Line = {
      number,
      beganMs: clock.monotonicMs(),
      isLeaving: false,
      link: new GladiaLink({
        account,
        transport,
        channels: this.#channels,
        language,
        hints,
        tail: this.#tail,
        fromChunk: Math.max(fromChunk, this.#tail.first),
        unheardFrom,
        firstTake: number * 1_000,
        limits,
        clock,
        log: log.with({ transcriberSession: number }),
        // While two sessions hear the same, only the older one shows what is not final yet.
        onHeard: (heard) => this.#words.take(number, heard, { isPartialShown: line === this.#lines[0] }),
        onState: (state, text) => {
          // While the session before still hears, the start of its successor is no interruption.
          const isAlone = this.#lines.length === 1;
          if (line === this.#newest && this.#state !== 'stopping' && (isAlone || state === 'live'))
            this.#tell(state, text);
        },
        onRefused: (problem) => this.#refused(line, problem),
        onEnded: (end, isWhole) => this.#lineEnded(line, end, isWhole),
      }),
    };
    this.#lines.push(line);
    line.link.start();
  }

  /** Replaces the session that hears where it is too old or has other channels, and ends the one before it in time. */
  #manage(): void {
    const newest = this.#newest;
    if (this.#state !== 'running' || !newest) return;
    const { policy, clock } = this.#options;
    if (this.#handOverAt !== null) {
      if (newest.link.ackedChunk >= this.#handOverAt) this.#handOver();
      return;
    }
    const nowMs = clock.monotonicMs();
    const isOld = nowMs - newest.beganMs >= policy.rollOverMs;
    if ((!isOld && newest.link.channels === this.#channels) || nowMs < this.#replaceFromMs) return;
    this.#openLine(newest.link.replayFrom, newest.link.unheardFrom);
    this.#handOverAt = this.#tail.next + this.#chunksOf(policy.overlapMs);
  }

  #handOver(): void {
    this.#handOverAt = null;
    for (const line of this.#lines.slice(0, -1)) {
      line.isLeaving = true;
      line.link.stop(this.#tail.next);
    }
  }

  /** What all living sessions have got need not be kept. */
  #release(): void {
    const acked = this.#lines.map((line) => line.link.ackedChunk);
    if (acked.length > 0) this.#tail.release(Math.min(...acked));
  }

  #refused(line: Line, problem: Problem): void {
    // Where the plan has one session only, the one before makes room at once; the sound in between waits in the tail.
    if (problem.code === 'gladia-http-429' && this.#handOverAt !== null && line === this.#newest) this.#handOver();
    else this.#options.on({ type: 'problem', problem });
  }

  #lineEnded(line: Line, end: SessionEnd, isWhole: boolean): void {
    const wasNewest = line === this.#newest;
    // The sound of open words is heard again by the next session, or it is the last that there is.
    const isHeardAgain = this.#state === 'running' && (end.why === 'renew' || end.why === 'rest');
    this.#words.settle(line.number, isHeardAgain);
    this.#lines = this.#lines.filter((other) => other !== line);
    if (this.#state === 'running' && wasNewest) this.#goOn(line, end);
    if (this.#state === 'stopping' && this.#lines.length === 0 && !isWhole)
      this.#leftBehind(line, 'The transcriber was away when the captions were stopped');
    this.#endIfOver();
  }

  #goOn(line: Line, end: SessionEnd): void {
    this.#handOverAt = null;
    const { clock, policy } = this.#options;
    if (this.#newest?.isLeaving === false) {
      this.#replaceFromMs = clock.monotonicMs() + policy.replaceAgainMs;
      if (end.why === 'refused' && end.problem.code !== this.#toldRefusal) {
        this.#toldRefusal = end.problem.code;
        this.#options.on({ type: 'problem', problem: end.problem });
      }
      return; // the session before hears on
    }
    if (end.why === 'refused') {
      this.#fail(line, end.problem);
      return;
    }
    if (end.why === 'rest') {
      this.#state = 'resting';
      this.#tell('resting', 'Nothing to hear: the transcriber rests until there is');
      return;
    }
    const nowMs = clock.monotonicMs();
    this.#renewals = this.#renewals.filter((atMs) => nowMs - atMs < policy.renewalWindowMs);
    if (this.#renewals.length >= policy.maxRenewals) {
      this.#fail(line, {
        code: 'gladia-keeps-ending',
        fault: 'destination',
        retryable: true,
        text: `Gladia ended ${policy.maxRenewals + 1} sessions within ${policy.renewalWindowMs / 60_000} minutes.`,
        ...(end.why === 'renew' ? { said: end.text } : {}),
        advice: 'Stop the captions and start them again; if it goes on, ask Gladia.',
      });
      return;
    }
    this.#renewals.push(nowMs);
    this.#tell(
      'reconnecting',
      `${end.why === 'renew' ? end.text : 'The transcriber closed the session'}, beginning a new one`,
    );
    this.#openLine(line.link.replayFrom, line.link.unheardFrom);
  }

  #fail(line: Line, problem: Problem): void {
    this.#state = 'failed';
    this.#leftBehind(line, 'The transcriber has given up');
    this.#tell('failed', problem.text);
    this.#options.on({ type: 'problem', problem });
  }

  /** Sound that had not arrived when the last session ended. */
  #leftBehind(line: Line, cause: string): void {
    const first = this.#tail.get(Math.max(line.link.needsFrom, this.#tail.first));
    const last = this.#tail.get(this.#tail.next - 1);
    if (first && last) this.#lost(first.startMs, last.startMs + this.#tail.chunkMs, cause);
    this.#tail.release(this.#tail.next);
  }

  #endIfOver(): void {
    if (this.#state !== 'stopping' || this.#lines.length > 0) return;
    this.#state = 'ended';
    this.#tell('ended', 'Ended');
    this.#tellEnded();
  }
}

function isSound(pcm: Int16Array, peak: number): boolean {
  for (const sample of pcm) if (sample >= peak || sample <= -peak) return true;
  return false;
}
