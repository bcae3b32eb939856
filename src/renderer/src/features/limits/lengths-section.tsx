import { useState } from 'react';
import { useStore } from 'zustand';
import type { LimitedOutput } from '../../../../shared/model/session-length.ts';
import { duration } from '../../../../shared/text/figures.ts';
import { useApi } from '../../api-context.ts';
import { limitsStore } from '../../stores/limits.ts';
import { limitsWords } from '../../text/limits-messages.ts';
import { words } from '../../text/messages.ts';
import { Check } from '../../ui/field.tsx';
import { DeclaredTable } from './declared-table.tsx';
import { DeclareForm, readHours } from './declare-form.tsx';

const text = limitsWords.lengths;
const hourMs = 3_600_000;

/** How long an egress may run at the server, by output, and whether another takes over before. */
export function LengthsSection({ serverId }: { readonly serverId: string }) {
  const api = useApi();
  const lengths = useStore(limitsStore, (state) => state.lengths);
  const handsOver = useStore(limitsStore, (state) => state.handsOver);
  const [editing, setEditing] = useState<LimitedOutput | null>(null);
  const edited = lengths.find(({ output }) => output === editing);
  const declare = async (output: LimitedOutput, limitMs: number | null): Promise<void> => {
    await api.run((core) => core.declareLength({ serverId, output, limitMs }));
  };
  const switchTo = (isOn: boolean): void => {
    api
      .run((core) => core.setHandOver({ serverId, isOn }))
      .then(
        () => undefined, // the limits' own feed shows it
        () => undefined, // nothing was changed, and the switch stays as it was
      );
  };
  return (
    <section aria-label={text.title} className="declared">
      <h3 className="cap row">{text.title}</h3>
      <DeclaredTable
        head={{ what: text.output, figure: text.atMost }}
        none={words.limits.unknown}
        rows={lengths.map(({ output, limitMs, from }) => ({
          id: output,
          label: text.outputs[output],
          figure: limitMs === null ? null : duration(limitMs),
          from,
          action: (limitMs === null ? text.declare : text.change)(text.outputs[output]),
        }))}
        onEdit={setEditing}
      />
      {edited ? (
        <DeclareForm
          key={edited.output}
          title={text.declare(text.outputs[edited.output])}
          field={text.hours}
          initial={edited.limitMs === null ? '' : String(edited.limitMs / hourMs)}
          read={readHours}
          hint={text.hint}
          bad={text.bad}
          onSend={(hours) => declare(edited.output, Math.round(hours * hourMs))}
          onForget={edited.from === text.yours ? () => declare(edited.output, null) : null}
          onDone={() => setEditing(null)}
        />
      ) : null}
      <Check isOn={handsOver} onChange={switchTo}>
        {text.handOver}
      </Check>
    </section>
  );
}
