import { layoutTruth } from '../../shared/model/layout.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { JobState } from './job-state.ts';
import type { EgressPort } from './ports.ts';

export interface LayoutControlOptions {
  /** Throws a ProblemError where there is no such job. */
  readonly jobOf: (jobId: string) => JobState;
  readonly portOf: (serverId: string) => EgressPort | null;
  readonly onSent: (jobId: string, layout: string) => void;
  readonly signal: AbortSignal;
}

/** Tells the template of a running job another layout. Whether it follows, no server tells. */
export class LayoutControl {
  readonly #options: LayoutControlOptions;
  constructor(options: LayoutControlOptions) {
    this.#options = options;
  }

  /** Resolves when the server has passed it on. Rejects with a ProblemError (`no-layout`, `job-over`, or the server's). */
  async change(jobId: string, layout: string): Promise<void> {
    const job = this.#options.jobOf(jobId);
    if (layoutTruth(job.request, () => false) === 'none') throw noLayout();
    const port = this.#options.portOf(job.serverId);
    if (!port || job.egress.at !== 'active' || job.stopAskedAtMs !== null) throw over();
    await port.updateLayout(job.egress.egressId, layout, this.#options.signal);
    this.#options.onSent(jobId, layout);
  }
}

const noLayout = (): ProblemError =>
  new ProblemError({
    code: 'no-layout',
    fault: 'yours',
    retryable: false,
    text: 'No template lays out this job: there is no layout to change.',
    advice: 'Start it with a layout.',
  });
const over = (): ProblemError =>
  new ProblemError({
    code: 'job-over',
    fault: 'yours',
    retryable: true,
    text: 'The layout of a job can be changed only while it records.',
    advice: 'Wait until it does, or start it again.',
  });
