import type { ConsoleContract } from '../../shared/contract/index.ts';
import type { Job, JobFile } from '../../shared/model/job.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import { noSuchFile } from '../jobs/job-errors.ts';
import { fileAddress } from './file-address.ts';
import type { ConsoleParts } from './parts.ts';

const rowsEveryMs = 100;
type Names = 'fileChecks' | 'checkFile' | 'linkFile' | 'fileAddress' | 'revealFile';
type Parts = Pick<ConsoleParts, 'jobs' | 'history' | 'servers' | 'fileChecks' | 'plane' | 'host'>;
interface Which {
  readonly jobId: string;
  readonly fileId: string;
}

/** Files of jobs, here and in their storages, however long ago they ended. */
export function fileHandlers(parts: Parts): Pick<Handlers<ConsoleContract>, Names> {
  const { jobs, history, fileChecks, host } = parts;
  const find = ({ jobId, fileId }: Which): readonly [Job, JobFile] => {
    const job = jobs.find(jobId) ?? history.job(jobId);
    const file = job?.files.find(({ id }) => id === fileId);
    if (!job || !file) throw noSuchFile();
    return [job, file];
  };
  return {
    fileChecks: (_params, signal) => fileChecks.checks.read(signal, rowsEveryMs),
    checkFile: async (which) => fileChecks.check(...find(which)),
    linkFile: async (which) => fileChecks.link(...find(which)),
    fileAddress: async (which) => fileAddress(parts, ...find(which)),
    revealFile: async (which) => {
      const [, file] = find(which);
      if (!file.isLocal) throw notHere();
      await host.reveal(file.location);
      return null;
    },
  };
}

const notHere = (): ProblemError =>
  new ProblemError({
    code: 'not-here',
    fault: 'yours',
    retryable: false,
    text: 'This file is not on this computer.',
  });
