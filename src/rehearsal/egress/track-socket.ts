import { type EgressInfo, StreamInfo_Status } from '@livekit/protocol';
import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { pause } from '../pause.ts';
import { dialAsEgress } from './dial.ts';
import { endReason, isEnding, type JobContext } from './job.ts';
import { breakStreams } from './row.ts';
import { sampleAt, type StereoSound, toBytes } from './sound.ts';

export interface TrackSocketOptions {
  readonly url: string;
  readonly sound: StereoSound;
  isMuted(): boolean;
  /** Called on every mute and unmute of the voices; returns the way to stop. */
  onMuted(listener: (muted: boolean) => void): () => void;
  /** Gives the drill its handle: breaks the TCP connection. */
  onOpen(breakConnection: () => void): void;
  untilEndMayBeTold(): Promise<void>;
}

const frameMs = 10;
const samplesPerFrame = 480;
const framesPerBlock = 10;
/** Sample 0 was made so long before the socket opened, and `started_at` lies so long before it (measured 44-83, 3-6). */
const capturedBeforeOpenMs = 50;
const anchoredBeforeOpenMs = 5;
/** ACTIVE comes so long after the opening (measured 9-23). */
const activeAfterOpenMs = 15;
/** ENDING comes so long after the track went away (measured 200-300). */
const sourceClosedNoticedMs = 250;
/** Egress holds 3 s back for a receiver that does not read; what comes on top is lost. */
const maxUnsentBytes = 3 * 192_000;

/** Egress to a WebSocket: dials, sends the sound 2.85 s late, and ends as the real one does. */
export async function runTrackSocket(job: JobContext, options: TrackSocketOptions): Promise<void> {
  const { row, timing, now } = job;
  const stop = AbortSignal.any([job.ending, job.killed]);
  if (!(await pause(timing.dialMs - timing.joinMs, stop))) return;
  let socket: WebSocket;
  try {
    socket = await dialAsEgress(options.url, timing.handshakeMs, stop);
  } catch (error) {
    job.leaveRoom();
    if (!isEnding(job)) row.fail(400, error instanceof Error ? error.message : 'websocket: bad handshake');
    return;
  }
  const openedAtMs = now();
  const endpoints = `127.0.0.1:${localPort(socket)}->${new URL(options.url).host}`;
  const isGone = once(socket, 'close').then(([code]: number[]) => code);
  const gone = new AbortController();
  void isGone.then(() => gone.abort());
  options.onOpen(() => socket.terminate());

  const stopTexts = tellMutes(job, options, socket, gone.signal);
  const pings = setInterval(() => socket.ping('ping'), timing.pingMs);
  const sound = sendSound(job, options.sound, socket, openedAtMs);
  try {
    await pause(activeAfterOpenMs, AbortSignal.any([job.killed, gone.signal]));
    row.becomeActive((info) => {
      for (const stream of info.streamResults) stream.startedAt = toNs(openedAtMs - anchoredBeforeOpenMs);
    });
    if (row.isOver) return; // stopped before it ran, which was told already
    await untilEnded(job, gone.signal);
    if (job.killed.aborted) return;
    if (!job.ending.aborted) {
      const code = await isGone;
      job.leaveRoom();
      const error = code === 1006 ? `write tcp ${endpoints}: write: broken pipe` : 'websocket: close sent';
      row.fail(503, error, 'End reason: Failure', breakStreams);
      return;
    }
    sound.stop();
    if (!gone.signal.aborted) await closeAsEgress(socket, isGone, sound.rest());
    const endedAtMs = now();
    job.leaveRoom();
    await options.untilEndMayBeTold();
    if (job.killed.aborted) return;
    const finish = (info: EgressInfo): void => {
      for (const stream of info.streamResults) {
        stream.status = StreamInfo_Status.FINISHED;
        stream.endedAt = toNs(endedAtMs);
        stream.duration = stream.endedAt - stream.startedAt;
      }
    };
    if (endReason(job) === 'Session limit reached') row.reachLimit(toNs(endedAtMs), finish);
    else row.complete(finish);
  } finally {
    sound.stop();
    stopTexts();
    clearInterval(pings);
    socket.terminate();
  }
}

/** Waits for the end that was asked for and for the sound that is still in the mixer then, or for the receiver to go. */
async function untilEnded(job: JobContext, gone: AbortSignal): Promise<void> {
  const any = AbortSignal.any([job.ending, job.killed, gone]);
  if (!any.aborted) await once(any, 'abort');
  if (!job.ending.aborted) return;
  const stop = AbortSignal.any([job.killed, gone]);
  const isClosed = endReason(job) === 'Source closed';
  const noticedMs = isClosed ? sourceClosedNoticedMs : 0;
  await pause(noticedMs, stop);
  job.row.becomeEnding(endReason(job));
  await pause((isClosed ? job.timing.sourceClosedDrainMs : job.timing.drainMs) - noticedMs, stop);
}

interface SentSound {
  stop(): void;
  /** The short last message: what was left in the mixer behind the last whole one, 34 to 453 stereo frames. */
  rest(): Buffer;
}

function sendSound(job: JobContext, sound: StereoSound, socket: WebSocket, openedAtMs: number): SentSound {
  const { show, now, timing } = job;
  const firstSample = sampleAt(show, openedAtMs - capturedBeforeOpenMs);
  const firstAtMs = openedAtMs + timing.firstSoundMs;
  let sent = 0;
  let block: Buffer = Buffer.alloc(0);
  const timer = setInterval(() => {
    const due = Math.floor((now() - firstAtMs) / frameMs) + 1;
    for (; sent < due; sent += 1) {
      const inBlock = sent % framesPerBlock;
      if (inBlock === 0) {
        const from = firstSample + sent * samplesPerFrame;
        block = toBytes(sound(from, samplesPerFrame * framesPerBlock));
      }
      const bytesPerFrame = samplesPerFrame * 4;
      if (socket.readyState === socket.OPEN && socket.bufferedAmount < maxUnsentBytes) {
        socket.send(block.subarray(inBlock * bytesPerFrame, (inBlock + 1) * bytesPerFrame));
      }
    }
  }, frameMs);
  return {
    stop: () => clearInterval(timer),
    rest: () => {
      const from = firstSample + sent * samplesPerFrame;
      return toBytes(sound(from, 34 + Math.floor(Math.random() * 420)));
    },
  };
}

async function closeAsEgress(socket: WebSocket, isGone: Promise<unknown>, last: Buffer): Promise<void> {
  socket.send(last);
  socket.close(); // without a code: the receiver sees 1005
  // Egress closes the connection itself at once; this leaves the frame the time to arrive.
  const limit = setTimeout(() => socket.terminate(), 50);
  await isGone;
  clearTimeout(limit);
}

/** The two texts that egress sends. They run ahead of the sound: they do not go through the mixer. */
function tellMutes(job: JobContext, options: TrackSocketOptions, socket: WebSocket, gone: AbortSignal): () => void {
  const { timing } = job;
  let wasTold = false;
  let timer: NodeJS.Timeout | null = null;
  const tellAfter = (muted: boolean, afterMs: number): void => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => {
      if (muted === wasTold || gone.aborted) return;
      wasTold = muted;
      socket.send(JSON.stringify({ muted }));
    }, afterMs);
  };
  if (options.isMuted()) tellAfter(true, timing.mutedAtStartTextMs);
  const stop = options.onMuted((muted) => tellAfter(muted, muted ? timing.mutedTextMs : timing.unmutedTextMs));
  return () => {
    stop();
    if (timer) clearTimeout(timer);
  };
}

function localPort(socket: WebSocket): number {
  // `ws` has no public way to the port of the client's end; it stands in egress's own error text.
  const { _socket: tcp } = socket as unknown as { readonly _socket?: { readonly localPort?: number } };
  return tcp?.localPort ?? 0;
}

function toNs(ms: number): bigint {
  return BigInt(Math.round(ms * 1000)) * 1000n;
}
