import type { ConsoleContract } from '../../shared/contract/index.ts';
import { usesAddress } from '../../shared/model/address-use.ts';
import type { Job } from '../../shared/model/job.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { redactAddress } from '../../shared/text/redact.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import { needUnnamed, showsWith } from './named-in.ts';
import type { ConsoleParts } from './parts.ts';

const rowsEveryMs = 100;

/** The address book. */
export function addressHandlers({
  addresses,
  servers,
  jobs,
  shows,
}: ConsoleParts): Pick<Handlers<ConsoleContract>, 'addresses' | 'saveAddress' | 'removeAddress' | 'copyAddress'> {
  const usersOf = (addressId: string): readonly Job[] =>
    servers.servers.value.servers
      .flatMap((server) => jobs.jobs(server.id).value.jobs)
      .filter((job) => usesAddress(job, addressId));
  const needUnused = (addressId: string): void => {
    const users = usersOf(addressId);
    if (users.length > 0) throw inUse(users);
  };
  return {
    addresses: (_params, signal) => addresses.addresses.read(signal, rowsEveryMs),
    saveAddress: async (input) => {
      const { addressId, url } = input;
      const known = addressId === undefined ? null : addresses.find(addressId);
      // A running stream can be taken off only by the very address that it was added by, which may have to be entered again.
      const isAgain = known?.isMissing === true && url !== undefined && redactAddress(url) === known.url;
      if (known && url !== undefined && !isAgain) needUnused(known.id);
      return addresses.save(input);
    },
    removeAddress: async ({ addressId }) => {
      needUnused(addressId);
      needUnnamed('address', 'show', showsWith({ shows }, 'addressIds', addressId));
      await addresses.remove(addressId);
      return null;
    },
    copyAddress: async ({ addressId }) => ({ url: await addresses.urlOf(addressId) }),
  };
}

const inUse = (users: readonly Job[]): ProblemError =>
  new ProblemError({
    code: 'address-in-use',
    fault: 'yours',
    retryable: true,
    text: `A job that runs uses this address: ${users.map((job) => `${job.title} in ${job.roomName}`).join(', ')}.`,
    advice: 'Stop the job first. The address cannot be changed or removed meanwhile, its name can.',
  });
