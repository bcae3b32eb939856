import type { Job } from '../../shared/model/job.ts';
import type { CaptionStore } from '../captions/ports.ts';
import type { MediaPlane } from '../media-plane/media-plane.ts';
import { Metrics } from '../observe/metrics.ts';

/** The metrics on the media plane, at a fixed path of its loopback address. Off unless asked for at the start. */
export class MetricsPage {
  readonly url: string;
  readonly #metrics: Metrics;
  readonly #stop: () => void;
  #running = { egress: 0, desk: 0 };
  readonly #phases = new Map<string, Job['engine']>();

  constructor(options: { readonly plane: MediaPlane; readonly captionSessions: () => number }) {
    this.#metrics = new Metrics({ activeJobs: () => this.#running, captionSessions: options.captionSessions });
    this.url = `${options.plane.origin}/metrics`;
    this.#stop = options.plane.route('/metrics', async ({ method }) =>
      method === 'GET' ? { status: 200, text: await this.#metrics.text() } : { status: 405 },
    );
  }

  jobChanged(job: Job, from: Job['phase'] | null): void {
    if (from === null) this.#metrics.jobStarted(job.engine);
    const isOver = job.phase === 'done' || job.phase === 'failed';
    if (isOver) this.#phases.delete(job.id);
    else this.#phases.set(job.id, job.engine);
    if (job.phase === 'done' || job.phase === 'failed') this.#metrics.jobEnded(job.phase);
    const engines = [...this.#phases.values()];
    this.#running = {
      egress: engines.filter((engine) => engine === 'egress').length,
      desk: engines.filter((engine) => engine === 'desk').length,
    };
  }
  refused(code: string): void {
    this.#metrics.egressRefused(code);
  }

  /** The same store; final captions are counted as they are kept. */
  counting(store: CaptionStore): CaptionStore {
    return {
      saveSession: (session, askedAtMs) => store.saveSession(session, askedAtMs),
      session: (id) => store.session(id),
      sessions: (serverId, sinceMs) => store.sessions(serverId, sinceMs),
      running: () => store.running(),
      saveEntry: (sessionId, entry) => {
        store.saveEntry(sessionId, entry);
        if (entry.type === 'utterance' && entry.isFinal) this.#metrics.captionFinal(entry.words.length, entry.delayMs);
      },
      entries: (sessionId) => store.entries(sessionId),
      noteHeard: (sessionId, untilMs) => store.noteHeard(sessionId, untilMs),
      lastHeardMs: (sessionId) => store.lastHeardMs(sessionId),
    };
  }

  close(): Promise<void> {
    this.#stop();
    return Promise.resolve();
  }
}
