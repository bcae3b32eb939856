import { useState } from 'react';
import { useStore } from 'zustand';
import type { Problem } from '../../../../shared/model/common.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { openDialog } from '../../stores/view.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { planWords } from '../../text/plan-messages.ts';
import { startWords } from '../../text/start-messages.ts';
import { LinkBtn } from '../../ui/button.tsx';
import { Tally } from '../../ui/tally.tsx';
import { closeJobsDialog } from '../jobs/jobs-view.ts';
import { WaysDialog } from '../plan/ways-dialog.tsx';
import type { Missing } from './request-of.ts';
import type { Verdict } from './use-plan.ts';

const text = jobsWords.start;

export interface PlanVerdictProps {
  readonly verdict: Verdict;
  /** It makes nothing but a stream. */
  readonly isLive: boolean;
  /** What the panel still needs; nothing is asked before. */
  readonly missing: readonly Missing[];
  /** Findings that stand at their fields. */
  readonly told: ReadonlySet<string>;
  readonly failed: Problem | null;
}

/** What will happen on Start: the headline, its facts with their source, what to expect and what to beware of. */
export function PlanVerdict({ verdict, isLive, missing, told, failed }: PlanVerdictProps) {
  const { plan, problem } = verdict;
  const [isComparing, setComparing] = useState(false);
  const people = useStore(roomsStore, (state) => state.detail?.people.length ?? 0);
  return (
    <div className="verdict" aria-live="polite">
      {missing.length > 0 ? (
        <>
          <h3>{startWords.toStart}</h3>
          {missing.map((what) => (
            <p className="sub" key={what}>
              {startWords.missing[what]}
            </p>
          ))}
        </>
      ) : plan === null ? (
        <p className="sub">{problem === null ? text.asking : problem.text}</p>
      ) : (
        <>
          <h3 className="row">
            {plan.verdict === 'none' ? null : (
              <Tally tone="armed">{plan.verdict === 'desk' ? 'DESK' : isLive ? 'LIVE' : 'REC'}</Tally>
            )}
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
            <Lines label={planWords.lost} lines={plan.loses} />
            <Lines label={planWords.instead} lines={plan.alternative === null ? [] : [plan.alternative]} />
          </dl>
          {plan.warnings
            .filter((warning) => plan.verdict === 'none' || !told.has(warning))
            .map((warning) => (
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
          {plan.comparison.length === 0 ? null : (
            <p className="sub">
              <LinkBtn aria-haspopup="dialog" onPress={() => setComparing(true)}>
                {planWords.compare}
              </LinkBtn>
            </p>
          )}
          {isComparing ? (
            <WaysDialog ways={plan.comparison} people={people} onClose={() => setComparing(false)} />
          ) : null}
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

function Lines({ label, lines }: { readonly label: string; readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </dd>
    </div>
  );
}
