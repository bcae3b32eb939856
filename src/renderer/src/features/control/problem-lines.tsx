import type { ReactNode } from 'react';
import type { Problem } from '../../../../shared/model/common.ts';
import { IntoView } from './into-view.tsx';

/** The three parts of a refusal in a dialog: what was refused, the server's own words, what can be done. */
export function ProblemLines(props: { readonly problem: Problem | null; readonly children?: ReactNode }) {
  const { problem, children } = props;
  return (
    <div role="alert">
      {problem === null ? null : (
        <IntoView key={problem.text} className="blank trouble refused">
          <p>
            <b>{problem.text}</b>
          </p>
          {problem.said === undefined ? null : <p className="quote">{problem.said}</p>}
          {problem.advice === undefined ? null : <p className="sub">{problem.advice}</p>}
          {children}
        </IntoView>
      )}
    </div>
  );
}
