import { useStore } from 'zustand';
import type { FileCheck } from '../../../../shared/model/file-check.ts';
import type { Job, JobFile } from '../../../../shared/model/job.ts';
import { openDialog } from '../../stores/view.ts';
import { fileChecksStore } from '../../stores/file-checks.ts';
import { clockLocal } from '../../text/format.ts';
import { storageWords } from '../../text/storage-messages.ts';
import { isPlayable } from '../jobs/job-words.ts';
import { LinkBtn } from '../../ui/button.tsx';
import { useFileCalls } from './use-file-calls.ts';

const text = storageWords.file;

function useFileCheck(job: Job, file: JobFile): FileCheck | null {
  return useStore(
    fileChecksStore,
    ({ checks }) => checks.find((check) => check.jobId === job.id && check.fileId === file.id) ?? null,
  );
}

/** What the storage says of a file, since when, and what can be done with it there. */
export function FileCheckNote({ job, file }: { readonly job: Job; readonly file: JobFile }) {
  const check = useFileCheck(job, file);
  const { note, again, link } = useFileCalls(job, file);
  if (!file.isComplete || (check === null && !file.isInBackup)) return null;
  const isTrouble = check?.state === 'missing' || check?.state === 'differs';
  return (
    <div className="l3 sub file-check">
      {file.isInBackup ? <span className="warn">{text.inBackup}</span> : null}
      {check === null ? null : (
        <>
          <span className={isTrouble ? 'warn' : ''}>
            {text.checked(clockLocal(check.atMs), check.storage, check.text)}
            {check.checksum === null ? null : <Checksum {...check.checksum} />}
          </span>
          <span className="row">
            <LinkBtn aria-label={text.againOf(file.name)} onPress={again}>
              {text.again}
            </LinkBtn>
            {check.state === 'there' || check.state === 'differs' ? (
              <LinkBtn aria-label={text.linkOf(file.name)} onPress={link}>
                {text.link}
              </LinkBtn>
            ) : null}
            {check.state === 'there' && isPlayable(file) ? (
              <LinkBtn
                aria-label={text.playOf(file.name)}
                onPress={() => openDialog({ name: 'player', jobId: job.id, fileId: file.id })}
              >
                {text.play}
              </LinkBtn>
            ) : null}
          </span>
        </>
      )}
      <output>{note}</output>
    </div>
  );
}

const shownChars = 8;
/** Its beginning tells two files apart; the whole is copied by a press. */
function Checksum({ kind, value }: { readonly kind: string; readonly value: string }) {
  const short = value.length > shownChars ? `${value.slice(0, shownChars)}…` : value;
  return (
    <>
      {' '}
      <LinkBtn
        aria-label={text.sumOf(`${kind} ${short}`)}
        onPress={() => void navigator.clipboard.writeText(value).catch(() => undefined)}
      >
        {kind} {short}
      </LinkBtn>
    </>
  );
}
