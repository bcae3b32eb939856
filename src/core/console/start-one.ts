import type { Job } from '../../shared/model/job.ts';
import type { ConsoleParts } from './parts.ts';
import type { Order } from './planning.ts';
import { refuseUnfit } from './request-checks.ts';

/** Starts one job under the title that was given, or the usual one. Throws a ProblemError, also where it is known to be unfit. */
export function startOne(
  parts: Pick<ConsoleParts, 'jobs' | 'servers' | 'rooms'>,
  order: Order & { readonly title?: string | undefined },
): Job {
  refuseUnfit(parts, order);
  return parts.jobs.start(order);
}
