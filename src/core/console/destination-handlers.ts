import type { ConsoleContract } from '../../shared/contract/index.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import type { Destination } from '../jobs/streams/stream-control.ts';
import type { ConsoleParts } from './parts.ts';

/** What can be changed of a job while it runs. */
export function destinationHandlers({
  addresses,
  jobs,
}: ConsoleParts): Pick<
  Handlers<ConsoleContract>,
  'addDestination' | 'replaceDestination' | 'dropDestination' | 'retryDestination' | 'changeLayout'
> {
  const destination = (addressId: string): Destination => {
    const address = addresses.find(addressId);
    if (address?.kind === 'rtmp' || address?.kind === 'srt')
      return { addressId, protocol: address.kind, url: address.url };
    throw new ProblemError({
      code: 'no-such-address',
      fault: 'yours',
      retryable: false,
      text: 'This is no destination of the address book.',
      advice: 'Pick another entry, or enter it again.',
    });
  };
  return {
    addDestination: async ({ jobId, addressId }) => (await jobs.streams.add(jobId, destination(addressId)), null),
    replaceDestination: async ({ jobId, destinationId, addressId }) => (
      await jobs.streams.add(jobId, destination(addressId), destinationId),
      null
    ),
    dropDestination: async ({ jobId, destinationId }) => (await jobs.streams.drop(jobId, destinationId), null),
    changeLayout: async ({ jobId, layout }) => (await jobs.layouts.change(jobId, layout), null),
    retryDestination: async ({ jobId, destinationId }) => (jobs.streams.retryNow(jobId, destinationId), null),
  };
}
