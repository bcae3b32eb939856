import type { ConsoleContract } from '../../shared/contract/index.ts';
import { isRunning } from '../../shared/model/job.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { idsOf } from '../../shared/model/request-ids.ts';
import { anyRuleRequest } from '../../shared/model/rule-request.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import { testStorage } from '../storage/test-storage.ts';
import { needUnnamed, showsWith } from './named-in.ts';
import type { ConsoleParts } from './parts.ts';

const rowsEveryMs = 100;

/** The storage profiles. */
export function storageHandlers({
  storages,
  servers,
  jobs,
  shows,
  rules,
  clock,
}: ConsoleParts): Pick<Handlers<ConsoleContract>, 'storages' | 'saveStorage' | 'removeStorage' | 'testStorage'> {
  const jobsWith = (storageId: string): readonly string[] =>
    servers.servers.value.servers
      .flatMap((server) => jobs.jobs(server.id).value.jobs)
      .filter((job) => isRunning(job) && idsOf(job.request).storageIds.includes(storageId))
      .map((job) => `${job.title} in ${job.roomName}`);
  const rulesWith = (storageId: string): readonly string[] =>
    servers.servers.value.servers
      .flatMap((server) => rules.rules(server.id).value.rules)
      .filter(({ rule }) => {
        const request = anyRuleRequest(rule);
        return request !== null && idsOf(request).storageIds.includes(storageId);
      })
      .map(({ rule }) => rule.name);
  return {
    storages: (_params, signal) => storages.storages.read(signal, rowsEveryMs),
    saveStorage: async (input) => {
      const known = input.storageId === undefined ? null : storages.find(input.storageId);
      const isMoved = known !== null && JSON.stringify(known.place) !== JSON.stringify(input.place);
      // What a running job has written is looked for where the profile says.
      if (known && isMoved) needUnused(jobsWith(known.id));
      return storages.save(input);
    },
    testStorage: async (input, signal) => testStorage({ ...(await storages.draft(input)), clock, signal }),
    removeStorage: async ({ storageId }) => {
      needUnused(jobsWith(storageId));
      needUnnamed('storage', 'show', showsWith({ shows }, 'storageIds', storageId));
      needUnnamed('storage', 'rule', rulesWith(storageId));
      await storages.remove(storageId);
      return null;
    },
  };
}

function needUnused(users: readonly string[]): void {
  if (users.length === 0) return;
  throw new ProblemError({
    code: 'storage-in-use',
    fault: 'yours',
    retryable: true,
    text: `A job that runs uses this storage: ${users.join(', ')}.`,
    advice: 'Stop the job first. Name and keys can be changed meanwhile, the place cannot.',
  });
}
