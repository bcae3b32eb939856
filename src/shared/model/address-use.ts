import { isRunning, type Job } from './job.ts';
import { idsOf } from './request-ids.ts';

/** A job that runs uses an address: as a destination that is not dropped, or as the page, template or socket of its request. */
export function usesAddress(job: Job, addressId: string): boolean {
  if (!isRunning(job)) return false;
  const own = job.destinations.find((destination) => destination.addressId === addressId);
  if (own) return own.state !== 'dropped' && own.state !== 'finished';
  return idsOf(job.request).addressIds.includes(addressId);
}
