import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Ffmpeg } from '../ffmpeg.ts';
import { pause } from '../pause.ts';
import { type Encoder, startEncoder } from './encoder.ts';
import { endReason, firstOf, type JobContext } from './job.ts';
import { mixOf, sampleAt, toBytes } from './sound.ts';

export interface RoomCompositeOptions {
  readonly ffmpeg: Ffmpeg | null;
  /** A folder of this job alone; the caller removes it. The file lies here until it is whole, as in egress. */
  readonly workFolder: string;
  /** Where the file goes at the end; null where egress may not write, which it finds out then. */
  readonly place: string | null;
  readonly hasPicture: boolean;
  readonly needsChrome: boolean;
  readonly withManifest: boolean;
  /** Settles when somebody is in the room; egress stays STARTING until then. */
  untilSomebody(signal: AbortSignal): Promise<void>;
}

const feedEveryMs = 100;

/** Room composite to one MP4 file: the scene's mixed sound, in real time, with names, a clock and the sound's wave. */
export async function runRoomComposite(job: JobContext, options: RoomCompositeOptions): Promise<void> {
  const { row, timing, show } = job;
  const stop = AbortSignal.any([job.ending, job.killed]);
  if (!(await pause(options.needsChrome ? timing.chromeMs : timing.mixerMs, stop))) return;
  await options.untilSomebody(stop);
  if (stop.aborted) return;
  if (!options.ffmpeg) {
    job.leaveRoom();
    row.fail(500, 'could not create element: x264enc');
    return;
  }
  const file = join(options.workFolder, 'recording.mp4');
  const encoder = startEncoder({
    ffmpeg: options.ffmpeg,
    folder: options.workFolder,
    file,
    hasPicture: options.hasPicture,
  });
  let startedAtNs = 0n;
  row.becomeActive((info, atNs) => {
    startedAtNs = atNs;
    for (const result of info.fileResults) result.startedAt = atNs;
  });
  const firstSample = sampleAt(show, Number(startedAtNs / 1000n) / 1000);
  const feed = startFeed(job, encoder, firstSample);
  try {
    await firstOf(stop, feed.died);
    if (job.killed.aborted) return;
    const endedAtNs = startedAtNs + feed.finishMs();
    if (feed.died.aborted || !(await encoder.finish())) {
      job.leaveRoom();
      row.fail(500, 'Internal data stream error.');
      return;
    }
    row.becomeEnding(endReason(job));
    const folder = options.place === null ? null : dirname(options.place);
    if (options.place === null || folder === null) {
      const wanted = dirname(row.info.fileResults[0]?.filename ?? '');
      row.fail(400, `Local upload failed: mkdir ${wanted}/: permission denied`, `End reason: ${endReason(job)}`);
      return;
    }
    mkdirSync(folder, { recursive: true });
    renameSync(file, options.place);
    const { size } = statSync(options.place);
    const place = options.place;
    row.complete((info) => {
      for (const result of info.fileResults) {
        result.endedAt = endedAtNs;
        result.duration = endedAtNs - startedAtNs;
        result.size = BigInt(size);
        result.location = place;
      }
      if (!options.withManifest) return;
      info.manifestLocation = join(folder, `${info.egressId}.json`);
      writeFileSync(info.manifestLocation, manifestOf(job, startedAtNs, endedAtNs, place));
    });
  } finally {
    feed.stop();
    await encoder.kill();
  }
}

interface Feed {
  /** Fires when the encoder is gone although nobody asked. */
  readonly died: AbortSignal;
  /** Gives the encoder everything up to now; returns the length of it all in ns. */
  finishMs(): bigint;
  stop(): void;
}

function startFeed(job: JobContext, encoder: Encoder, firstSample: number): Feed {
  const died = new AbortController();
  let nextSample = firstSample;
  let shownSecond = -1;
  const give = (): void => {
    const atMs = job.now();
    const due = sampleAt(job.show, atMs) - nextSample;
    if (due > 0) {
      encoder.write(toBytes(mixOf(job.show, job.room, nextSample, due)));
      nextSample += due;
    }
    const second = Math.floor(atMs / 1000);
    if (second !== shownSecond) encoder.show(captionOf(job, atMs));
    shownSecond = second;
    if (!encoder.isRunning) died.abort();
  };
  give();
  const timer = setInterval(give, feedEveryMs);
  return {
    died: died.signal,
    finishMs: () => {
      clearInterval(timer);
      give();
      return (BigInt(nextSample - firstSample) * 1_000_000_000n) / 48_000n;
    },
    stop: () => clearInterval(timer),
  };
}

function captionOf(job: JobContext, atMs: number): string[] {
  const clock = new Date(atMs).toTimeString().slice(0, 8);
  const names = job.show
    .people(job.room, atMs)
    .map((person) => (person.muted ? `${person.name} (muted)` : person.name));
  return [`${job.room}  ${clock}  rehearsal`, ...names];
}

function manifestOf(job: JobContext, startedAt: bigint, endedAt: bigint, place: string): string {
  const { info } = job.row;
  return JSON.stringify({
    egress_id: info.egressId,
    room_id: info.roomId,
    room_name: info.roomName,
    started_at: Number(startedAt),
    ended_at: Number(endedAt),
    files: [{ filename: info.fileResults[0]?.filename ?? '', location: place }],
  });
}
