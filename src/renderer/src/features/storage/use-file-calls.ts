import { useState } from 'react';
import type { Job, JobFile } from '../../../../shared/model/job.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { useApi } from '../../api-context.ts';
import { clockLocal, span } from '../../text/format.ts';
import { storageWords } from '../../text/storage-messages.ts';

const text = storageWords.file;

/** Looks for a file again, and copies a link to it: the link itself goes to the clipboard and nowhere else. */
export function useFileCalls(job: Job, file: JobFile) {
  const api = useApi();
  const [note, setNote] = useState('');
  const which = { jobId: job.id, fileId: file.id };
  const tell = (work: Promise<string>): void => {
    setNote('');
    work.then(setNote, (error: unknown) => setNote(problemOf(error).text));
  };
  const again = (): void => tell(api.run((core) => core.checkFile(which)).then(() => ''));
  const link = (): void =>
    tell(
      api
        .run((core) => core.linkFile(which))
        .then(async ({ url, expiresAtMs, endsWith, doubt }) => {
          await navigator.clipboard.writeText(url);
          const copied = text.copied(clockLocal(expiresAtMs), span(expiresAtMs - Date.now()), endsWith);
          return doubt ? text.copiedUnseen(copied, doubt.text) : copied;
        }),
    );
  return { note, again, link };
}
