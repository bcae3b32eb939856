import type { ReactNode } from 'react';

export interface PanelHeadProps {
  /** The id that the panel names itself by. */
  readonly id: string;
  readonly title: string;
  readonly hasLine?: boolean;
  readonly children?: ReactNode;
}

/** The head of a panel: its name in capitals, then what the panel wants to say in a few words. */
export function PanelHead({ id, title, hasLine = false, children }: PanelHeadProps) {
  return (
    <div className={hasLine ? 'head sep' : 'head'}>
      <h2 id={id}>{title}</h2>
      {children}
    </div>
  );
}
