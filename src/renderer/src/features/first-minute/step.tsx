import type { ReactNode } from 'react';
import { dialogWords } from '../../text/dialog-messages.ts';

const text = dialogWords.first;

export interface StepProps {
  readonly n: number;
  readonly title: string;
  readonly state: 'next' | 'now' | 'done';
  readonly body: string;
  /** The body may be of several lines. */
  readonly isLong?: boolean;
  readonly children: ReactNode;
}

/** One step of the strip. */
export function Step({ n, title, state, body, isLong = false, children }: StepProps) {
  return (
    <li
      className={`${state === 'done' ? 'done' : ''} ${isLong ? 'long' : ''}`}
      aria-current={state === 'now' ? 'step' : undefined}
    >
      <span className={state === 'now' ? 'n now' : 'n'}>{n}</span>
      <h3>{title}</h3>
      <p className="sub">{body}</p>
      <div className="act">
        {children}
        {state === 'done' ? <span className="good sub">{text.done}</span> : null}
      </div>
    </li>
  );
}
