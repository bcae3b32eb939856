import type { ServerCheck } from '../../../../shared/model/server.ts';
import { dialogWords } from '../../text/dialog-messages.ts';

const text = dialogWords.connect;

/** What the test looked at, one line each; one that failed says what the server said and what to do. */
export function Checks({ checks }: { readonly checks: readonly ServerCheck[] }) {
  return (
    <ul className="checks" aria-live="polite" aria-label={text.checksLabel}>
      {checks.map((check) => (
        <li key={check.id} className={check.state === 'failed' ? 'hurt' : ''}>
          <span className={check.state === 'failed' ? 'w warn' : 'w dim'}>{text.states[check.state]}</span>
          {check.state === 'failed' ? (
            <b>{check.text}</b>
          ) : (
            <span className={check.state === 'not-run' ? 'dim' : ''}>{check.text}</span>
          )}
          <span className="mark">{check.tookMs === null ? text.checks[check.id] : text.took(check.tookMs)}</span>
          {check.problem?.said === undefined ? null : (
            <span className="sub">
              {text.said} <span className="said">{check.problem.said}</span>
            </span>
          )}
          {check.problem?.advice === undefined ? null : <span className="sub">{check.problem.advice}</span>}
        </li>
      ))}
    </ul>
  );
}
