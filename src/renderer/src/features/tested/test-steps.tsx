import type { Problem } from '../../../../shared/model/common.ts';
import { testedWords as text } from '../../text/tested-messages.ts';

export interface TestStep {
  readonly id: string;
  readonly state: keyof typeof text.states;
  readonly text: string;
  readonly tookMs: number | null;
  readonly problem?: Problem | undefined;
}

/** What a test looked at, one line each; one that failed says what the other side said and what to do. */
export function TestSteps<Step extends TestStep>(props: {
  readonly steps: readonly Step[];
  readonly names: Readonly<Record<Step['id'], string>>;
}) {
  return (
    <ul className="checks" aria-live="polite" aria-label={text.found}>
      {props.steps.map((step) => (
        <li key={step.id} className={step.state === 'failed' ? 'hurt' : ''}>
          <span className={step.state === 'failed' ? 'w warn' : 'w dim'}>{text.states[step.state]}</span>
          {step.state === 'failed' ? (
            <b>{step.text}</b>
          ) : (
            <span className={step.state === 'not-run' ? 'dim' : ''}>{step.text}</span>
          )}
          <span className="mark">
            {step.state === 'not-run' // its text is its name
              ? null
              : step.tookMs === null
                ? props.names[step.id as Step['id']]
                : text.took(step.tookMs)}
          </span>
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
