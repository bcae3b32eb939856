import type { Problem } from '../../shared/model/common.ts';
import { stampUtc } from '../../shared/text/utc.ts';
import { soundTools } from '../audio/sound-tools.ts';
import { SoundRecorder } from '../desk/sound-recorder.ts';
import type { AudioFeed } from '../feeds/audio-feed.ts';
import type { DeskOrder, DeskPort, DeskRecording } from '../jobs/ports.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';

export interface DeskRecordingsOptions {
  readonly openFeed: (serverId: string, roomName: string, goesOn: boolean) => Promise<AudioFeed>;
  readonly recordingsFolder: () => string;
  /** One file failed while the others go on. */
  readonly onFileProblem: (jobId: string, problem: Problem, fileName: string) => void;
  readonly onGap: (
    jobId: string,
    gap: { readonly fromMs: number; readonly toMs: number; readonly cause: string; readonly identity: string | null },
  ) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Records rooms on this computer, as jobs need it, and counts what was written. */
export class DeskRecordings implements DeskPort {
  readonly #options: DeskRecordingsOptions;
  readonly #open = new Map<SoundRecorder, number>();
  /** Two jobs of one room may begin in the same second, as those of a show do. */
  readonly #takenBases = new Set<string>();
  #finishedBytes = 0;

  constructor(options: DeskRecordingsOptions) {
    this.#options = options;
  }

  /** Bytes written by all recordings of this run; only ever rises. */
  writtenBytes(): number {
    for (const [recorder, before] of this.#open) this.#open.set(recorder, Math.max(before, bytesOf(recorder)));
    return [...this.#open.values()].reduce((sum, count) => sum + count, this.#finishedBytes);
  }

  open(options: DeskOrder): DeskRecording {
    const began = Promise.withResolvers<number>();
    const failed = Promise.withResolvers<Problem>();
    began.promise.catch(() => {}); // told to the job; nobody else need wait for it
    let recorder: SoundRecorder | null = null;
    let isClosing = false;
    const opening = this.#begin(options).then(
      async ({ recorder: made, feed }) => {
        recorder = made;
        this.#open.set(made, 0);
        made.began.then(began.resolve, began.reject);
        void made.failed.then(failed.resolve);
        if (isClosing) await made.close();
        return feed;
      },
      (error: unknown) => {
        began.reject(error);
        return null;
      },
    );
    const close = async (): Promise<void> => {
      isClosing = true;
      const feed = await opening;
      if (!recorder) return;
      await recorder.close();
      this.#finishedBytes += bytesOf(recorder);
      this.#open.delete(recorder);
      await feed?.close();
    };
    let closing: Promise<void> | null = null;
    return {
      files: () => recorder?.files() ?? [],
      peopleCount: () => recorder?.peopleCount() ?? 0,
      holes: () => recorder?.gaps().filter(({ identity }) => identity === null) ?? [],
      began: began.promise,
      failed: failed.promise,
      close: () => (closing ??= close()),
    };
  }

  async #begin({ jobId, take, serverId, roomName, goesOn }: DeskOrder) {
    const { openFeed, recordingsFolder, onFileProblem, onGap, clock, log } = this.#options;
    const feed = await openFeed(serverId, roomName, goesOn);
    const stamp = stampUtc(clock.nowMs()).replaceAll(':', '');
    const recorder = SoundRecorder.open({
      jobId,
      feed,
      folder: recordingsFolder(),
      baseName: take > 1 ? `${roomName} ${stamp} part ${take}` : `${roomName} ${stamp}`,
      takenBases: this.#takenBases,
      tools: soundTools,
      clock,
      log: log.with({ jobId }),
      onProblem: (problem, fileName) => onFileProblem(jobId, problem, fileName),
      onGap: (gap) => onGap(jobId, gap),
    });
    return { recorder, feed };
  }
}

const bytesOf = (recorder: SoundRecorder): number => recorder.files().reduce((sum, file) => sum + file.bytes, 0);
