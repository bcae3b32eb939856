/** Where a time of the transcriber's lies in the caption session, and in which take of the sound it was heard. */
export interface MappedTime {
  readonly sessionMs: number;
  readonly take: number;
}

interface Take {
  readonly number: number;
  /** Bounds of the transcriber's byte count when this connection opened. */
  readonly leastBytes: number;
  readonly mostBytes: number;
  /** Its byte count then: a guess until `isKnown`. */
  baseBytes: number;
  /** An acknowledgement has told it, or nothing was before it. */
  isKnown: boolean;
  /** Its clock then. */
  baseMs: number;
  /** Its clock started anew with this connection. */
  isTimeRelative: boolean;
  sentBytes: number;
  ackedBytes: number;
  /** Session time of the sound by its place in the connection; a new run begins where sound was left out. */
  readonly runs: { readonly atMs: number; readonly sessionMs: number }[];
}

/** Clocks that start anew are told from running ones by this much. */
const clockSlackMs = 50;
const keptTakes = 16;
/** A word that begins with the connection may be told a little before it. */
const slackMs = 1;

/**
 * What one transcriber session was sent, connection by connection. The transcriber counts every byte that reached it, sound
 * that it was sent twice included, so its clock runs ahead of the caption session after each resume; this map leads back.
 * How much of the last connection reached it is known only from the first acknowledgement of the next one.
 */
export class SentMap {
  readonly #bytesPerMs: number;
  readonly #frameBytes: number;
  readonly #takes: Take[] = [];
  #nextTake: number;
  /** It counts bytes from the start of each connection, against its description; its clock tells where that is. */
  #restartsCount = false;
  #restartsClock = false;
  #isAwaiting = false;

  constructor(options: { readonly bytesPerMs: number; readonly frameBytes: number; readonly firstTake: number }) {
    this.#bytesPerMs = options.bytesPerMs;
    this.#frameBytes = options.frameBytes;
    this.#nextTake = options.firstTake;
  }

  /** False while an acknowledgement is awaited that says where this connection's sound begins. */
  get isAnchored(): boolean {
    return !this.#isAwaiting;
  }
  /** Milliseconds of the transcriber's clock up to which times are certain although the connection is not anchored. */
  get certainMs(): number {
    return (this.#current?.leastBytes ?? 0) / this.#bytesPerMs;
  }

  opened(): void {
    let leastBytes = 0;
    let mostBytes = 0;
    const last = this.#current;
    if (last?.sentBytes === 0) {
      this.#takes.pop(); // nothing was heard in it
      ({ leastBytes, mostBytes } = last);
    } else if (last) {
      const lastBytes = last.baseMs * this.#bytesPerMs;
      leastBytes = lastBytes + last.ackedBytes;
      mostBytes = (last.isKnown ? lastBytes : last.mostBytes) + last.sentBytes;
    }
    const isKnown = this.#takes.length === 0 || this.#restartsClock;
    this.#takes.push({
      number: this.#nextTake++,
      leastBytes,
      mostBytes,
      baseBytes: isKnown ? 0 : leastBytes,
      isKnown,
      baseMs: isKnown ? 0 : leastBytes / this.#bytesPerMs,
      isTimeRelative: this.#restartsClock,
      sentBytes: 0,
      ackedBytes: 0,
      runs: [],
    });
    this.#isAwaiting = !isKnown;
    if (this.#takes.length > keptTakes) this.#takes.shift();
  }

  /** Sound went out; `sessionMs` is the session time of its first sample. Returns the connection's bytes so far. */
  sent(bytes: number, sessionMs: number): number {
    const take = this.#current;
    if (!take) throw new Error('Sound was sent before a connection opened');
    const atMs = take.sentBytes / this.#bytesPerMs;
    const run = take.runs.at(-1);
    if (!run || Math.abs(run.sessionMs + (atMs - run.atMs) - sessionMs) > 1) take.runs.push({ atMs, sessionMs });
    take.sentBytes += bytes;
    return take.sentBytes;
  }

  /**
   * An acknowledgement: ranges of bytes and seconds as the transcriber told them. Returns how many of this connection's
   * bytes have arrived; never fewer than before.
   */
  acknowledged(bytes: readonly [number, number], seconds: readonly [number, number] | null): number {
    const take = this.#current;
    if (!take) return 0;
    const [from, to] = bytes;
    // One description says that the end is part of the range, the other that it is not.
    const end = (to + 1) % this.#frameBytes === 0 ? to + 1 : to;
    if (!take.isKnown) {
      take.isKnown = true;
      this.#isAwaiting = false;
      // Nothing came before on this connection, and the clock runs already.
      const isFirstOfLater = from === 0 && (seconds?.[0] ?? 0) * 1000 > clockSlackMs;
      this.#restartsCount ||= from < take.leastBytes || isFirstOfLater;
      take.baseBytes = this.#restartsCount ? 0 : Math.min(from, take.mostBytes);
      take.baseMs = take.baseBytes / this.#bytesPerMs;
      if (this.#restartsCount) {
        const byClockMs = seconds ? seconds[0] * 1000 - from / this.#bytesPerMs : 0;
        this.#restartsClock = byClockMs < clockSlackMs;
        take.isTimeRelative = this.#restartsClock;
        take.baseMs = this.#restartsClock ? 0 : byClockMs;
      }
      if (!this.#restartsClock) this.#settleBefore(take);
    }
    const arrived = Math.min(end - take.baseBytes, take.sentBytes);
    take.ackedBytes = Math.max(take.ackedBytes, arrived);
    return take.ackedBytes;
  }

  /** No acknowledgement came: the sound of this connection is taken to begin right behind what was acknowledged before. */
  anchor(): void {
    this.#isAwaiting = false;
  }

  /** From the transcriber's clock to session time. */
  map(serverMs: number): MappedTime {
    const current = this.#current;
    let take: Take | undefined = current;
    if (!current?.isTimeRelative)
      take =
        this.#takes.findLast((each) => serverMs + slackMs >= each.baseMs && !each.isTimeRelative) ?? this.#takes[0];
    if (!take) return { sessionMs: serverMs, take: 0 };
    const atMs = serverMs - take.baseMs;
    const run = take.runs.findLast((each) => each.atMs <= atMs) ?? take.runs[0];
    return { sessionMs: run ? run.sessionMs + (atMs - run.atMs) : serverMs, take: take.number };
  }

  /** Connections that died unacknowledged lie right before one that is known, at the latest place that they can have. */
  #settleBefore(known: Take): void {
    let nextBytes = known.baseMs * this.#bytesPerMs;
    for (const take of this.#takes.toReversed().slice(1)) {
      if (take.isKnown) return;
      nextBytes = Math.max(take.leastBytes, Math.min(take.mostBytes, nextBytes - take.sentBytes));
      take.baseMs = nextBytes / this.#bytesPerMs;
    }
  }

  get #current(): Take | undefined {
    return this.#takes.at(-1);
  }
}
