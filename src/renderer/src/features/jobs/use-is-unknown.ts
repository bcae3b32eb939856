import type { Job } from '../../../../shared/model/job.ts';
import { useIsCoreAway, useIsStale } from '../../ui/use-stale.ts';

/** True while the state of a job is only what was seen last: egress is seen through its server, the desk is Cuedesk itself. */
export function useIsUnknown(job: Job): boolean {
  const isStale = useIsStale();
  const isCoreAway = useIsCoreAway();
  return job.engine === 'egress' ? isStale : isCoreAway;
}
