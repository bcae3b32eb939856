import { z } from 'zod';
import { FileCheck, FileLink } from '../model/file-check.ts';
import { call, stateFeed } from '../rpc/contract.ts';

const File = z.object({ jobId: z.string(), fileId: z.string() });

export const files = {
  /** What was found of the files of ended jobs in their storages, newest first. */
  fileChecks: stateFeed(z.object({}), z.object({ checks: z.array(FileCheck) })),
  /** Looks again. */
  checkFile: call(File, FileCheck),
  /** An address that opens the file for who knows it: a secret, for the clipboard and nothing else. */
  linkFile: call(File, FileLink),
};
