import type { SpeechHints } from '../../../shared/model/captions.ts';
import type { Problem } from '../../../shared/model/common.ts';
import { problemOf } from '../../../shared/model/problem-error.ts';
import type { Clock } from '../../live/clock.ts';
import type { Log } from '../../live/log.ts';
import type { AudioTail } from './audio-tail.ts';
import { GladiaSession } from './gladia-session.ts';
import type { SessionEffect, SessionEnd } from './session-effects.ts';
import type { Heard } from './heard.ts';
import { initBody } from './init-body.ts';
import type { GladiaLimits } from './limits.ts';
import type { CreatedSession, ServerUtterance } from './messages.ts';
import type { GladiaAccount, GladiaTransport, TranscriberSocket } from './transport.ts';

export interface LinkOptions {
  readonly account: GladiaAccount;
  readonly transport: GladiaTransport;
  readonly channels: number;
  readonly language: string;
  readonly hints?: SpeechHints | undefined;
  readonly tail: AudioTail;
  readonly fromChunk: number;
  readonly unheardFrom: number;
  readonly firstTake: number;
  readonly limits: GladiaLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly onHeard: (heard: Heard) => void;
  readonly onState: (state: 'connecting' | 'live' | 'reconnecting' | 'stopping', text: string) => void;
  readonly onRefused: (problem: Problem) => void;
  /**
   * Once, at the very end. The words that were fetched over HTTP have been told by `onHeard` before. `isWhole`: everything
   * that it was given up to its stop has become words.
   */
  readonly onEnded: (end: SessionEnd, isWhole: boolean) => void;
}

/** Gives a `GladiaSession` its network and its time. */
export class GladiaLink {
  readonly #options: LinkOptions;
  readonly #session: GladiaSession;
  readonly #abort = new AbortController();
  #socket: TranscriberSocket | null = null;
  #created: CreatedSession | null = null;
  #alarm: { readonly atMs: number; readonly abort: AbortController } | null = null;
  #ended: Promise<void>;
  #isEnded = false;
  #tellEnded: () => void = () => {};

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#ended = new Promise((resolve) => (this.#tellEnded = resolve));
    this.#session = new GladiaSession({
      channels: options.channels,
      tail: options.tail,
      fromChunk: options.fromChunk,
      unheardFrom: options.unheardFrom,
      firstTake: options.firstTake,
      limits: options.limits,
      emit: (effect) => this.#apply(effect),
    });
  }

  /** Once. Events may come before this returns. */
  start(): void {
    this.#session.start();
  }

  get ackedChunk(): number {
    return this.#session.ackedChunk;
  }
  /** Where another session has to begin so that nothing of this one is lost. */
  get replayFrom(): number {
    return this.#session.replayFrom;
  }
  get unheardFrom(): number {
    return this.#session.unheardFrom;
  }
  get needsFrom(): number {
    return this.#session.needsFrom;
  }
  get channels(): number {
    return this.#options.channels;
  }

  /** There may be something new to send. */
  push(): void {
    this.#pump();
  }
  /** The computer woke up: the connection is not to be trusted. */
  distrust(): void {
    this.#session.handleSilence(this.#nowMs());
    this.#pump();
  }
  stop(endChunk: number): void {
    this.#session.stop(endChunk, this.#nowMs());
    this.#pump();
  }
  /** Ends at once. Safe to repeat. */
  close(): Promise<void> {
    this.#abort.abort(new Error('The link was closed'));
    if (!this.#isEnded) this.#session.abandon();
    return this.#ended;
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  #apply(effect: SessionEffect): void {
    switch (effect.type) {
      case 'create':
        void this.#create();
        break;
      case 'connect':
        this.#connect(effect.connection);
        break;
      case 'cut':
        this.#socket?.cut();
        this.#socket = null;
        break;
      case 'heard':
        this.#options.onHeard(effect.heard);
        break;
      case 'state':
        this.#options.log.info('Transcriber session', { state: effect.state, text: effect.text });
        this.#options.onState(effect.state, effect.text);
        break;
      case 'refusedOnce':
        this.#options.onRefused(effect.problem);
        break;
      case 'unreadable':
        this.#options.log.warn('The transcriber sends messages that cannot be read; they are passed over');
        break;
      case 'ended':
        void this.#finish(effect.end);
        break;
    }
  }

  async #create(): Promise<void> {
    const { account, transport, channels, language, hints } = this.#options;
    try {
      const result = await transport.create(account, initBody({ channels, language, hints }), this.#abort.signal);
      if (result.ok) {
        this.#created = result.created;
        this.#session.handleCreated();
      } else this.#session.handleCreateFailed(result.failure, this.#nowMs());
    } catch (error) {
      if (!this.#abort.signal.aborted)
        this.#session.handleCreateFailed({ problem: problemOf(error), retryAfterMs: null }, this.#nowMs());
    }
    this.#pump();
  }

  #connect(connection: number): void {
    if (!this.#created) return;
    this.#socket = this.#options.transport.connect(this.#created.url, {
      onOpen: () => this.#turn(() => this.#session.handleOpen(connection, this.#nowMs())),
      onText: (text) => this.#turn(() => this.#session.handleMessage(connection, text, this.#nowMs())),
      onRefused: (status) => this.#turn(() => this.#session.handleRefused(connection, status, this.#nowMs())),
      onClosed: (code) => this.#turn(() => this.#session.handleClosed(connection, code, this.#nowMs())),
      onSilent: () => this.#turn(() => this.#session.handleSilence(this.#nowMs())),
    });
  }

  #turn(step: () => void): void {
    step();
    this.#pump();
  }

  #pump(): void {
    const socket = this.#socket;
    if (socket) {
      for (;;) {
        const out = this.#session.takeOutgoing(socket.queuedBytes, this.#nowMs());
        if (out === null) break;
        socket.send(out === 'stop' ? JSON.stringify({ type: 'stop_recording' }) : out);
      }
    }
    this.#setAlarm();
  }

  #setAlarm(): void {
    const atMs = this.#isEnded ? Infinity : this.#session.dueMs;
    if (this.#alarm && this.#alarm.atMs <= atMs && atMs !== Infinity) return; // it will look again when it rings
    this.#alarm?.abort.abort();
    this.#alarm = null;
    if (atMs === Infinity) return;
    const alarm = { atMs, abort: new AbortController() };
    this.#alarm = alarm;
    this.#options.clock.delay(Math.max(0, atMs - this.#nowMs()), alarm.abort.signal).then(
      () => {
        this.#alarm = null;
        this.#turn(() => this.#session.handleTime(this.#nowMs()));
      },
      () => {}, // another alarm took its place
    );
  }

  async #finish(end: SessionEnd): Promise<void> {
    this.#isEnded = true;
    this.#socket?.cut();
    this.#socket = null;
    this.#setAlarm();
    let isWhole = end.why === 'done' && this.#session.hasHeardAll;
    if (end.why === 'collect' && this.#created && !this.#abort.signal.aborted)
      isWhole = (await this.#collect(this.#created.id)) && this.#session.hasHeardAll;
    this.#created = null;
    this.#tellEnded();
    this.#options.onEnded(end, isWhole);
  }

  /** What was said last and did not arrive live is fetched over HTTP. */
  async #collect(id: string): Promise<boolean> {
    const { account, transport, clock, limits, log } = this.#options;
    const untilMs = this.#nowMs() + limits.collectTimeoutMs;
    try {
      while (this.#nowMs() < untilMs) {
        const utterances = await transport.collect(account, id, this.#abort.signal);
        if (utterances) {
          utterances.forEach((utterance, index) => this.#hearCollected(utterance, index));
          return true;
        }
        await clock.delay(1_000, this.#abort.signal);
      }
      log.warn('The last words could not be fetched in time');
    } catch (error) {
      if (!this.#abort.signal.aborted) log.warn('The last words could not be fetched', { why: problemOf(error).text });
    }
    return false;
  }

  #hearCollected(utterance: ServerUtterance, index: number): void {
    this.#options.onHeard(this.#session.mapCollected(utterance, index));
  }
}
