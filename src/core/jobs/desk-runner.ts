import type { Problem } from '../../shared/model/common.ts';
import type { JobFile } from '../../shared/model/job.ts';
import { problemOf } from '../../shared/model/problem-error.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { Scope } from '../live/scope.ts';
import type { JobEvent } from './job-event.ts';
import type { DeskHole, JobState } from './job-state.ts';
import type { DeskFile, DeskOrder, DeskPort, DeskRecording } from './ports.ts';

/** How often the growing sizes are told and journalled. */
const growthEveryMs = 1_000;

interface DeskNews {
  began(startedAtMs: number): void;
  grew(files: readonly JobFile[], peopleCount: number, holes: readonly DeskHole[]): void;
  failed(problem: Problem): void;
  closed(files: readonly JobFile[], holes: readonly DeskHole[]): void;
}

/** Runs the recordings that this computer makes, one at a time for each job. */
export class DeskRunner {
  readonly #desk: DeskPort;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #scope: Scope;
  readonly #open = new Map<
    string,
    { readonly recording: DeskRecording; readonly take: number; readonly news: DeskNews }
  >();

  constructor(options: { readonly desk: DeskPort; readonly clock: Clock; readonly log: Log; readonly scope: Scope }) {
    this.#desk = options.desk;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#scope = options.scope;
  }

  start(job: JobState, order: Pick<DeskOrder, 'take' | 'goesOn'>, dispatch: (event: JobEvent) => void): void {
    const news = this.#newsTo(dispatch);
    const { take } = order;
    const recording = this.#desk.open({ ...order, jobId: job.id, serverId: job.serverId, roomName: job.roomName });
    const entry = { recording, take, news };
    this.#open.set(job.id, entry);
    const isOurs = (): boolean => this.#open.get(job.id) === entry;
    recording.began.then(
      (startedAtMs) => isOurs() && news.began(startedAtMs),
      (error: unknown) => {
        const problem = problemOf(error);
        if (problem.code === 'internal') this.#log.error('A recording here did not begin', { jobId: job.id }, error);
        if (isOurs()) news.failed(problem);
      },
    );
    void recording.failed.then((problem) => isOurs() && news.failed(problem));
    this.#scope.spawn(`growth of ${job.id}`, async (signal) => {
      while (isOurs()) {
        await this.#clock.delay(growthEveryMs, signal);
        if (isOurs()) news.grew(filesOf(recording, take, false), recording.peopleCount(), holesOf(recording));
      }
    });
  }

  #newsTo(dispatch: (event: JobEvent) => void): DeskNews {
    const now = (): number => this.#clock.nowMs();
    return {
      began: (startedAtMs) => dispatch({ type: 'deskBegan', atMs: now(), startedAtMs }),
      grew: (files, peopleCount, holes) => dispatch({ type: 'deskGrew', atMs: now(), files, peopleCount, holes }),
      failed: (problem) => dispatch({ type: 'deskFailed', atMs: now(), problem }),
      closed: (files, holes) => dispatch({ type: 'deskClosed', atMs: now(), files, holes }),
    };
  }

  /** Finishes the files, then tells. Does nothing where none is open. */
  async stop(jobId: string): Promise<void> {
    const entry = this.#open.get(jobId);
    if (!entry) return;
    this.#open.delete(jobId);
    try {
      await entry.recording.close();
    } finally {
      entry.news.closed(filesOf(entry.recording, entry.take, true), holesOf(entry.recording)); // or its job would never end
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#open.keys()].map((jobId) => this.stop(jobId))); // one must not keep the others open
  }
}

const filesOf = (recording: DeskRecording, take: number, isComplete: boolean): JobFile[] =>
  recording.files().map((file) => jobFileOf(file, take, isComplete));

/** Less is the seam of two pieces, and a disk that fails all the time would fill the journal with its holes. */
const leastHoleMs = 500;
const maxHoles = 100;
const holesOf = (recording: DeskRecording): readonly DeskHole[] =>
  recording
    .holes()
    .filter(({ fromMs, toMs }) => toMs - fromMs >= leastHoleMs)
    .slice(-maxHoles)
    .map(({ fromMs, toMs, cause }) => ({ fromMs, toMs, cause }));

/** A file of the desk in the words of a job; `take` counts the recordings that one job took. */
export const jobFileOf = (file: DeskFile, take: number, isComplete: boolean): JobFile => ({
  id: `desk-${take}-${file.identity ?? 'mix'}-${file.name}`,
  engine: 'desk',
  content: file.identity === null ? 'program' : 'person',
  identity: file.identity,
  name: file.name,
  location: file.path,
  isLocal: true,
  bytes: file.bytes,
  durationMs: Math.round(file.durationMs),
  startedAtMs: file.startedAtMs === null ? null : Math.round(file.startedAtMs),
  isComplete,
});
