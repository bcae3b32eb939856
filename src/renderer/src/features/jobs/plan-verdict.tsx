import type { Problem } from '../../../../shared/model/common.ts';
import { openDialog } from '../../stores/view.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { LinkBtn } from '../../ui/button.tsx';
import { Tally } from '../../ui/tally.tsx';
import { closeJobsDialog } from './jobs-view.ts';
import type { Verdict } from './use-plan.ts';

const text = jobsWords.start;

/** What will happen on Start: the headline, its facts with their source, what to expect and what to beware of. */
export function PlanVerdict({ verdict, failed }: { readonly verdict: Verdict; readonly failed: Problem | null }) {
  const { plan, problem } = verdict;
  return (
    <div className="verdict" aria-live="polite">
      {plan === null ? (
        <p className="sub">{problem === null ? text.asking : problem.text}</p>
      ) : (
        <>
          <h3 className="row">
            {plan.verdict === 'none' ? null : <Tally tone="armed">{plan.verdict === 'desk' ? 'DESK' : 'REC'}</Tally>}
            {plan.headline}
          </h3>
          {plan.expectedRefusal === null ? null : <p className="sub">{plan.expectedRefusal}</p>}
          <dl className="kv">
            {plan.facts.map((fact) => (
              <div key={fact.label}>
                <dt>{fact.label}</dt>
                <dd>
                  {fact.value} {fact.source === '' ? null : <small>{fact.source}</small>}
                </dd>
              </div>
            ))}
          </dl>
          {plan.warnings.map((warning) => (
            <p className="sub warn" key={warning}>
              {warning}
            </p>
          ))}
          {plan.expectedRefusal === null ? null : (
            <p className="sub">
              <LinkBtn
                onPress={() => {
                  closeJobsDialog();
                  openDialog({ name: 'limits' });
                }}
              >
                {jobsWords.refusal.limits}
              </LinkBtn>
            </p>
          )}
        </>
      )}
      {failed === null ? null : (
        <div role="alert">
          <p className="warn">{text.failedTitle}</p>
          <p className="sub">{failed.text}</p>
          {failed.said === undefined ? null : <p className="quote">{failed.said}</p>}
          {failed.advice === undefined ? null : <p className="sub">{failed.advice}</p>}
        </div>
      )}
    </div>
  );
}
