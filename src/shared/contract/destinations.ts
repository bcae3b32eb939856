import { z } from 'zod';
import { call } from '../rpc/contract.ts';

const Which = z.object({ jobId: z.string(), destinationId: z.string().max(4096) });
const AddressId = z.string().min(1).max(64);

/** What can be changed of a job while it runs: the destinations of its stream, and its layout; how they stand is told by the feed `jobs`. */
export const destinations = {
  addDestination: call(z.object({ jobId: z.string(), addressId: AddressId }), z.null()),
  /** Adds the other, and drops this one once the other is live. */
  replaceDestination: call(Which.extend({ addressId: AddressId }), z.null()),
  /** Refused for the last one of a job that is nothing but a stream: it would end. */
  dropDestination: call(Which, z.null()),
  /** Adds one that was given up without waiting for its time. */
  retryDestination: call(Which, z.null()),
  /** Passes another layout on to the template of a job; `model/layout.ts` says whether it can be seen to follow. */
  changeLayout: call(z.object({ jobId: z.string(), layout: z.string().max(128) }), z.null()),
};
