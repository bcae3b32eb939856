import { outputsOf } from '../../../shared/model/job-request.ts';
import type { JobState } from '../job-state.ts';
import type { EgressPort } from '../ports.ts';
import type { StreamChange } from './change-streams.ts';
import { isSameStream } from './same-stream.ts';
import { refuse } from './stream-refusals.ts';
import { StreamRunner, type StreamRunnerOptions } from './stream-runner.ts';
import { isOver, type StreamState } from './stream-state.ts';

export interface StreamControlOptions extends StreamRunnerOptions {
  /** Throws a ProblemError where there is no such job. */
  readonly jobOf: (jobId: string) => JobState;
}
/** An entry of the address book, as far as a stream needs it. */
export interface Destination {
  readonly addressId: string;
  readonly protocol: 'rtmp' | 'srt';
  /** In the form of `redactAddress`. */
  readonly url: string;
}

/** What a producer does with the destinations of a running job. Each rejects with a ProblemError, and then changes nothing. */
export class StreamControl {
  readonly #options: StreamControlOptions;
  readonly #runner: StreamRunner;

  constructor(options: StreamControlOptions) {
    this.#options = options;
    this.#runner = new StreamRunner(options);
  }

  /** The job may have changed: do what is due for its destinations. */
  look(job: JobState): void {
    this.#runner.look(job);
  }

  /** The server's list has been taken in: it settles what became of calls without an answer. */
  looked(jobs: readonly JobState[]): void {
    for (const job of jobs)
      if (job.streams.some(({ step }) => step.at === 'unsure')) this.#change(job.id, { do: 'looked' });
  }

  /** Adds a destination; `replaces` is dropped once it is live. */
  async add(jobId: string, destination: Destination, replaces: string | null = null): Promise<void> {
    const { addressId, url } = destination;
    needRoomFor(this.#running(jobId), destination);
    if (replaces !== null) needStream(this.#running(jobId), replaces);
    await this.#port(jobId).streamUrl({ addressId, url });
    needRoomFor(this.#running(jobId), destination); // it may have changed meanwhile
    this.#change(jobId, { do: 'add', addressId, url, replaces });
  }

  /** Takes a destination off, or gives up on one that is given up. Never the last one of a job that is nothing but a stream. */
  async drop(jobId: string, id: string): Promise<void> {
    const stream = needStream(this.#running(jobId), id);
    if (isAtServer(stream)) {
      needAnother(this.#running(jobId), stream);
      await this.#port(jobId).streamUrl(stream); // without the whole address the server does not find it
      needAnother(this.#running(jobId), stream);
    }
    this.#change(jobId, { do: 'drop', id });
  }

  /** Adds one that was given up, without waiting for its time. Harmless where it is at the server. */
  retryNow(jobId: string, id: string): void {
    needStream(this.#running(jobId), id);
    this.#change(jobId, { do: 'retryNow', id });
  }

  #change(jobId: string, change: StreamChange): void {
    this.#options.dispatch(jobId, change);
  }
  #running(jobId: string): JobState {
    const job = this.#options.jobOf(jobId);
    const isOnWay = job.egress.at === 'requested' || job.egress.at === 'starting' || job.egress.at === 'active';
    if (isOnWay && job.stopAskedAtMs === null) return job;
    throw refuse.over();
  }
  #port(jobId: string): EgressPort {
    const port = this.#options.portOf(this.#options.jobOf(jobId).serverId);
    if (port) return port;
    throw refuse.over();
  }
}

function needRoomFor(job: JobState, { addressId, protocol, url }: Destination): void {
  const asked = outputsOf(job.request)?.stream?.protocol;
  const present = job.streams[0]?.url;
  if (asked === undefined && present === undefined) throw refuse.noStream();
  const spoken = present === undefined ? asked : present.startsWith('srt:') ? 'srt' : 'rtmp';
  if (spoken !== protocol) throw refuse.otherProtocol(protocol);
  const alike = job.streams.find(
    (stream) => !isOver(stream) && (isSameStream(stream.url, url) || isSameStream(url, stream.url)),
  );
  if (alike) throw alike.addressId === addressId ? refuse.alreadyThere() : refuse.looksAlike();
}

function needStream(job: JobState, id: string): StreamState {
  const stream = job.streams.find((one) => one.id === id);
  if (stream) return stream;
  throw refuse.noSuch();
}

const isAtServer = ({ step }: StreamState): boolean => step.at !== 'waiting' && step.at !== 'over';

/** Without its last stream a job that has nothing else ends. */
function needAnother(job: JobState, stream: StreamState): void {
  const outputs = outputsOf(job.request);
  const made = 'results' in job.egress ? job.egress.results : null;
  const hasOther =
    (outputs !== null && (outputs.file !== null || outputs.segments !== null || outputs.images.length > 0)) ||
    (made !== null && made.files.length + made.segments.length + made.images.length > 0);
  const others = job.streams.filter((other) => other !== stream && isAtServer(other) && other.wish !== 'off');
  if (!hasOther && others.length === 0) throw refuse.last();
}
