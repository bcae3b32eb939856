import { useState } from 'react';
import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { bytes, timer } from '../../../../shared/text/figures.ts';
import { clockUtc } from '../../../../shared/text/utc.ts';
import { historyWords as text } from '../../text/history-messages.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { FileButtons } from '../jobs/job-files.tsx';
import { contentOf } from '../jobs/job-words.ts';
import { FileCheckNote } from '../storage/file-check-note.tsx';
import { useStory } from './use-history.ts';

/** What a job made, and what happened to it, line by line with the server's own words. */
export function HistoryStory({ job }: { readonly job: Job }) {
  const lines = useStory(job.id);
  const [trouble, setTrouble] = useState<string | null>(null);
  return (
    <div className="history-story">
      <section aria-label={text.results}>
        <h3 className="cap">{text.results}</h3>
        <p className="sub">{job.text}</p>
        {job.files.length === 0 ? (
          <p className="sub">{isRunning(job) ? text.noResultsYet : text.noResults}</p>
        ) : (
          <ul>
            {job.files.map((file) => (
              <li key={file.id}>
                <span>
                  <Copyable text={file.location} label={file.name} />{' '}
                  <span className="sub">
                    {[
                      contentOf(file),
                      file.durationMs === null ? '' : timer(file.durationMs),
                      file.bytes === null ? '' : bytes(file.bytes),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </span>
                {file.isLocal || !file.isComplete ? (
                  <span className="do">
                    <FileButtons job={job} file={file} onTrouble={setTrouble} />
                  </span>
                ) : null}
                <FileCheckNote job={job} file={file} />
              </li>
            ))}
          </ul>
        )}
        {trouble === null ? null : (
          <p className="warn" role="alert">
            {trouble}
          </p>
        )}
      </section>
      <section aria-label={text.story}>
        <h3 className="cap">{text.story}</h3>
        {lines === null ? null : lines.length === 0 ? (
          <p className="sub">{text.noStory}</p>
        ) : (
          <ol>
            {lines.map((line, index) => (
              // Lines of a story never move.
              <li key={`${line.atMs} ${index}`}>
                <span className="mono">{clockUtc(line.atMs)}</span>
                <span>
                  {line.told}
                  {line.said === '' ? null : <span className="sub said">{text.said(line.said)}</span>}
                </span>
              </li>
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}
