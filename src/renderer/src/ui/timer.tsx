import { timer } from '../../../shared/text/figures.ts';
import { Copyable } from './copyable.tsx';
import { useNow } from './use-now.ts';

export interface TimerProps {
  /** When the media began (wall clock); null before: shows dashes. */
  readonly sinceMs: number | null;
  /** Where it has ended, the timer stands. */
  readonly untilMs?: number | null;
  readonly className?: string;
  /** Spoken name before the value: "Recording time". */
  readonly label: string;
}

/** HH:MM:SS since something began, copyable. */
export function Timer({ sinceMs, untilMs = null, className = '', label }: TimerProps) {
  const nowMs = useNow();
  if (sinceMs === null) return <span className={`timer dim ${className}`}>--:--:--</span>;
  return <Copyable className={className} label={label} text={timer((untilMs ?? nowMs) - sinceMs)} />;
}
