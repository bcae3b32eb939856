import type { ConsoleContract } from '../../shared/contract/index.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import type { ConsoleParts } from './parts.ts';

const rowsEveryMs = 100;

/** Files of ended jobs in their storages. */
export function fileHandlers({
  jobs,
  fileChecks,
}: ConsoleParts): Pick<Handlers<ConsoleContract>, 'fileChecks' | 'checkFile' | 'linkFile'> {
  return {
    fileChecks: (_params, signal) => fileChecks.checks.read(signal, rowsEveryMs),
    checkFile: ({ jobId, fileId }) => fileChecks.check(jobs.get(jobId), jobs.file(jobId, fileId)),
    linkFile: ({ jobId, fileId }) => fileChecks.link(jobs.get(jobId), jobs.file(jobId, fileId)),
  };
}
