import { randomUUID } from 'node:crypto';
import type { CaptionSession } from '../../shared/model/captions.ts';
import type { Problem } from '../../shared/model/common.ts';
import { problemOf } from '../../shared/model/problem-error.ts';
import type { CaptionRunOptions } from './caption-run-options.ts';
import { CaptionIncidents } from './caption-incidents.ts';
import { holdMs, lagMs, leastHoleMs, noteEveryChunks, stopWaits } from './caption-timing.ts';
import { busChannels, channelsNeeded, holdersOf } from './channel-plan.ts';
import { CaptionStanding } from './caption-standing.ts';
import { FeedIntake } from './feed-intake.ts';
import { Ledger } from './ledger.ts';
import type { AudioFeed, CaptionBusPort, FeedEvent } from './ports.ts';
import { SettlingTranscriber } from './settling-transcriber.ts';
import { Speakers } from './speakers.ts';
import { Transcriber, type TranscriberEvent } from './transcriber.ts';
import { utteranceOf } from './utterance-of.ts';

/** One transcription of a room, from start to stop: feed, bus, transcriber and ledger, and what there is to say about them. */
export class CaptionRun {
  readonly ledger: Ledger;
  readonly #options: CaptionRunOptions;
  readonly #id = randomUUID();
  readonly #askedAtMs: number;
  readonly #speakers = new Speakers();
  readonly #incidents: CaptionIncidents;
  readonly #feed: AudioFeed;
  readonly #bus: CaptionBusPort;
  readonly #intake: FeedIntake;
  readonly #offFeed: () => void;
  readonly #abort = new AbortController();
  readonly #transcriber: SettlingTranscriber;
  readonly #standing: CaptionStanding;
  #heardUntilMs = 0;
  #state: CaptionSession['state'] = 'starting';
  #stateAtMs: number;
  #endedAtMs: number | null = null;
  #problem: Problem | null = null;
  #stopping: Promise<void> | null = null;

  constructor(options: CaptionRunOptions) {
    this.#options = options;
    const { clock, log, store, feed, serverId, roomName } = options;
    this.#incidents = new CaptionIncidents(options);
    this.#feed = options.makeFeed(serverId, roomName, feed); // first: where it throws, nothing was begun
    this.#askedAtMs = clock.nowMs();
    this.#stateAtMs = this.#askedAtMs;
    this.#standing = new CaptionStanding(roomName);
    this.ledger = new Ledger({ saveEntry: (entry) => store.saveEntry(this.#id, entry) }, (error) =>
      this.#storeFailed(error),
    );
    this.#bus = options.makeBus({
      channels: busChannels,
      lagMs: lagMs[feed],
      holdMs: holdMs[feed],
      clock,
      log,
      onChunk: (chunk) => this.#heard(chunk),
      onHole: (hole) => {
        const cause = hole.cause === 'late' ? 'Sound came too late' : 'Sound is missing';
        if (hole.endMs - hole.startMs >= leastHoleMs) this.#gap(hole.identity, hole.startMs, hole.endMs, cause);
      },
      onFit: () => this.#fitChanged(),
    });
    this.#intake = new FeedIntake({
      bus: this.#bus,
      speakers: this.#speakers,
      onPeople: () => {
        this.#noteChannels();
        if (this.#intake.hasSources) this.#transcriber.people();
      },
      onGap: (...gap) => this.#gap(...gap),
    });
    this.#transcriber = new SettlingTranscriber({
      makeTranscriber: () => this.#makeTranscriber(),
      onSettled: () => {
        if (this.#standing.phase === 'running') this.#transcriber.open();
      },
      clock,
      signal: this.#abort.signal,
    });
    this.#changed();
    this.#offFeed = this.#feed.on((event) => this.#onFeed(event));
  }

  get session(): CaptionSession {
    const { serverId, roomName, feed, language } = this.#options;
    return {
      id: this.#id,
      serverId,
      roomName,
      feed,
      state: this.#state,
      stateAtMs: this.#stateAtMs,
      text: this.#standing.text(this.#problem, this.#bus.fit),
      startedAtMs: Math.round(this.#bus.startedAtMs),
      endedAtMs: this.#endedAtMs,
      language,
      speakers: this.#speakers.list(),
      fit: this.#bus.fit,
      delayMs: this.ledger.delayMs,
      lineCount: this.ledger.lineCount,
      gapCount: this.ledger.gapCount,
      ...(this.#problem ? { problem: this.#problem } : {}),
    };
  }

  /** At what is heard now, or at `atMs` (wall clock) where that is earlier. */
  addMarker(name: string, atMs?: number): void {
    const meantMs = atMs === undefined ? this.#heardUntilMs : Math.max(0, Math.round(atMs - this.#bus.startedAtMs));
    this.ledger.putMarker(Math.min(meantMs, this.#heardUntilMs), name);
  }
  /** The computer woke up. */
  distrust(): void {
    this.#transcriber.distrust();
  }

  /** Keeps what was said until now: waits for sound on its way and for the last words. Safe to repeat. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#end(true));
  }
  /** Ends without waiting for words. Safe to repeat, also during a stop. */
  async close(): Promise<void> {
    const stopping = (this.#stopping ??= this.#end(false));
    this.#abort.abort(new Error('The caption session was closed'));
    await this.#transcriber.close();
    await stopping;
  }

  async #end(isPolite: boolean): Promise<void> {
    const { clock, feed } = this.#options;
    this.#standing.phase = 'stopping';
    this.#changed();
    const wasEarly = this.#transcriber.hasWaiting && this.#intake.hasSources;
    const wait = async (ms: number): Promise<void> => {
      if (isPolite) await clock.delay(ms, this.#abort.signal).catch(() => {}); // closed meanwhile: then nothing is waited for
    };
    const { soundMs, chunkMs } = stopWaits(feed);
    if (this.#standing.feed.state === 'live') await wait(soundMs);
    await this.#feed.close();
    await wait(chunkMs);
    this.#offFeed();
    await this.#bus.close();
    if (wasEarly && isPolite) this.#transcriber.open();
    if (isPolite && !this.#abort.signal.aborted) await this.#transcriber.stop();
    else await this.#transcriber.close();
    this.#abort.abort(new Error('The caption session ended'));
    this.#standing.phase = 'ended';
    this.#endedAtMs = clock.nowMs();
    for (const { identity } of this.#speakers.list()) this.#speakers.setState(identity, 'left');
    this.#changed();
  }

  #onFeed(event: FeedEvent): void {
    if (event.type === 'state') {
      this.#standing.feed = event;
      if (event.state === 'ended') this.#feedEnded(event.text);
    } else this.#intake.take(event);
    if (event.type !== 'pcm' && event.type !== 'muted') this.#changed();
  }

  #feedEnded(text: string): void {
    if (this.#standing.phase !== 'running') return;
    this.#problem = {
      code: 'feed-ended',
      fault: 'server',
      retryable: true,
      text: text || 'The sound of the room ended.',
    };
    this.#incidents.tell('trouble', 'Captions ended: no sound comes from the room', text, 'What was heard was kept');
    void this.stop();
  }

  #makeTranscriber(): Transcriber {
    const { account, transport, language, hints, limits, policy, clock, log } = this.#options;
    return new Transcriber({
      account,
      transport,
      language,
      hints,
      channels: channelsNeeded(this.#bus),
      limits,
      policy,
      clock,
      log,
      on: (event) => this.#onTranscriber(event),
    });
  }

  #heard(chunk: { readonly index: number; readonly startMs: number; readonly pcm: Buffer }): void {
    const pcm = new Int16Array(chunk.pcm.buffer, chunk.pcm.byteOffset, chunk.pcm.byteLength / 2);
    const { policy, store } = this.#options;
    this.#heardUntilMs = chunk.startMs + policy.chunkMs;
    this.#transcriber.push({ startMs: chunk.startMs, pcm });
    if (chunk.index % noteEveryChunks !== 0) return;
    try {
      store.noteHeard(this.#id, this.#heardUntilMs);
    } catch (error) {
      this.#storeFailed(error);
    }
  }

  #onTranscriber(event: TranscriberEvent): void {
    switch (event.type) {
      case 'state':
        this.#standing.transcriber = event;
        break;
      case 'heard': {
        const { heard } = event;
        const who = this.#speakers.at(heard.channel, (heard.startMs + heard.endMs) / 2);
        const times = { nowMs: this.#options.clock.nowMs(), zeroMs: this.#bus.startedAtMs };
        this.ledger.putUtterance(utteranceOf(event.id, heard, who, times));
        if (!heard.isFinal) return;
        break;
      }
      case 'withdrawn':
        this.ledger.withdraw(event.id);
        return;
      case 'lost':
        if (!this.#gap(null, event.fromMs, event.toMs, event.cause)) return; // it merely grows, each 100 ms
        break;
      case 'problem':
        this.#problem = event.problem;
        this.#incidents.tellProblem(event.problem);
        break;
    }
    this.#changed();
  }

  #gap(identity: string | null, startMs: number, endMs: number, cause: string): boolean {
    const name = identity === null ? null : this.#speakers.nameOf(identity);
    const from = Math.max(0, Math.round(startMs));
    const isNew = this.ledger.putGap({ identity, name, startMs: from, endMs: Math.round(endMs), cause });
    if (isNew) this.#incidents.tellGap(name !== null, cause);
    return isNew;
  }

  #fitChanged(): void {
    const isMix = this.#bus.fit === 'mix';
    this.#noteChannels();
    const what = isMix ? 'More people than channels: captions hear the mix' : 'Captions hear each person apart again';
    this.#incidents.tell(
      'decided',
      what,
      null,
      isMix ? 'Words carry no name until fewer are there' : 'Words carry names again',
    );
  }
  #noteChannels(): void {
    this.#speakers.noteChannels(this.#heardUntilMs, holdersOf(this.#bus), this.#bus.fit);
    const needed = channelsNeeded(this.#bus);
    const channels = this.#transcriber.channels ?? needed;
    // Fewer people is no reason for a new session: silent channels cost less than a change.
    if (needed > channels || (this.#bus.fit === 'mix' && channels > 1)) this.#transcriber.setChannels(needed);
  }

  #changed(): void {
    const state = this.#standing.state;
    if (state !== this.#state) {
      this.#options.log.info('Caption session', { from: this.#state, to: state, session: this.#id });
      if (state === 'reconnecting') this.#incidents.outageBegan(this.#standing.text(this.#problem, this.#bus.fit));
      else this.#incidents.outageEnded();
      if (state === 'live') this.#problem = null;
      this.#state = state;
      this.#stateAtMs = this.#options.clock.nowMs();
    }
    const { session } = this;
    try {
      this.#options.store.saveSession(session, this.#askedAtMs);
    } catch (error) {
      this.#storeFailed(error);
    }
    this.#options.onChange(session);
  }

  #storeFailed(error: unknown): void {
    if (this.#problem?.code === 'captions-journal') return;
    this.#problem = {
      ...problemOf(error),
      code: 'captions-journal',
      text: 'Captions cannot be written to the journal.',
    };
    this.#options.log.error('Captions cannot be written to the journal', { session: this.#id }, error);
  }
}
