import { type EgressInfo, StreamInfo_Status, StreamProtocol } from '@livekit/protocol';
import type { Ffmpeg } from '../ffmpeg.ts';
import { TwirpError } from '../livekit/twirp-error.ts';
import { innerError } from '../livekit/twirp-error.ts';
import { FlvReader, type FlvTag } from '../rtmp/flv.ts';
import type { StreamPlan } from './course.ts';
import { redactStreamUrl } from './redact.ts';
import { type EgressRow, nowNs, streamResult } from './row.ts';
import { checkStreamUrl } from './start-request.ts';
import { openSrtPush, type SrtPush } from './srt-push.ts';
import { openRtmpPush, type PushEvents, type RtmpPush } from './stream-push.ts';
import type { EgressTiming } from './timing.ts';

/** The destinations of one egress: UpdateStream adds and removes them, each fails alone. */
export class StreamSet {
  readonly #options: StreamSetOptions;
  readonly #flv = new FlvReader();
  readonly #entries: Entry[] = [];
  /** By its address, as egress keeps them: an address that is added twice has its first entry forgotten here. */
  readonly #byUrl = new Map<string, Entry>();
  #headers: FlvTag[] = [];
  #isOpen = false;
  #isOver = false;

  constructor(options: StreamSetOptions) {
    this.#options = options;
    for (const url of options.plan.urls) this.#take(url);
  }

  /** With the last stream of an egress that makes nothing else, the egress ends. */
  get isOver(): boolean {
    return this.#options.isAlone && this.#byUrl.size === 0;
  }

  /** Media flows from now on: everything connects. */
  open(): void {
    this.#isOpen = true;
    for (const entry of this.#entries) this.#connect(entry);
  }

  write(chunk: Buffer): void {
    if (this.#options.plan.protocol === 'srt') {
      for (const { push } of this.#entries) if (push && 'write' in push) push.write(chunk);
      return;
    }
    for (const tag of this.#flv.read(chunk)) {
      if (tag.isHeader) {
        const differs = (other: FlvTag): boolean => other.type !== tag.type;
        this.#headers = [...this.#headers.filter(differs), tag];
      } else for (const { push } of this.#entries) if (push && 'send' in push) push.send(tag);
    }
  }

  /** First adds, then removes; what is right is done although something else is wrong. Throws the joined refusals. */
  update(added: readonly string[], removed: readonly string[]): void {
    const { row, plan } = this.#options;
    const refusals: TwirpError[] = [];
    const attempt = (act: () => void): void => {
      try {
        act();
      } catch (error) {
        if (!(error instanceof TwirpError)) throw error;
        refusals.push(error);
      }
    };
    row.update((info) => {
      for (const url of added) {
        attempt(() => {
          checkStreamUrl(url, plan.protocol === 'srt' ? StreamProtocol.SRT : StreamProtocol.RTMP, false);
          const result = streamResult(redactStreamUrl(url));
          if (this.#isOpen) result.startedAt = nowNs();
          info.streamResults.push(result);
          const entry = this.#take(url);
          entry.isAdded = true;
          if (this.#isOpen) this.#connect(entry);
        });
      }
      for (const url of removed) {
        attempt(() => {
          const entry = this.#byUrl.get(url);
          if (!entry) throw innerError('not_found', `stream ${url} not found`);
          this.#byUrl.delete(url);
          entry.push?.close();
          finishEntry(info, entry, nowNs());
        });
      }
    });
    const [first] = refusals;
    if (!first) return;
    const texts = refusals.map((refusal) => refusal.message.replace(/^twirp error unknown: /, ''));
    throw innerError(first.code, texts.join('\n'));
  }

  /** The egress is over: what still streams is finished. Entries that were forgotten stay as they are (measured). */
  finish(info: EgressInfo, atNs: bigint): void {
    for (const entry of this.#byUrl.values()) finishEntry(info, entry, atNs);
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const { push } of this.#entries) push?.close();
  }

  kill(): void {
    this.#isOver = true;
    for (const { push } of this.#entries) push?.kill();
  }

  #take(url: string): Entry {
    const entry: Entry = { index: this.#entries.length, url, push: null, isAdded: false };
    this.#entries.push(entry);
    this.#byUrl.set(url, entry);
    return entry;
  }

  #connect(entry: Entry): void {
    const { plan, timing, row, ffmpeg, folder, hasPicture } = this.#options;
    const on: PushEvents = {
      connected: () => {
        if (entry.isAdded) return;
        // An entry of the start has its start time from when it is connected.
        if (plan.protocol === 'rtmp') row.update((info, atNs) => void (at(info, entry).startedAt = atNs));
      },
      lost: () => row.update((info) => this.#countTries(info, entry)),
      failed: (text, isFirst) => this.#fail(entry, text, isFirst),
    };
    if (plan.protocol === 'srt') {
      const name = `srt-${entry.index}`;
      if (ffmpeg.hasSrt) entry.push = openSrtPush({ url: entry.url, ffmpeg, folder, name, timing, on });
      else on.failed('could not create element: srtsink', true);
    } else {
      entry.push = openRtmpPush({ url: entry.url, timing, hasPicture, headers: () => this.#headers, on });
    }
  }

  #fail(entry: Entry, text: string, isFirst: boolean): void {
    if (this.#isOver || this.#byUrl.get(entry.url) !== entry) return;
    this.#byUrl.delete(entry.url);
    const isLast = this.#byUrl.size === 0 && this.#options.isAlone;
    const change = (info: EgressInfo): void => {
      const result = at(info, entry);
      const atNs = nowNs();
      if (isFirst && this.#options.plan.protocol === 'rtmp') result.startedAt = atNs;
      result.status = StreamInfo_Status.FAILED;
      result.error = text;
      result.endedAt = atNs;
      result.duration = result.endedAt - result.startedAt;
      this.#countTries(info, entry);
    };
    if (isLast) this.#options.onAllFailed({ text, isFirst, change });
    else this.#options.row.update(change);
  }

  #countTries(info: EgressInfo, entry: Entry): void {
    const result = at(info, entry);
    result.retries = entry.push?.retries ?? 0;
    result.lastRetryAt = BigInt(entry.push?.lastRetryAtMs ?? 0) * 1_000_000n;
  }
}

export interface StreamSetOptions {
  readonly plan: StreamPlan;
  readonly row: EgressRow;
  readonly timing: EgressTiming;
  readonly ffmpeg: Ffmpeg;
  /** Of this egress alone. */
  readonly folder: string;
  readonly hasPicture: boolean;
  /** There is no file, no segments, no pictures: with the last stream the egress ends. */
  readonly isAlone: boolean;
  readonly onAllFailed: (failure: StreamFailure) => void;
}

export interface StreamFailure {
  readonly text: string;
  /** It never connected. */
  readonly isFirst: boolean;
  /** Puts it into the info that tells of the end. */
  readonly change: (info: EgressInfo) => void;
}

interface Entry {
  readonly index: number;
  readonly url: string;
  push: RtmpPush | SrtPush | null;
  isAdded: boolean;
}

function at(info: EgressInfo, { index }: Entry) {
  const result = info.streamResults[index];
  if (!result) throw new RangeError('a stream without a result');
  return result;
}

function finishEntry(info: EgressInfo, entry: Entry, atNs: bigint): void {
  const result = at(info, entry);
  result.status = StreamInfo_Status.FINISHED;
  result.endedAt = atNs;
  result.duration = atNs - result.startedAt;
  result.retries = entry.push?.retries ?? 0;
  if (result.retries > 0) result.lastRetryAt = BigInt(entry.push?.lastRetryAtMs ?? 0) * 1_000_000n;
}
