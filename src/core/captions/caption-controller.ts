import type {
  CaptionSession,
  ExportFormat,
  FeedKind,
  SpeechHints,
  TranscriptEntry,
} from '../../shared/model/captions.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { StateCell } from '../live/state-cell.ts';
import { CaptionRun } from './caption-session.ts';
import { closeLimitMs } from './caption-timing.ts';
import { exportTranscript, type ExportedFile } from './exports/export.ts';
import { gladiaLimits, type GladiaLimits } from './gladia/limits.ts';
import { networkTransport } from './gladia/gladia-socket.ts';
import type { GladiaAccount, GladiaTransport } from './gladia/transport.ts';
import type { TranscriptItem } from './ledger.ts';
import type { CaptionStore, MakeCaptionBus, MakeFeed } from './ports.ts';
import { recoverSessions } from './recover.ts';
import { transcriberPolicy, type TranscriberPolicy } from './transcriber-policy.ts';

export interface CaptionControllerOptions {
  readonly store: CaptionStore;
  readonly makeFeed: MakeFeed;
  readonly makeBus: MakeCaptionBus;
  /** Where the transcriber of a server's captions is; null where no key is kept. */
  readonly gladia: (serverId: string) => GladiaAccount | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly onIncident: (incident: Incident) => void;
  readonly limits?: GladiaLimits;
  readonly policy?: TranscriberPolicy;
  /** The network, where a test has another. */
  readonly transport?: GladiaTransport;
}

/** Every caption session of this console: those that run, and those that the journal keeps. */
export class CaptionController {
  readonly #options: CaptionControllerOptions;
  readonly #transport: GladiaTransport;
  readonly #limits: GladiaLimits;
  readonly #runs = new Map<string, CaptionRun>();
  readonly #cells = new Map<string, StateCell<CaptionSession[]>>();
  #isClosing = false;

  /** Sessions that the journal still calls running belong to a console that died: they are ended with a gap. */
  constructor(options: CaptionControllerOptions) {
    this.#options = options;
    this.#limits = options.limits ?? gladiaLimits;
    this.#transport = options.transport ?? networkTransport(this.#limits);
    recoverSessions(options);
  }

  /** Sessions of a server that run, and the ended ones of this day, newest first. */
  sessions(serverId: string): StateCell<CaptionSession[]> {
    let cell = this.#cells.get(serverId);
    if (!cell) {
      cell = new StateCell([...this.#options.store.sessions(serverId, startOfDay(this.#options.clock.nowMs()))]);
      this.#cells.set(serverId, cell);
    }
    return cell;
  }

  /** Begins captions; where they run in that room already, that session is the answer. Throws a ProblemError. */
  start(request: {
    readonly serverId: string;
    readonly roomName: string;
    readonly feed: FeedKind;
    readonly language: string;
    readonly hints?: SpeechHints;
  }): CaptionSession {
    const running = this.#runOf(request.serverId, request.roomName);
    if (running) return running.session;
    if (this.#isClosing)
      throw new ProblemError({ code: 'closing', fault: 'ours', retryable: false, text: 'Cuedesk is closing.' });
    const account = this.#options.gladia(request.serverId);
    if (!account)
      throw new ProblemError({
        code: 'gladia-key-missing',
        fault: 'yours',
        retryable: false,
        text: 'Captions need a transcriber, and no Gladia key is kept.',
        advice: 'Enter a Gladia key in Settings.',
      });
    const { makeFeed, makeBus, store, clock, log, onIncident } = this.#options;
    const run = new CaptionRun({
      ...request,
      account,
      transport: this.#transport,
      limits: this.#limits,
      policy: this.#options.policy ?? transcriberPolicy,
      makeFeed,
      makeBus,
      store,
      clock,
      log: log.with({ roomName: request.roomName }),
      onChange: (session) => this.#changed(session),
      onIncident,
    });
    this.#runs.set(run.session.id, run);
    return run.session;
  }

  /** Resolves when the last words are there. Harmless when repeated and when it has ended. */
  async stop(sessionId: string): Promise<CaptionSession> {
    const run = this.#runs.get(sessionId);
    if (!run) return this.#kept(sessionId);
    await run.stop();
    return run.session;
  }

  addMarker(sessionId: string, name: string, atMs?: number): void {
    const run = this.#runs.get(sessionId);
    if (!run || run.session.state === 'ended')
      throw new ProblemError({
        code: 'captions-ended',
        fault: 'yours',
        retryable: false,
        text: 'These captions have ended; a marker belongs to the time of a session that runs.',
      });
    run.addMarker(name, atMs);
  }

  /** What was said so far, then every change, until the signal. */
  async *transcript(sessionId: string, signal: AbortSignal): AsyncGenerator<TranscriptItem> {
    const run = this.#runs.get(sessionId);
    if (run) {
      yield* run.ledger.read(signal);
      return;
    }
    this.#kept(sessionId);
    yield { type: 'snapshot', entries: [...this.#options.store.entries(sessionId)] };
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  export(sessionId: string, format: ExportFormat): ExportedFile {
    const run = this.#runs.get(sessionId);
    const session = run?.session ?? this.#kept(sessionId);
    const entries: readonly TranscriptEntry[] = run?.ledger.entries() ?? this.#options.store.entries(sessionId);
    return exportTranscript(session, entries, format);
  }

  /** Gladia sessions cannot be trusted after sleep. */
  wokeUp(): void {
    for (const run of this.#runs.values()) run.distrust();
  }

  /** Stops every session politely, within a limit for all: recordings made here are finished after it. Safe to repeat. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const runs = [...this.#runs.values()];
    const limit = new AbortController();
    const late = this.#options.clock.delay(closeLimitMs, limit.signal).catch(() => {}); // all had stopped before it
    await Promise.race([late, Promise.all(runs.map((run) => run.stop()))]);
    limit.abort();
    await Promise.all(runs.map((run) => run.close()));
  }

  #runOf(serverId: string, roomName: string): CaptionRun | undefined {
    for (const run of this.#runs.values()) {
      const { session } = run;
      if (session.serverId === serverId && session.roomName === roomName && session.state !== 'ended') return run;
    }
    return undefined;
  }

  #kept(sessionId: string): CaptionSession {
    const session = this.#options.store.session(sessionId);
    if (session) return session;
    throw new ProblemError({
      code: 'captions-unknown',
      fault: 'yours',
      retryable: false,
      text: 'There is no such caption session.',
    });
  }

  #changed(session: CaptionSession): void {
    this.sessions(session.serverId).update((before) => {
      const others = before.filter((other) => other.id !== session.id);
      return before.length === others.length
        ? [session, ...before]
        : before.map((other) => (other.id === session.id ? session : other));
    });
    if (session.state === 'ended') this.#letGo();
  }

  /** The transcripts of ended sessions are read from the journal, once all of them is there; their readers keep what they have. */
  #letGo(): void {
    if (!this.#options.store.isWritten()) return;
    for (const [id, run] of this.#runs) if (run.session.state === 'ended') this.#runs.delete(id);
  }
}

function startOfDay(nowMs: number): number {
  return new Date(nowMs).setHours(0, 0, 0, 0);
}
