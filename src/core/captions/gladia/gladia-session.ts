import { backoffMs } from '../../live/backoff.ts';
import type { AudioTail } from './audio-tail.ts';
import { closeMeaning, soundRefused, upgradeMeaning } from './close-codes.ts';
import type { Heard } from './heard.ts';
import { Hearing } from './hearing.ts';
import type { GladiaLimits } from './limits.ts';
import { readMessage, type ServerUtterance } from './messages.ts';
import { Outbox } from './outbox.ts';
import type { CreateFailure, SessionEffect, SessionEnd } from './session-effects.ts';

type State = 'idle' | 'creating' | 'toCreate' | 'opening' | 'open' | 'toOpen' | 'ended';
const anchorWaitMs = 2_000;
/** Connections in a row that die of missing acknowledgements before the session is given up. */
const maxDeafConnections = 3;
/** Refusals of sound in a row before the session counts as refused; Gladia tells exhausted credits in this way. */
const maxRefusals = 5;

export interface GladiaSessionOptions {
  readonly channels: number;
  readonly tail: AudioTail;
  /** The chunk that the session begins with. */
  readonly fromChunk: number;
  /** Chunks before this one were heard by the session before; they are heard again for the words that straddle. */
  readonly unheardFrom: number;
  /** Number of its first take; each connection is one. */
  readonly firstTake: number;
  readonly limits: GladiaLimits;
  readonly emit: (effect: SessionEffect) => void;
  readonly random?: () => number;
}

/**
 * One session of Gladia's, from `POST` to its end, over any number of connections to its one address. No I/O: what happens
 * comes in by `handle…`, what is to be done leaves as effects. All times are of one clock that never jumps.
 */
export class GladiaSession {
  readonly #options: GladiaSessionOptions;
  readonly #outbox: Outbox;
  readonly #hearing: Hearing;
  #state: State = 'idle';
  #dueMs = Infinity;
  #attempt = 0;
  #connection = 0;
  #openedMs = 0;
  #wasLive = false;
  #stop: { readonly endChunk: number; readonly deadlineMs: number } | null = null;
  #stopSentIn = 0;
  #wasStopSent = false;
  #deaf = 0;
  #refusals = 0;
  #hasSaidUnreadable = false;

  constructor(options: GladiaSessionOptions) {
    this.#options = options;
    this.#outbox = new Outbox({ ...options, prerollMs: options.limits.prerollMs });
    this.#hearing = new Hearing({
      channels: options.channels,
      outbox: this.#outbox,
      onHeard: (heard) => this.#emit({ type: 'heard', heard }),
    });
  }

  /** Every chunk before this one has arrived. */
  get ackedChunk(): number {
    return this.#outbox.ackedChunk;
  }
  /** Where another session has to begin so that nothing of this one is lost. */
  get replayFrom(): number {
    return this.#outbox.replayFrom;
  }
  /** Every chunk before this one has become words. */
  get unheardFrom(): number {
    return this.#outbox.unheardFrom;
  }
  /** The first chunk whose loss would be a loss of words. */
  get needsFrom(): number {
    return this.#state === 'open' ? this.#outbox.cursor : this.#outbox.unheardFrom;
  }
  /** It has got everything up to the stop. */
  get hasHeardAll(): boolean {
    return this.#wasStopSent;
  }
  /** When `handleTime` wants to be called next; Infinity: not at all. */
  get dueMs(): number {
    const sinceMs = this.#state === 'open' ? this.#outbox.waitingSinceMs : null;
    return Math.min(
      this.#dueMs,
      this.#stop?.deadlineMs ?? Infinity,
      sinceMs === null ? Infinity : sinceMs + this.#options.limits.ackTimeoutMs,
      this.#state === 'open' && !this.#outbox.map.isAnchored ? this.#openedMs + anchorWaitMs : Infinity,
    );
  }

  start(): void {
    this.#state = 'creating';
    this.#emit({ type: 'state', state: 'connecting', text: 'Asking the transcriber for a session' });
    this.#emit({ type: 'create' });
  }

  handleCreated(): void {
    if (this.#state !== 'creating') return;
    this.#attempt = 0;
    this.#connect();
  }

  handleCreateFailed(failure: CreateFailure, nowMs: number): void {
    if (this.#state !== 'creating') return;
    const { problem } = failure;
    if (!problem.retryable) {
      this.#end({ why: 'refused', problem });
      return;
    }
    this.#emit({ type: 'refusedOnce', problem });
    if (this.#isEnded()) return;
    const waitMs = Math.max(this.#nextWaitMs(), Math.min(failure.retryAfterMs ?? 0, 60_000));
    this.#wait('toCreate', nowMs + waitMs);
    this.#tellWait(problem.text.replace(/\.$/, ''), 'asking again');
  }

  handleOpen(connection: number, nowMs: number): void {
    if (connection !== this.#connection || this.#state !== 'opening') return;
    this.#state = 'open';
    this.#openedMs = nowMs;
    this.#dueMs = Infinity;
    this.#outbox.opened(this.#wasLive);
    this.#wasLive = true;
    if (this.#stop) this.#emit({ type: 'state', state: 'stopping', text: 'Waiting for the last words' });
    else this.#emit({ type: 'state', state: 'live', text: 'Live' });
  }

  /**
   * The next thing to send, or null where there is none now. The caller asks again after each chunk, each send, and each
   * event; `queuedBytes` is what the socket has not yet passed on.
   */
  takeOutgoing(queuedBytes: number, nowMs: number): Uint8Array | 'stop' | null {
    if (this.#state !== 'open' || queuedBytes > this.#options.limits.maxSocketBytes) return null;
    const bytes = this.#outbox.take(this.#stop?.endChunk ?? Infinity, nowMs);
    if (bytes) return bytes;
    if (this.#stop && this.#outbox.cursor >= this.#stop.endChunk && this.#stopSentIn !== this.#connection) {
      this.#stopSentIn = this.#connection;
      this.#wasStopSent = true;
      return 'stop';
    }
    return null;
  }

  handleMessage(connection: number, text: string, nowMs: number): void {
    if (connection !== this.#connection || this.#state !== 'open') return;
    const message = readMessage(text);
    if (message === 'unknown') return;
    if (message === 'bad') {
      if (!this.#hasSaidUnreadable) this.#emit({ type: 'unreadable' });
      this.#hasSaidUnreadable = true;
      return;
    }
    if (message.type === 'transcript') {
      const { id, is_final: isFinal, utterance } = message.data;
      this.#hearing.take({ id, isFinal, utterance });
      return;
    }
    if (message.type === 'audio_chunk') {
      if (message.acknowledged && message.data)
        this.#acknowledge(message.data.byte_range, message.data.time_range ?? null);
      else if (!message.acknowledged) this.#refuseSound(message.error?.message, message.error?.status_code, nowMs);
      return;
    }
    if (message.type === 'error')
      this.#emit({ type: 'refusedOnce', problem: soundRefused(message.data.message ?? message.data.code ?? null) });
  }

  handleClosed(connection: number, code: number, nowMs: number): void {
    if (connection !== this.#connection || (this.#state !== 'open' && this.#state !== 'opening')) return;
    this.#leave(closeMeaning(code), nowMs);
  }

  /** The upgrade was answered with an HTTP status in place of a connection. */
  handleRefused(connection: number, status: number, nowMs: number): void {
    if (connection !== this.#connection || this.#state !== 'opening') return;
    this.#leave(upgradeMeaning(status), nowMs);
  }

  handleTime(nowMs: number): void {
    if (this.#isEnded()) return;
    if (this.#stop && nowMs >= this.#stop.deadlineMs) {
      this.#cut();
      this.#end({ why: this.#wasLive ? 'collect' : 'done' });
      return;
    }
    if (nowMs >= this.#dueMs) {
      this.#dueMs = Infinity;
      if (this.#state === 'toCreate') {
        this.#state = 'creating';
        this.#emit({ type: 'create' });
      } else if (this.#state === 'toOpen') this.#connect();
      return;
    }
    if (this.#state !== 'open') return;
    if (!this.#outbox.map.isAnchored && nowMs >= this.#openedMs + anchorWaitMs) this.#hearing.anchor();
    const sinceMs = this.#outbox.waitingSinceMs;
    if (sinceMs !== null && nowMs >= sinceMs + this.#options.limits.ackTimeoutMs) {
      this.#deaf++;
      this.#cut();
      const text = 'The transcriber takes no sound';
      this.#leave({ policy: this.#deaf >= maxDeafConnections ? 'renew' : 'resume', text }, nowMs);
    }
  }

  /** Nothing was heard from the other side for too long, or the computer slept. */
  handleSilence(nowMs: number): void {
    if (this.#state !== 'open') return;
    this.#cut();
    this.#leave({ policy: 'resume', text: 'The transcriber fell silent' }, nowMs);
  }

  /** No chunk from `endChunk` on is for this session. The last words are waited for, up to a limit. */
  stop(endChunk: number, nowMs: number): void {
    if (this.#stop || this.#isEnded()) return;
    this.#stop = { endChunk, deadlineMs: nowMs + this.#options.limits.stopTimeoutMs };
    if (this.#state === 'idle') this.#end({ why: 'done' });
    else this.#emit({ type: 'state', state: 'stopping', text: 'Waiting for the last words' });
  }

  /** Ends it now, without a word. */
  abandon(): void {
    this.#cut();
    this.#end({ why: 'done' });
  }

  #emit(effect: SessionEffect): void {
    this.#options.emit(effect);
  }
  #isEnded(): boolean {
    return this.#state === 'ended';
  }

  #connect(): void {
    this.#state = 'opening';
    this.#connection++;
    this.#emit({ type: 'connect', connection: this.#connection });
  }

  #cut(): void {
    if (this.#state === 'open' || this.#state === 'opening') this.#emit({ type: 'cut', connection: this.#connection });
  }

  #leave(
    meaning: { readonly policy: 'done' | 'resume' | 'renew' | 'rest'; readonly text: string },
    nowMs: number,
  ): void {
    const wasHealthy = this.#state === 'open' && nowMs - this.#openedMs >= this.#options.limits.healthyAfterMs;
    if (wasHealthy) this.#attempt = 0;
    if (this.#wasStopSent && meaning.policy !== 'resume') {
      this.#end({ why: meaning.policy === 'done' ? 'done' : 'collect' });
      return;
    }
    if (meaning.policy === 'resume') {
      const isFirstTry = this.#attempt === 0;
      this.#wait('toOpen', nowMs + this.#nextWaitMs());
      this.#tellWait(
        isFirstTry || !this.#wasLive ? meaning.text : 'Transcriber dropped',
        this.#wasLive ? 'resuming' : 'trying again',
      );
      return;
    }
    const policy = meaning.policy === 'rest' ? 'rest' : 'renew';
    this.#end({ why: policy, text: meaning.text });
  }

  #nextWaitMs(): number {
    this.#attempt++;
    return backoffMs(this.#options.limits.backoff, this.#attempt, this.#options.random);
  }
  #wait(state: 'toCreate' | 'toOpen', dueMs: number): void {
    this.#state = state;
    this.#dueMs = dueMs;
  }
  #tellWait(what: string, doing: string): void {
    this.#emit({ type: 'state', state: 'reconnecting', text: `${what}, ${doing}, try ${this.#attempt}` });
  }

  #end(end: SessionEnd): void {
    if (this.#isEnded()) return;
    this.#hearing.anchor();
    this.#state = 'ended';
    this.#dueMs = Infinity;
    this.#stop = null;
    this.#emit({ type: 'ended', end });
  }

  #acknowledge(bytes: readonly [number, number], seconds: readonly [number, number] | null): void {
    this.#outbox.acknowledged(bytes, seconds);
    this.#refusals = 0;
    this.#deaf = 0;
    this.#hearing.acknowledged();
  }

  /** A refused chunk was not heard, and later ones may have been: only a new connection can send it again in its place. */
  #refuseSound(said: string | undefined, status: number | undefined, nowMs: number): void {
    this.#refusals++;
    const problem = soundRefused(said ?? null);
    const isLastWord = status === 401 || status === 402 || status === 403 || this.#refusals >= maxRefusals;
    this.#cut();
    if (isLastWord) this.#end({ why: 'refused', problem });
    else {
      if (this.#refusals === 1) this.#emit({ type: 'refusedOnce', problem });
      this.#leave({ policy: 'resume', text: 'The transcriber refused sound' }, nowMs);
    }
  }

  /** An utterance that was fetched after the end. */
  mapCollected(utterance: ServerUtterance, index: number): Heard {
    return this.#hearing.collected(utterance, index);
  }
}
