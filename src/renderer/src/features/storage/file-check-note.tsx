import { useStore } from 'zustand';
import type { FileCheck } from '../../../../shared/model/file-check.ts';
import { canSign, storageOfFile } from '../../../../shared/model/file-storage.ts';
import { clockUtc } from '../../../../shared/text/utc.ts';
import { isRunning, type Job, type JobFile } from '../../../../shared/model/job.ts';
import { fileChecksStore } from '../../stores/file-checks.ts';
import { isSharingScreen, settingsStore } from '../../stores/settings.ts';
import { storagesStore } from '../../stores/storages.ts';
import { openDialog } from '../../stores/view.ts';
import { storageWords } from '../../text/storage-messages.ts';
import { isPlayable } from '../jobs/job-words.ts';
import { LinkBtn } from '../../ui/button.tsx';
import { Private } from '../../ui/private.tsx';
import { useFileCalls } from './use-file-calls.ts';

const text = storageWords.file;

function useFileCheck(job: Job, file: JobFile): FileCheck | null {
  return useStore(
    fileChecksStore,
    ({ checks }) => checks.find((check) => check.jobId === job.id && check.fileId === file.id) ?? null,
  );
}

/** What the storage says of a file, since when, and what can be done with it there, as long as its profile is kept. */
export function FileCheckNote({ job, file }: { readonly job: Job; readonly file: JobFile }) {
  const check = useFileCheck(job, file);
  const storage = useStore(storagesStore, ({ storages }) =>
    file.isLocal || file.content === 'images' || isRunning(job) ? null : storageOfFile(job, file, storages),
  );
  const isShared = useStore(settingsStore, isSharingScreen);
  const { note, again, link } = useFileCalls(job, file);
  if (!file.isComplete || (check === null && storage === null && !file.isInBackup)) return null;
  const isTrouble = check?.state === 'missing' || check?.state === 'differs';
  const isThere = check !== null && check.storage !== null && (check.state === 'there' || check.state === 'differs');
  // Nobody has looked, or could: the link opens it where it is still there.
  const mayBeThere = check === null || check.state === 'unknown';
  const hasLink = file.content !== 'images' && (isThere || (mayBeThere && storage !== null && canSign(storage)));
  return (
    <div className="l3 sub file-check">
      {file.isInBackup ? <span className="warn">{text.inBackup}</span> : null}
      {check === null ? null : (
        <span className={isTrouble ? 'warn' : ''}>
          {text.checked(`${clockUtc(check.atMs)} UTC`, isShared ? null : check.storage, check.text)}
          {check.checksum === null ? null : <Checksum {...check.checksum} />}
        </span>
      )}
      {check === null && storage === null ? null : (
        <span className="row">
          {check === null && storage ? (
            <span>
              {text.liesIn} <Private>{storage.name}</Private>
              {canSign(storage) ? '' : text.noKey}
            </span>
          ) : null}
          <LinkBtn aria-label={check === null ? text.lookOf(file.name) : text.againOf(file.name)} onPress={again}>
            {check === null ? text.look : text.again}
          </LinkBtn>
          {hasLink ? (
            <LinkBtn aria-label={text.linkOf(file.name)} onPress={link}>
              {text.link}
            </LinkBtn>
          ) : null}
          {hasLink && check?.state !== 'differs' && isPlayable(file) ? (
            <LinkBtn
              aria-label={text.playOf(file.name)}
              onPress={() => openDialog({ name: 'player', jobId: job.id, fileId: file.id, fileName: file.name })}
            >
              {text.play}
            </LinkBtn>
          ) : null}
        </span>
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
