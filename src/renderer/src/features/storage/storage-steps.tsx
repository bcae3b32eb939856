import type { StorageStep } from '../../../../shared/model/storage.ts';
import { storageWords as text } from '../../text/storage-messages.ts';

/** What the test tried, one line each; one that failed says what the storage said and what to do. */
export function StorageSteps({ steps }: { readonly steps: readonly StorageStep[] }) {
  return (
    <ul className="checks" aria-live="polite" aria-label={text.stepsLabel}>
      {steps.map((step) => (
        <li key={step.id} className={step.state === 'failed' ? 'hurt' : ''}>
          <span className={step.state === 'failed' ? 'w warn' : 'w dim'}>{text.states[step.state]}</span>
          {step.state === 'failed' ? (
            <b>{step.text}</b>
          ) : (
            <span className={step.state === 'not-run' ? 'dim' : ''}>{step.text}</span>
          )}
          <span className="mark">{step.tookMs === null ? text.steps[step.id] : text.took(step.tookMs)}</span>
          {step.problem?.said === undefined ? null : (
            <span className="sub">
              {text.said} <span className="said">{step.problem.said}</span>
            </span>
          )}
          {step.problem?.advice === undefined ? null : <span className="sub">{step.problem.advice}</span>}
        </li>
      ))}
    </ul>
  );
}
