import type { EgressInfo } from '@livekit/protocol';
import type { Ffmpeg } from '../ffmpeg.ts';
import type { EncodedCourse } from './course.ts';
import type { CourseTools } from './courses.ts';
import { type Encoder, startEncoder } from './encoder.ts';
import { endReason, firstOf, type JobContext } from './job.ts';
import { openKeeper } from './keeper.ts';
import { sampleAt, soundOf, toBytes } from './sound.ts';
import type { FoundSource } from './source.ts';
import { UploadError } from './store.ts';
import { type StreamFailure, StreamSet } from './stream-set.ts';

const feedEveryMs = 100;

/** Files, segments, pictures and streams of one source, in real time, by one ffmpeg. */
export async function runEncoded(
  job: JobContext,
  course: EncodedCourse,
  found: FoundSource,
  tools: CourseTools & { readonly ffmpeg: Ffmpeg; readonly folder: string },
): Promise<void> {
  const { row, show } = job;
  const broken = new AbortController();
  const keeper = openKeeper(job, course, found, {
    ...tools,
    onBroken: (error) => broken.abort(error),
  });
  const streams = course.streams
    ? new StreamSet({
        plan: course.streams,
        row,
        timing: job.timing,
        ffmpeg: tools.ffmpeg,
        folder: tools.folder,
        hasPicture: course.make.picture !== null,
        isAlone: course.file === null && course.segments === null && course.images.length === 0,
        onAllFailed: (failure) => broken.abort(failure),
      })
    : null;
  if (streams) tools.onStreams(streams);
  const encoder = startEncoder({
    ffmpeg: tools.ffmpeg,
    folder: tools.folder,
    outputs: course.make,
    onLive: (chunk) => streams?.write(chunk),
  });
  let startedAtNs = 0n;
  row.keepUpToDate(keeper.bringUpToDate);
  row.becomeActive((info, atNs) => {
    startedAtNs = atNs;
    keeper.begin(info, atNs);
    if (course.streams?.protocol === 'srt') for (const stream of info.streamResults) stream.startedAt = atNs;
  });
  streams?.open();
  const startedAtMs = Number(startedAtNs / 1000n) / 1000;
  const feed = startFeed(job, encoder, sampleAt(show, startedAtMs), found, {
    isDark: () => tools.isDark(),
    onTick: () => {
      if (!tools.gates.isHeld('running')) keeper.look();
    },
  });
  try {
    await firstOf(job.ending, job.killed, feed.died, broken.signal);
    if (job.killed.aborted) return streams?.kill();
    if (broken.signal.aborted) return tellBroken(job, broken.signal.reason, keeper.spoil);
    const endedAtNs = startedAtNs + feed.finish();
    const isWell = !feed.died.aborted && (await encoder.finish());
    streams?.close();
    job.leaveRoom();
    if (!isWell) return row.fail(500, 'Internal data stream error.');
    const reason = endReason(job);
    row.becomeEnding(reason);
    await tools.gates.pass('ending', job.killed);
    if (job.killed.aborted) return;
    await tellEnd(job, endedAtNs, keeper.finish(endedAtNs), streams);
  } finally {
    feed.stop();
    streams?.close();
    await encoder.kill();
    await keeper.settled();
  }
}

async function tellEnd(
  job: JobContext,
  endedAtNs: bigint,
  kept: Promise<(info: EgressInfo) => void>,
  streams: StreamSet | null,
): Promise<void> {
  const reason = endReason(job);
  const close = (info: EgressInfo): void => streams?.finish(info, endedAtNs);
  try {
    const change = await kept;
    const finish = (info: EgressInfo): void => {
      close(info);
      change(info);
    };
    if (reason === 'Session limit reached') job.row.reachLimit(endedAtNs, finish);
    else job.row.complete(finish);
  } catch (error) {
    if (!(error instanceof UploadError)) throw error;
    job.row.fail(400, error.message, `End reason: ${reason}`, (info) => {
      close(info);
      for (const file of info.fileResults) {
        file.endedAt = endedAtNs;
        file.duration = endedAtNs - file.startedAt;
      }
    });
  }
}

/** What ended it while it ran: a segment that could not be kept, or the last of its streams. */
function tellBroken(job: JobContext, cause: unknown, spoil: (info: EgressInfo) => void): void {
  job.leaveRoom();
  if (cause instanceof Error) return job.row.fail(400, cause.message, 'End reason: Failure', spoil);
  const { text, isFirst, change } = cause as StreamFailure; // the only other reason that is given
  // Measured: where every stream was refused at once, the source is said to be closed.
  const wasRefused = isFirst && text.startsWith('Connection refused');
  job.row.fail(503, text, `End reason: ${wasRefused ? 'Source closed' : 'Failure'}`, change);
}

interface Feed {
  /** Fires when the encoder is gone although nobody asked. */
  readonly died: AbortSignal;
  /** Gives the encoder everything up to now; returns the length of it all in ns. */
  finish(): bigint;
  stop(): void;
}

function startFeed(
  job: JobContext,
  encoder: Encoder,
  firstSample: number,
  found: FoundSource,
  { isDark, onTick }: { readonly isDark: () => boolean; readonly onTick: () => void },
): Feed {
  const died = new AbortController();
  const sound = soundOf(job.show, job.room, found);
  let nextSample = firstSample;
  let shownSecond = -1;
  const give = (): void => {
    const atMs = job.now();
    const due = sampleAt(job.show, atMs) - nextSample;
    if (due > 0) {
      encoder.write(toBytes(sound(nextSample, due)));
      nextSample += due;
    }
    const second = Math.floor(atMs / 1000);
    if (second !== shownSecond) encoder.show(captionOf(job, found, atMs));
    shownSecond = second;
    encoder.darken(isDark());
    if (!encoder.isRunning) died.abort();
    onTick();
  };
  give();
  const timer = setInterval(give, feedEveryMs);
  return {
    died: died.signal,
    finish: () => {
      clearInterval(timer);
      give();
      return (BigInt(nextSample - firstSample) * 1_000_000_000n) / 48_000n;
    },
    stop: () => clearInterval(timer),
  };
}

function captionOf(job: JobContext, found: FoundSource, atMs: number): string[] {
  const clock = new Date(atMs).toTimeString().slice(0, 8);
  const names = job.show
    .people(job.room, atMs)
    .filter((person) => found.seen === null || person.identity === found.seen)
    .map((person) => (person.muted ? `${person.name} (muted)` : person.name));
  return [`${job.room || 'a page'}  ${clock}  rehearsal`, ...names];
}
