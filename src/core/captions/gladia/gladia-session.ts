import type { Problem } from '../../../shared/model/common.ts';
import { backoffMs } from '../../live/backoff.ts';
import type { AudioTail } from './audio-tail.ts';
import { closeMeaning, upgradeMeaning } from './close-codes.ts';
import { encodeChunk } from './encode-chunk.ts';
import { anotherHearing, heardFrom, type Heard } from './heard.ts';
import { bytesPerSample, sampleRateHz } from './init-body.ts';
import type { GladiaLimits } from './limits.ts';
import { readMessage, type ServerUtterance } from './messages.ts';
import { SentMap } from './sent-map.ts';

/** Why one transcriber session is over. `collect`: what was said last has to be fetched over HTTP. */
export type SessionEnd =
  | { readonly why: 'done' | 'collect' }
  | { readonly why: 'renew' | 'rest'; readonly text: string }
  | { readonly why: 'refused'; readonly problem: Problem };

export type SessionEffect =
  | { readonly type: 'create' }
  | { readonly type: 'connect'; readonly connection: number }
  | { readonly type: 'cut'; readonly connection: number }
  | { readonly type: 'heard'; readonly heard: Heard }
  | {
      readonly type: 'state';
      readonly state: 'connecting' | 'live' | 'reconnecting' | 'stopping';
      readonly text: string;
    }
  | { readonly type: 'refusedOnce'; readonly problem: Problem }
  | { readonly type: 'ended'; readonly end: SessionEnd };

export interface CreateFailure {
  readonly problem: Problem;
  readonly retryAfterMs: number | null;
}

type State = 'idle' | 'creating' | 'toCreate' | 'opening' | 'open' | 'toOpen' | 'ended';
interface Sent {
  readonly chunk: number;
  readonly endBytes: number;
  readonly atMs: number;
}

const maxHeld = 200;
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
  readonly #frameBytes: number;
  readonly #map: SentMap;
  readonly #open = new Map<string, { readonly channel: number; readonly startMs: number }>();
  #state: State = 'idle';
  #dueMs = Infinity;
  #attempt = 0;
  #connection = 0;
  #openedMs = 0;
  #wasLive = false;
  #cursor: number;
  #ackedChunk: number;
  #sent: Sent[] = [];
  #held: { readonly id: string; readonly isFinal: boolean; readonly utterance: ServerUtterance }[] = [];
  #stop: { readonly endChunk: number; readonly deadlineMs: number } | null = null;
  #stopSentIn = 0;
  #wasStopSent = false;
  #deaf = 0;
  #refusals = 0;
  #badMessages = 0;

  constructor(options: GladiaSessionOptions) {
    this.#options = options;
    this.#frameBytes = options.channels * bytesPerSample;
    this.#cursor = options.fromChunk;
    this.#ackedChunk = Math.max(options.fromChunk, options.unheardFrom);
    this.#map = new SentMap({
      bytesPerMs: (sampleRateHz / 1000) * this.#frameBytes,
      frameBytes: this.#frameBytes,
      firstTake: options.firstTake,
    });
  }

  /** Every chunk before this one has arrived. */
  get ackedChunk(): number {
    return this.#ackedChunk;
  }
  /** It has got everything up to the stop. */
  get hasHeardAll(): boolean {
    return this.#wasStopSent;
  }
  /** Messages that no description of Gladia allows. */
  get badMessages(): number {
    return this.#badMessages;
  }
  /**
   * The chunk from which sound must be heard again after a loss: what did not arrive, a little before it, and every
   * utterance whose final did not come, for it may have been lost on its way.
   */
  get replayFrom(): number {
    const { tail, limits, fromChunk } = this.#options;
    const before = this.#ackedChunk - Math.ceil(limits.prerollMs / tail.chunkMs);
    return Math.max(fromChunk, tail.first, Math.min(before, this.unheardFrom));
  }
  /** The first chunk that is of no use to anybody if it goes now. */
  get needsFrom(): number {
    return this.#state === 'open' ? this.#cursor : this.unheardFrom;
  }
  /** Every chunk before this one has become words. */
  get unheardFrom(): number {
    if (this.#open.size === 0) return this.#ackedChunk;
    const openMs = Math.min(...Array.from(this.#open.values(), (at) => at.startMs));
    return Math.min(this.#ackedChunk, this.#options.tail.numberAt(openMs));
  }
  /** When `handleTime` wants to be called next; Infinity: not at all. */
  get dueMs(): number {
    const oldest = this.#state === 'open' ? this.#sent[0] : undefined;
    return Math.min(
      this.#dueMs,
      this.#stop?.deadlineMs ?? Infinity,
      oldest ? oldest.atMs + this.#options.limits.ackTimeoutMs : Infinity,
      this.#state === 'open' && !this.#map.isAnchored ? this.#openedMs + anchorWaitMs : Infinity,
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
    this.#sent = [];
    this.#map.opened();
    if (this.#wasLive) this.#cursor = Math.min(this.#cursor, this.replayFrom);
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
    // One chunk, then its acknowledgement: it tells how much of the connection before had arrived. Without it a connection
    // that dies early would leave sound at the transcriber of which nobody knows where it belongs.
    if (!this.#map.isAnchored && this.#sent.length > 0) return null;
    const { tail } = this.#options;
    this.#cursor = Math.max(this.#cursor, tail.first);
    if (this.#cursor < Math.min(tail.next, this.#stop?.endChunk ?? Infinity)) {
      const chunk = tail.get(this.#cursor);
      if (chunk) {
        const bytes = encodeChunk(chunk.pcm, this.#options.channels, tail.chunkMs);
        const endBytes = this.#map.sent(bytes.length, chunk.startMs);
        this.#sent.push({ chunk: this.#cursor, endBytes, atMs: nowMs });
        this.#cursor++;
        return bytes;
      }
    }
    if (this.#stop && this.#cursor >= this.#stop.endChunk && this.#stopSentIn !== this.#connection) {
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
      this.#badMessages++;
      return;
    }
    if (message.type === 'transcript') {
      const item = { id: message.data.id, isFinal: message.data.is_final, utterance: message.data.utterance };
      if (this.#map.isAnchored || item.utterance.end * 1000 <= this.#map.certainMs) this.#hear(item);
      else if (this.#held.push(item) > maxHeld) this.#anchor();
      return;
    }
    if (message.type === 'audio_chunk') {
      if (message.acknowledged && message.data)
        this.#acknowledge(message.data.byte_range, message.data.time_range ?? null);
      else if (!message.acknowledged) this.#refuseSound(message.error?.message, message.error?.status_code, nowMs);
      return;
    }
    if (message.type === 'error')
      this.#emit({ type: 'refusedOnce', problem: saidProblem(message.data.message ?? message.data.code ?? null) });
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
    if (!this.#map.isAnchored && nowMs >= this.#openedMs + anchorWaitMs) this.#anchor();
    const oldest = this.#sent[0];
    if (oldest && nowMs >= oldest.atMs + this.#options.limits.ackTimeoutMs) {
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
    this.#anchor();
    this.#state = 'ended';
    this.#dueMs = Infinity;
    this.#stop = null;
    this.#sent = [];
    this.#emit({ type: 'ended', end });
  }

  #acknowledge(bytes: readonly [number, number], seconds: readonly [number, number] | null): void {
    const arrived = this.#map.acknowledged(bytes, seconds);
    this.#refusals = 0;
    this.#deaf = 0;
    let count = 0;
    for (const sent of this.#sent) {
      if (sent.endBytes > arrived) break;
      this.#ackedChunk = Math.max(this.#ackedChunk, sent.chunk + 1);
      count++;
    }
    this.#sent.splice(0, count);
    if (this.#held.length > 0) this.#anchor();
  }

  /** A refused chunk was not heard, and later ones may have been: only a new connection can send it again in its place. */
  #refuseSound(said: string | undefined, status: number | undefined, nowMs: number): void {
    this.#refusals++;
    const problem = saidProblem(said ?? null);
    const isLastWord = status === 401 || status === 402 || status === 403 || this.#refusals >= maxRefusals;
    this.#cut();
    if (isLastWord) this.#end({ why: 'refused', problem });
    else {
      if (this.#refusals === 1) this.#emit({ type: 'refusedOnce', problem });
      this.#leave({ policy: 'resume', text: 'The transcriber refused sound' }, nowMs);
    }
  }

  #anchor(): void {
    if (!this.#map.isAnchored) this.#map.anchor();
    const held = this.#held;
    this.#held = [];
    for (const item of held) this.#hear(item);
  }

  #hear(item: { readonly id: string; readonly isFinal: boolean; readonly utterance: ServerUtterance }): void {
    const heard = heardFrom(item.id, item.isFinal, item.utterance, this.#options.channels, this.#map);
    const key = `${heard.channel} ${heard.id}`;
    if (heard.isFinal) {
      // Utterances of a channel follow each other: none that began before this one's end is still open.
      for (const [other, at] of [...this.#open])
        if (at.channel === heard.channel && at.startMs < heard.endMs) this.#open.delete(other);
    } else if (!this.#open.has(key)) this.#open.set(key, { channel: heard.channel, startMs: heard.startMs });
    this.#emit({ type: 'heard', heard });
  }

  /** An utterance that was fetched after the end. */
  mapCollected(utterance: ServerUtterance, index: number): Heard {
    return anotherHearing(heardFrom(`fetched-${index}`, true, utterance, this.#options.channels, this.#map));
  }
}

function saidProblem(said: string | null): Problem {
  return {
    code: 'gladia-refused-sound',
    fault: 'destination',
    retryable: false,
    text: 'Gladia refuses the sound.',
    ...(said ? { said } : {}),
    advice: 'Check the credits and the plan of your Gladia account.',
  };
}
