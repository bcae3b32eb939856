import type { ConsoleContract } from '../../shared/contract/index.ts';
import { isRunning, type Job } from '../../shared/model/job.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { idsOf } from '../../shared/model/request-ids.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import type { ConsoleParts } from './parts.ts';

const rowsEveryMs = 100;

/** The address book. */
export function addressHandlers({
  addresses,
  servers,
  jobs,
}: ConsoleParts): Pick<Handlers<ConsoleContract>, 'addresses' | 'saveAddress' | 'removeAddress' | 'copyAddress'> {
  const usersOf = (addressId: string): readonly Job[] =>
    servers.servers.value.servers
      .flatMap((server) => jobs.jobs(server.id).value.jobs)
      .filter((job) => isRunning(job) && isUsedBy(job, addressId));
  const needUnused = (addressId: string): void => {
    const users = usersOf(addressId);
    if (users.length > 0) throw inUse(users);
  };
  return {
    addresses: (_params, signal) => addresses.addresses.read(signal, rowsEveryMs),
    saveAddress: async (input) => {
      // A running stream can be taken off only by the very address that it was added by.
      if (input.addressId !== undefined && input.url !== undefined) needUnused(input.addressId);
      return addresses.save(input);
    },
    removeAddress: async ({ addressId }) => (needUnused(addressId), await addresses.remove(addressId), null),
    copyAddress: async ({ addressId }) => ({ url: await addresses.urlOf(addressId) }),
  };
}

/** A destination that was dropped is free, though the job was started with it. */
function isUsedBy(job: Job, addressId: string): boolean {
  const own = job.destinations.find((destination) => destination.addressId === addressId);
  return own ? own.state !== 'dropped' && own.state !== 'finished' : idsOf(job.request).addressIds.includes(addressId);
}

const inUse = (users: readonly Job[]): ProblemError =>
  new ProblemError({
    code: 'address-in-use',
    fault: 'yours',
    retryable: true,
    text: `A job that runs uses this address: ${users.map((job) => `${job.title} in ${job.roomName}`).join(', ')}.`,
    advice: 'Stop the job first. The address cannot be changed or removed meanwhile, its name can.',
  });
