import type { EgressInfo } from '@livekit/protocol';
import { EgressStatus, FileInfo, StreamInfo, StreamInfo_Status, StreamInfoList } from '@livekit/protocol';

export type EgressEvent = 'egress_started' | 'egress_updated' | 'egress_ended';
export type EndReason = 'StopEgress API' | 'Source closed' | 'All streams stopped' | 'Session limit reached';
type Change = (info: EgressInfo, atNs: bigint) => void;

/** The handler's own `started_at` is this much later than the service's (measured median). */
const handlerLagNs = 44_000_000n;

/** One egress as LiveKit tells of it. Every change goes through here, so that `updated_at` only ever grows. */
export class EgressRow {
  readonly #first: EgressInfo;
  readonly #tell: (event: EgressEvent, info: EgressInfo) => void;
  #info: EgressInfo;
  #bringUpToDate: (info: EgressInfo) => void = () => {};

  constructor(info: EgressInfo, tell: (event: EgressEvent, info: EgressInfo) => void) {
    const atNs = nowNs();
    info.status = EgressStatus.EGRESS_STARTING;
    info.startedAt = atNs;
    info.updatedAt = atNs;
    // Measured: an RTMP stream has no start before it is connected; SRT and WebSocket start with the egress.
    for (const stream of info.streamResults) if (!/^rtmps?:/.test(stream.url)) stream.startedAt = atNs;
    repeatFirstResult(info);
    this.#first = info.clone();
    this.#info = info;
    this.#tell = tell;
    tell('egress_started', info.clone());
  }

  get id(): string {
    return this.#info.egressId;
  }
  get info(): EgressInfo {
    return this.#info;
  }
  get status(): EgressStatus {
    return this.#info.status;
  }
  get isOver(): boolean {
    return this.#info.status >= EgressStatus.EGRESS_COMPLETE;
  }

  /** What grows meanwhile (segments, pictures) is put into the info with the next update, and not before, as in egress. */
  keepUpToDate(bring: (info: EgressInfo) => void): void {
    this.#bringUpToDate = bring;
  }

  becomeActive(change: Change): void {
    if (this.status !== EgressStatus.EGRESS_STARTING) return;
    this.#update('egress_updated', (info, atNs) => {
      info.status = EgressStatus.EGRESS_ACTIVE;
      takeOver(info, this.#first);
      change(info, atNs);
    });
  }

  becomeEnding(reason: EndReason): void {
    if (this.status !== EgressStatus.EGRESS_ACTIVE) return;
    this.#update('egress_updated', (info) => {
      info.status = EgressStatus.EGRESS_ENDING;
      info.details = `End reason: ${reason}`;
    });
  }

  complete(change: Change): void {
    if (this.isOver) return;
    this.#update('egress_ended', (info, atNs) => {
      info.status = EgressStatus.EGRESS_COMPLETE;
      info.endedAt = atNs;
      change(info, atNs);
    });
  }

  /** The end that a limit made, at the time the limit was met; what was recorded is kept. */
  reachLimit(reachedAtNs: bigint, change: Change): void {
    if (this.isOver) return;
    this.#update('egress_ended', (info, atNs) => {
      info.status = EgressStatus.EGRESS_LIMIT_REACHED;
      info.error = 'Session limit reached';
      info.errorCode = 413;
      info.details = 'End reason: Session limit reached';
      info.endedAt = reachedAtNs;
      change(info, atNs);
    });
  }

  /** `code` is HTTP's, as in `error_code`. */
  fail(code: number, error: string, details = 'End reason: Failure', change: Change = () => {}): void {
    if (this.isOver) return;
    this.#update('egress_ended', (info, atNs) => {
      info.status = EgressStatus.EGRESS_FAILED;
      takeOver(info, this.#first);
      info.error = error;
      info.errorCode = code;
      info.details = details;
      info.endedAt = atNs;
      change(info, atNs);
    });
  }

  /** Stopped before it ran. */
  abort(error: 'Start signal not received' | 'Stop called before pipeline could start', reason: EndReason): void {
    if (this.isOver) return;
    this.#update('egress_ended', (info, atNs) => {
      info.status = EgressStatus.EGRESS_ABORTED;
      takeOver(info, this.#first);
      info.error = error;
      info.errorCode = 412;
      info.details = `End reason: ${reason}`;
      info.endedAt = atNs;
      for (const file of info.fileResults) {
        file.startedAt = atNs;
        file.endedAt = atNs;
      }
      breakStreams(info);
    });
  }

  /** The handler was killed or crashed: what is left is the service's first copy, and an error without details. */
  die(error: 'signal: killed' | 'exit status 2'): void {
    if (this.isOver) return;
    const updatedAt = this.#info.updatedAt;
    this.#bringUpToDate = () => {};
    this.#info = this.#first.clone();
    this.#info.updatedAt = updatedAt;
    this.#update('egress_ended', (info, atNs) => {
      info.status = EgressStatus.EGRESS_FAILED;
      info.error = error;
      info.errorCode = 500;
      info.endedAt = atNs;
    });
  }

  /** A change while it runs: a stream that connected, failed, was added. Every UpdateStream makes one, a refused one too. */
  update(change: Change = () => {}): void {
    if (!this.isOver) this.#update('egress_updated', change);
  }

  #update(event: EgressEvent, change: Change): void {
    const info = this.#info;
    const wanted = nowNs();
    const atNs = wanted > info.updatedAt ? wanted : info.updatedAt + 1n;
    info.updatedAt = atNs;
    this.#bringUpToDate(info);
    change(info, atNs);
    repeatFirstResult(info);
    this.#tell(event, info.clone());
  }
}

/** Measured: streams that broke while they ran, or never did, end FINISHED with a negative duration. */
export function breakStreams(info: EgressInfo): void {
  for (const stream of info.streamResults) {
    stream.status = StreamInfo_Status.FINISHED;
    stream.duration = -stream.startedAt;
  }
}

export function fileResult(filename: string): FileInfo {
  return new FileInfo({ filename });
}

export function streamResult(url: string): StreamInfo {
  return new StreamInfo({ url, status: StreamInfo_Status.ACTIVE });
}

let lastNs = 0n;

/** UNIX nanoseconds; never the same twice. */
export function nowNs(): bigint {
  const atNs = BigInt(Date.now()) * 1_000_000n + (process.hrtime.bigint() % 1_000_000n);
  lastNs = atNs > lastNs ? atNs : lastNs + 1n;
  return lastNs;
}

function takeOver(info: EgressInfo, first: EgressInfo): void {
  info.startedAt = first.startedAt + handlerLagNs;
}

// The deprecated result fields repeat the first entry of the lists (measured), where there is but one kind of output.
function repeatFirstResult(info: EgressInfo): void {
  const [file] = info.fileResults;
  const [segments] = info.segmentResults;
  const kinds = [info.fileResults, info.segmentResults, info.streamResults].filter((list) => list.length > 0).length;
  if (kinds > 1 || info.imageResults.length > 0) info.result = { case: undefined };
  else if (info.streamResults.length > 0) {
    info.result = { case: 'stream', value: new StreamInfoList({ info: info.streamResults }) };
  } else if (file) info.result = { case: 'file', value: file };
  else if (segments) info.result = { case: 'segments', value: segments };
}
