import type { Dispatch } from 'react';
import type { Finding } from '../../../../shared/checks/finding.ts';
import { startWords as text } from '../../text/start-messages.ts';
import { Choices } from '../../ui/field.tsx';
import { EncodingFields } from './encoding-fields.tsx';
import { OutputFields } from './output-fields.tsx';
import type { StartChange, StartChoice } from './start-choice.ts';
import { TimingFields } from './timing-fields.tsx';
import { WhatFields } from './what-fields.tsx';

export interface StartFieldsProps {
  readonly roomName: string;
  readonly choice: StartChoice;
  readonly change: Dispatch<StartChange>;
  /** What is known to be wrong with the request, by its fields as `placed` names them. */
  readonly findings: readonly Finding[];
}

/** The fields of the start panel: what, where, how. */
export function StartForm(props: StartFieldsProps) {
  const { choice, change } = props;
  const isSound = choice.kind === 'room-sound';
  const isHere = isSound || choice.mode === 'desk-only';
  return (
    <>
      <section className="form" aria-label={text.sections.what}>
        <WhatFields {...props} />
      </section>
      <section className="form set-off" aria-label={text.sections.where}>
        {isHere ? (
          <>
            <span className="l">{text.sections.where}</span>
            <span className="note">{text.nameDesk}</span>
          </>
        ) : (
          <OutputFields {...props} />
        )}
      </section>
      <section className="form set-off" aria-label={text.sections.how}>
        {isSound ? null : (
          <Choices
            label={text.how}
            value={choice.mode}
            choices={[
              { value: 'best', label: text.hows.best },
              { value: 'egress-only', label: text.hows['egress-only'] },
              { value: 'desk-only', label: text.hows['desk-only'] },
            ]}
            onChange={(mode) => change({ do: 'set', part: { mode } })}
          />
        )}
        {isHere ? null : <EncodingFields {...props} />}
        <TimingFields {...props} />
      </section>
    </>
  );
}
