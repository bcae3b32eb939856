import { Button, Disclosure, DisclosurePanel } from 'react-aria-components';
import { isRunning, type Job, type JobFile } from '../../../../shared/model/job.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { bytes, timer } from '../../../../shared/text/figures.ts';
import { useApi } from '../../api-context.ts';
import { openDialog } from '../../stores/view.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { Btn, LinkBtn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { FileCheckNote } from '../storage/file-check-note.tsx';
import { contentOf, isGrowingPlaylist, isPlayable, isUnfinished, shortName } from './job-words.ts';

const text = jobsWords.files;

export interface FileButtonsProps {
  readonly job: Job;
  readonly file: JobFile;
  readonly onTrouble: (text: string | null) => void;
}

/** What can be done with a file: played and shown where it lies here, else its place copied. */
export function FileButtons({ job, file, onTrouble }: FileButtonsProps) {
  const api = useApi();
  const show = (): void => {
    onTrouble(null);
    api
      .run((core) => core.revealFile({ jobId: job.id, fileId: file.id }))
      .catch((error: unknown) => onTrouble(text.notShown(problemOf(error).text)));
  };
  if (!file.isComplete) return <span className="note">{isUnfinished(job, file) ? text.unfinished : text.growing}</span>;
  if (!file.isLocal)
    return (
      <Btn
        aria-label={text.copyOf(file.name)}
        onPress={() => void navigator.clipboard.writeText(file.location).catch(() => undefined)}
      >
        {text.copy}
      </Btn>
    );
  return (
    <>
      {isPlayable(file) ? (
        <Btn
          aria-label={text.playOf(file.name)}
          onPress={() => openDialog({ name: 'player', jobId: job.id, fileId: file.id, fileName: file.name })}
        >
          {text.play}
        </Btn>
      ) : null}
      <Btn aria-label={text.showOf(file.name)} onPress={show}>
        {text.show}
      </Btn>
    </>
  );
}

/** Segments play while they are recorded: the newest of them where egress writes a live playlist. */
export function GrowingPlaylist({ job }: { readonly job: Job }) {
  const growing = job.files.filter(isGrowingPlaylist);
  const file = growing.find(({ content }) => content === 'live-playlist') ?? growing[0];
  if (!isRunning(job) || !file) return null;
  const count = growing.find(({ content }) => content === 'segments')?.count ?? 0;
  return (
    <p className="l3 sub">
      {text.soFar(count)}{' '}
      <LinkBtn
        aria-label={text.playOf(file.name)}
        onPress={() => openDialog({ name: 'player', jobId: job.id, fileId: file.id, fileName: file.name })}
      >
        {text.play}
      </LinkBtn>
    </p>
  );
}

/** The other files of a job behind a fold: the sound of each person, or the copy that was made here. */
export function MoreFiles({
  job,
  main,
  onTrouble,
}: Omit<FileButtonsProps, 'file'> & { readonly main: JobFile | null }) {
  const others = job.files.filter((file) => file !== main);
  if (others.length === 0) return null;
  return (
    <Disclosure className="more-files">
      <Button slot="trigger" className="fold-trigger">
        <Icon name="right" isSmall />
        {text.more(others.length)}
      </Button>
      <DisclosurePanel>
        <ul aria-label={text.label(job.title)}>
          {others.map((file) => (
            <li key={file.id}>
              <span className="cut" title={file.location}>
                <bdi>{shortName(file)}</bdi>
              </span>
              <span className="sub">
                {[
                  contentOf(file),
                  file.durationMs === null ? '' : timer(file.durationMs),
                  file.bytes === null ? '' : bytes(file.bytes),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              <span className="do">
                <FileButtons job={job} file={file} onTrouble={onTrouble} />
              </span>
              <FileCheckNote job={job} file={file} />
            </li>
          ))}
        </ul>
      </DisclosurePanel>
    </Disclosure>
  );
}
