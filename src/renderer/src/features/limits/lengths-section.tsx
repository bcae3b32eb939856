import { useState } from 'react';
import { useStore } from 'zustand';
import type { LimitedOutput } from '../../../../shared/model/session-length.ts';
import { duration } from '../../../../shared/text/figures.ts';
import { useApi } from '../../api-context.ts';
import { limitsStore } from '../../stores/limits.ts';
import { limitsWords } from '../../text/limits-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Check } from '../../ui/field.tsx';
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
      <table className="log mid limits-log">
        <thead>
          <tr>
            <th scope="col">{text.output}</th>
            <th scope="col" className="num">
              {text.atMost}
            </th>
            <th scope="col">{words.limits.source}</th>
            <th scope="col">
              <span className="vh">{words.limits.change}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lengths.map(({ output, limitMs, from }) => (
            <tr key={output}>
              <td>{text.outputs[output]}</td>
              <td className="num">
                <b>{limitMs === null ? words.limits.unknown : duration(limitMs)}</b>
              </td>
              <td>
                <span className="sub">{from}</span>
              </td>
              <td className="num">
                <Btn
                  aria-label={(limitMs === null ? text.declare : text.change)(text.outputs[output])}
                  onPress={() => setEditing(output)}
                >
                  {limitMs === null ? words.limits.declare : words.limits.change}
                </Btn>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
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
