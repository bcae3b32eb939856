import { pause } from '../pause.ts';
import type { FlvTag } from '../rtmp/flv.ts';
import { publishRtmp, type RtmpPublication } from '../rtmp/push.ts';
import type { EgressTiming } from './timing.ts';

/** The way to one destination, with a life of its own: what happens here never touches another one. */
export interface StreamPush {
  /** Tries after a loss, and when the last of them was. */
  readonly retries: number;
  readonly lastRetryAtMs: number;
  /** Ends it politely. */
  close(): void;
  /** Drops the connection, as a killed handler does. */
  kill(): void;
}

export interface PushEvents {
  connected(): void;
  /** It was lost and is being tried again; told once a loss. */
  lost(): void;
  /** Given up, in GStreamer's words. `isFirst`: it never connected. */
  failed(text: string, isFirst: boolean): void;
}

export interface RtmpPush extends StreamPush {
  send(tag: FlvTag): void;
}

/** So much must have gone through before a loss is worth a reconnect. */
const realProgressBytes = 4096;
const lookEveryMs = 250;

/** RTMP: connected again without pause for half a minute once it had made progress; given up at the first error before. */
export function openRtmpPush(options: {
  readonly url: string;
  readonly timing: EgressTiming;
  /** Metadata and decoder configurations so far: every connection begins with them. */
  readonly headers: () => readonly FlvTag[];
  readonly hasPicture: boolean;
  readonly on: PushEvents;
}): RtmpPush {
  const { url, timing, on } = options;
  const closing = new AbortController();
  let open: RtmpPublication | null = null;
  let baseMs: number | null = null;
  let hasHeaders = false;
  let retries = 0;
  let lastRetryAtMs = 0;

  const connect = async (closed: () => void): Promise<void> => {
    const publication = await publishRtmp({
      url,
      silentMs: timing.streamSilentMs,
      signal: closing.signal,
      onClosed: closed,
    });
    baseMs = null;
    hasHeaders = false;
    open = publication;
  };

  const run = async (): Promise<void> => {
    let closed = Promise.withResolvers<void>();
    const told = pause(timing.streamToldMs, closing.signal);
    const refusal = await connect(closed.resolve).then(() => null, textOf);
    // Measured: some 0.1 s after ACTIVE the stream is told of, connected or refused.
    if (!(await told)) return;
    if (refusal !== null) return on.failed(refusal, true);
    on.connected();
    for (;;) {
      const hadProgress = await untilLost(closed.promise);
      open = null;
      if (closing.signal.aborted) return;
      if (!hadProgress) return on.failed('Failed to write: Broken pipe', false);
      let error = '';
      for (const untilMs = Date.now() + timing.streamRetryMs; open === null;) {
        if (Date.now() >= untilMs) return on.failed(error, false);
        retries += 1;
        lastRetryAtMs = Date.now();
        if (retries === 1) on.lost();
        closed = Promise.withResolvers<void>();
        error = await connect(closed.resolve).then(() => '', textOf);
        if (closing.signal.aborted) return;
        if (error !== '' && !(await pause(timing.streamRetryEveryMs, closing.signal))) return;
      }
    }
  };

  /** Until the connection is gone or the other end takes nothing any more; whether anything had gone through. */
  const untilLost = async (closed: Promise<void>): Promise<boolean> => {
    const publication = open;
    if (!publication) return false;
    let progress = publication.progressBytes;
    let sinceMs = Date.now();
    const isGone = closed.then(() => true);
    for (;;) {
      const limit = new AbortController();
      const gone = await Promise.race([isGone, pause(lookEveryMs, limit.signal).then(() => false)]);
      limit.abort();
      if (publication.progressBytes > progress) {
        progress = publication.progressBytes;
        sinceMs = Date.now();
      }
      const isStuck = publication.isBackedUp && Date.now() - sinceMs > timing.streamSilentMs;
      if (isStuck) publication.destroy();
      if (gone || isStuck || closing.signal.aborted) return progress > realProgressBytes;
    }
  };

  void run();
  return {
    get retries() {
      return retries;
    },
    get lastRetryAtMs() {
      return lastRetryAtMs;
    },
    send: (tag) => {
      if (!open || open.isBackedUp) {
        baseMs = null; // what is left out is left out up to the next key frame
        return;
      }
      if (baseMs === null && options.hasPicture && !tag.isKey) return;
      if (!hasHeaders) for (const header of options.headers()) open.send({ ...header, timestampMs: 0 });
      hasHeaders = true;
      baseMs ??= tag.timestampMs;
      open.send({ ...tag, timestampMs: Math.max(0, tag.timestampMs - baseMs) });
    },
    close: () => {
      open?.close();
      closing.abort();
    },
    kill: () => {
      open?.destroy();
      closing.abort();
    },
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Failed to connect: Connection closed';
}
