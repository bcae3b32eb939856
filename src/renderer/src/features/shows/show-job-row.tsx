import { Input, TextField } from 'react-aria-components';
import type { ShowJob } from '../../../../shared/model/show.ts';
import { isTimed } from '../../../../shared/model/timing.ts';
import { showsWords as text } from '../../text/shows-messages.ts';
import { timingWords } from '../start/timing-fields.tsx';
import { startWords } from '../../text/start-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Private } from '../../ui/private.tsx';
import { jobLine } from './job-words.ts';

export interface ShowJobRowProps {
  readonly job: ShowJob;
  readonly index: number;
  /** What it names and this computer does not have. */
  readonly lacks: readonly { readonly name: string; readonly shown: string }[];
  readonly onTitle: (title: string) => void;
  readonly onChange: () => void;
  readonly onRemove: () => void;
}

/** One job of a show: its name, what it is, what must be entered for it here. */
export function ShowJobRow({ job, index, lacks, onTitle, onChange, onRemove }: ShowJobRowProps) {
  return (
    <li>
      <TextField
        aria-label={text.jobTitle(index + 1)}
        value={job.title}
        maxLength={120}
        isInvalid={job.title.trim() === ''}
        onChange={onTitle}
      >
        <span className={job.title.trim() === '' ? 'field is-bad' : 'field'}>
          <Input />
        </span>
      </TextField>
      <span className="sub">
        {jobLine(job.request)}
        <span className="mark"> {startWords.hows[job.mode]}</span>
        {isTimed(job.timing) ? <span className="mark"> · {timingWords(job.timing)}</span> : null}
      </span>
      <span className="row">
        <Btn aria-label={text.changeJob(job.title)} onPress={onChange}>
          {text.change}
        </Btn>
        <Btn look="quiet" aria-label={text.removeJob(job.title)} onPress={onRemove}>
          {text.remove}
        </Btn>
      </span>
      {lacks.map(({ name, shown }) => (
        <span className="wide warn" key={`${name} ${shown}`}>
          {text.toEnter} <Private>{[name, shown].filter((part) => part !== '').join(', ')}</Private>
        </span>
      ))}
    </li>
  );
}
