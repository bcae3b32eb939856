import type { ConsoleContract } from '../../shared/contract/index.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import { fileAddress } from './file-address.ts';
import type { ConsoleParts } from './parts.ts';

const rowsEveryMs = 100;

/** Files of jobs: played, and found in their storages. */
export function fileHandlers({
  jobs,
  servers,
  plane,
  fileChecks,
}: ConsoleParts): Pick<Handlers<ConsoleContract>, 'fileAddress' | 'fileChecks' | 'checkFile' | 'linkFile'> {
  return {
    fileAddress: ({ jobId, fileId }) =>
      fileAddress({ plane, fileChecks, servers }, jobs.get(jobId), jobs.file(jobId, fileId)),
    fileChecks: (_params, signal) => fileChecks.checks.read(signal, rowsEveryMs),
    checkFile: ({ jobId, fileId }) => fileChecks.check(jobs.get(jobId), jobs.file(jobId, fileId)),
    linkFile: ({ jobId, fileId }) => fileChecks.link(jobs.get(jobId), jobs.file(jobId, fileId)),
  };
}
