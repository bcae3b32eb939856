import { Fragment, useState } from 'react';
import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { bytes, timer } from '../../../../shared/text/figures.ts';
import { stampUtc } from '../../../../shared/text/utc.ts';
import { historyWords as text } from '../../text/history-messages.ts';
import { LinkBtn } from '../../ui/button.tsx';
import { Tally } from '../../ui/tally.tsx';
import { lengthMs } from '../jobs/job-words.ts';
import { HistoryStory } from './history-story.tsx';

/** One row a job, newest first; a press on its title opens what it made and what happened to it. */
export function HistoryTable({ jobs }: { readonly jobs: readonly Job[] }) {
  const [openId, setOpenId] = useState<string | null>(null);
  const { columns } = text;
  return (
    <table className="log history" aria-label={text.table}>
      <thead>
        <tr>
          <th scope="col">{columns.time}</th>
          <th scope="col">{columns.what}</th>
          <th scope="col">{columns.room}</th>
          <th scope="col">{columns.kind}</th>
          <th scope="col">{columns.length}</th>
          <th scope="col">{columns.size}</th>
          <th scope="col">{columns.state}</th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => {
          const isOpen = job.id === openId;
          return (
            <Fragment key={job.id}>
              <tr>
                <td className="mono">{stampUtc(job.requestedAtMs)}</td>
                <td>
                  <LinkBtn
                    aria-expanded={isOpen}
                    aria-label={isOpen ? text.closeOf(job.title) : text.storyOf(job.title)}
                    onPress={() => setOpenId(isOpen ? null : job.id)}
                  >
                    <bdi>{job.title}</bdi>
                  </LinkBtn>
                </td>
                <td>
                  <bdi>{job.roomName}</bdi>
                </td>
                <td className="sub">{text.kinds[job.request.kind]}</td>
                <td className="mono">{lengthText(job)}</td>
                <td className="mono">{sizeText(job)}</td>
                <td>
                  <StateTally job={job} />
                </td>
              </tr>
              {isOpen ? (
                <tr className="opened">
                  <td colSpan={7}>
                    <HistoryStory job={job} />
                  </td>
                </tr>
              ) : null}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

function lengthText(job: Job): string {
  const ms = lengthMs(job);
  return ms === null ? '' : timer(ms);
}
function sizeText(job: Job): string {
  const sizes = job.files.flatMap((file) => (file.bytes === null ? [] : [file.bytes]));
  return sizes.length === 0 ? '' : bytes(sizes.reduce((sum, size) => sum + size, 0));
}

function StateTally({ job }: { readonly job: Job }) {
  if (job.phase === 'failed')
    return (
      <Tally tone="trouble" isSoft isWide>
        {text.states.failed}
      </Tally>
    );
  const word = job.phase === 'armed' ? text.armed : isRunning(job) ? text.states.running : text.states.done;
  return (
    <Tally tone={isRunning(job) ? 'armed' : 'off'} isSoft={isRunning(job)} hasEdge={!isRunning(job)} isWide>
      {word}
    </Tally>
  );
}
