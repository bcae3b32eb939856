import { join } from 'node:path';
import type { ConsoleContract } from '../../shared/contract/index.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import { fileProblem } from '../desk/file-problem.ts';
import { saveBundle, type SavedBundle } from '../observe/support-bundle.ts';
import type { ConsoleParts } from './parts.ts';
import { supportParts } from './support-parts.ts';

type All = Handlers<ConsoleContract>;

/** One file for somebody who helps. */
export function supportHandlers(parts: ConsoleParts): Pick<All, 'saveSupportBundle' | 'revealSupportBundle'> {
  const { host, dataFolder, clock, log } = parts;
  const folder = join(dataFolder, 'support');
  let saving: Promise<SavedBundle> | null = null;
  const save = async (): Promise<SavedBundle> => {
    try {
      return await saveBundle({ folder, atMs: clock.nowMs(), parts: supportParts(parts) });
    } catch (cause) {
      log.error('A support bundle could not be written', {}, cause);
      throw notWritten(cause);
    } finally {
      saving = null;
    }
  };
  return {
    saveSupportBundle: () => (saving ??= save()), // two windows that ask at once get the same
    revealSupportBundle: async ({ fileName }) => (await host.reveal(join(folder, fileName)), null),
  };
}

function notWritten(cause: unknown): ProblemError {
  const { text, said } = fileProblem(cause, 'support').problem;
  return new ProblemError(
    {
      code: 'support-not-saved',
      fault: 'yours',
      retryable: true,
      text: `The support bundle could not be written. ${text}`,
      ...(said === undefined ? {} : { said }),
      advice: 'Check that the disk has room and the data folder may be written.',
    },
    { cause },
  );
}
