import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { useApi } from '../../api-context.ts';
import { span } from '../../text/format.ts';
import { watchWords as text } from '../../text/watch-messages.ts';
import { LinkBtn } from '../../ui/button.tsx';
import { useStartJob } from './use-job-commands.ts';

type Step = Job['warnings'][number]['steps'][number];

/** What does not go as it should with a running job, each with its next step; and the rules that end it. */
export function JobWarnings({
  job,
  onTrouble,
}: {
  readonly job: Job;
  readonly onTrouble: (text: string | null) => void;
}) {
  if (!isRunning(job)) return null;
  return (
    <>
      {job.unknownSinceMs === null ? null : <p className="l3 sub warn">{text.unknown(job.unknownSinceMs)}</p>}
      {job.warnings.length === 0 ? null : (
        <ul className="l3 sub warnings" aria-label={text.warningsOf(job.title)}>
          {job.warnings.map((warning) => (
            <li key={warning.code}>
              <b className="warn">{warning.text}</b> <span className="sub">{warning.advice}</span>{' '}
              <Steps job={job} steps={warning.steps} onTrouble={onTrouble} />
            </li>
          ))}
        </ul>
      )}
      <EndsNote job={job} />
    </>
  );
}

function Steps({
  job,
  steps,
  onTrouble,
}: {
  readonly job: Job;
  readonly steps: readonly Step[];
  readonly onTrouble: (text: string | null) => void;
}) {
  const api = useApi();
  const start = useStartJob();
  const { id: jobId, title, mode, request, roomName } = job;
  const call = (step: 'recordHere' | 'forgetJob'): void => {
    onTrouble(null);
    api.run((core) => core[step]({ jobId })).catch((error: unknown) => onTrouble(text.notDone(problemOf(error).text)));
  };
  return steps.map((step) => {
    switch (step) {
      case 'record-here':
        return (
          <LinkBtn key={step} aria-label={text.recordHereOf(title)} onPress={() => call('recordHere')}>
            {text.recordHere}
          </LinkBtn>
        );
      case 'forget':
        return (
          <LinkBtn key={step} aria-label={text.forgetOf(title)} onPress={() => call('forgetJob')}>
            {text.forget}
          </LinkBtn>
        );
      case 'retry':
        // What was asked for elsewhere is known in part only.
        return job.startedBy === 'elsewhere' ? null : (
          <LinkBtn
            key={step}
            aria-label={text.retryOf(title)}
            onPress={() => start({ mode, request, roomName, title })}
          >
            {text.retry}
          </LinkBtn>
        );
      case 'stop':
        return null; // its own button does
    }
  });
}

function EndsNote({ job }: { readonly job: Job }) {
  const { autoStop } = job;
  if (autoStop === null || job.phase === 'stopping') return null;
  const { ends } = text;
  const rules = [
    autoStop.afterMs === null ? '' : ends.after(span(autoStop.afterMs)),
    autoStop.atMs === null ? '' : ends.at(autoStop.atMs),
    autoStop.emptyForMs === null ? '' : ends.empty(span(autoStop.emptyForMs)),
    autoStop.silentForMs === null ? '' : ends.silent(span(autoStop.silentForMs)),
  ].filter(Boolean);
  return rules.length === 0 ? null : <p className="l3 note">{ends.all(rules.join(ends.or))}</p>;
}
