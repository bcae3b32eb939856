import type { ReactNode } from 'react';

export type TallyTone = 'live' | 'armed' | 'trouble' | 'off';

export interface TallyProps {
  readonly tone: TallyTone;
  /** The tint instead of the solid: where a tally repeats (rooms, people) rather than is acted on. */
  readonly isSoft?: boolean;
  readonly isWide?: boolean;
  /** An edge around the grey one: a state rather than an absence. */
  readonly hasEdge?: boolean;
  readonly title?: string;
  /** The word: never a colour alone. */
  readonly children: ReactNode;
}

/** A word in the colour of its meaning: on air red, armed green, trouble amber, off grey. */
export function Tally({ tone, isSoft = false, isWide = false, hasEdge = false, title, children }: TallyProps) {
  const names = ['t', tone, isSoft ? 'soft' : '', isWide ? 'wide' : '', hasEdge ? 'edge' : ''];
  return (
    <span className={names.filter(Boolean).join(' ')} title={title}>
      {children}
    </span>
  );
}
