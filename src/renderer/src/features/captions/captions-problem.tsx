import type { Problem } from '../../../../shared/model/common.ts';
import { openDialog } from '../../stores/view.ts';
import { captionsWords } from '../../text/captions-messages.ts';
import { Btn } from '../../ui/button.tsx';

const text = captionsWords.problem;

/** What went wrong with captions, and what to do about it: it stays until it is over or dismissed. */
export function CaptionsProblem({
  problem,
  onDismiss,
}: {
  readonly problem: Problem | null;
  readonly onDismiss?: () => void;
}) {
  return (
    <div role="alert">
      {problem === null ? null : (
        <div className="caption-problem">
          <p>
            <b>{problem.text}</b> {problem.said === undefined ? null : <span className="quote">{problem.said}</span>}{' '}
            {problem.advice === undefined ? null : <span className="sub">{problem.advice}</span>}
          </p>
          {problem.fault === 'yours' ? (
            <Btn onPress={() => openDialog({ name: 'settings' })}>{text.settings}</Btn>
          ) : null}
          {onDismiss ? <Btn onPress={onDismiss}>{text.dismiss}</Btn> : null}
        </div>
      )}
    </div>
  );
}
