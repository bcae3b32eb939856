import { useState } from 'react';
import { useStore } from 'zustand';
import type { Acceptance, CpuKind } from '../../../../shared/model/capacity.ts';
import { useApi } from '../../api-context.ts';
import { limitsStore } from '../../stores/limits.ts';
import { limitsWords } from '../../text/limits-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { DeclareForm, readCores } from './declare-form.tsx';
import { pageState } from './worker-row.tsx';

const text = limitsWords.worker;
type Editing = CpuKind | 'page' | 'cores';

/** The Prometheus page of the server's egress worker: its address, its cores, and what it would take now. */
export function WorkerSection({ serverId }: { readonly serverId: string }) {
  const page = useStore(limitsStore, (state) => state.page);
  const nowMs = useNow();
  const [editing, setEditing] = useState<Editing | null>(null);
  return (
    <section aria-label={text.title} className="declared">
      <h3 className="cap row">
        {text.title}
        <span className="push" />
        {page === null ? null : (
          <Btn look="quiet" aria-label={text.coresNow(text.coresOf(page.cores))} onPress={() => setEditing('cores')}>
            {text.coresOf(page.cores)}
          </Btn>
        )}
        <Btn look="quiet" onPress={() => setEditing('page')}>
          {page === null ? text.declare : text.change}
        </Btn>
      </h3>
      <p className="sub">{page === null ? text.none : `${page.url} · ${pageState(page, nowMs)}`}</p>
      {page && page.kinds.length > 0 ? <Kinds kinds={page.kinds} onEdit={setEditing} /> : null}
      {editing === null ? null : (
        <Editor key={editing} serverId={serverId} editing={editing} onDone={() => setEditing(null)} />
      )}
    </section>
  );
}

function Kinds(props: { readonly kinds: readonly Acceptance[]; readonly onEdit: (kind: CpuKind) => void }) {
  return (
    <table className="log mid limits-log">
      <thead>
        <tr>
          <th scope="col">{text.kind}</th>
          <th scope="col" className="num">
            {text.takes}
          </th>
          <th scope="col">{text.why}</th>
          <th scope="col" className="num">
            {text.needs}
          </th>
        </tr>
      </thead>
      <tbody>
        {props.kinds.map((kind) => (
          <tr key={kind.kind}>
            <td>{kind.label}</td>
            <td className="num">
              <b>{text.answers[`${kind.accepts}`]}</b>
            </td>
            <td>
              <span className="sub">{kind.because}</span>
            </td>
            <td className="num">
              <Btn
                look="quiet"
                aria-label={text.costNow(text.needsCores(kind.cores), kind.label)}
                onPress={() => props.onEdit(kind.kind)}
              >
                {text.needsCores(kind.cores)}
              </Btn>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Editor(props: { readonly serverId: string; readonly editing: Editing; readonly onDone: () => void }) {
  const { serverId, editing, onDone } = props;
  const api = useApi();
  const page = useStore(limitsStore, (state) => state.page);
  if (editing === 'page') {
    const send = async (url: string | null): Promise<void> => {
      await api.run((core) => core.declareEgressPage({ serverId, url }));
    };
    return (
      <DeclareForm
        title={text.declare}
        field={text.address}
        initial={page?.url ?? ''}
        inputMode="url"
        read={(typed) => (/^https?:\/\/\S+$/.test(typed) ? typed : null)}
        hint={text.addressHint}
        bad={text.addressBad}
        action={limitsWords.save}
        onSend={send}
        onForget={page === null ? null : () => send(null)}
        onDone={onDone}
      />
    );
  }
  if (editing === 'cores') {
    const send = async (cores: number | null): Promise<void> => {
      await api.run((core) => core.declareCores({ serverId, cores }));
    };
    return (
      <DeclareForm
        title={text.setCores}
        field={text.cores}
        initial={page?.cores == null ? '' : String(page.cores)}
        read={readCores}
        hint={text.coresHint}
        bad={text.coresBad}
        onSend={send}
        onForget={page?.cores == null ? null : () => send(null)}
        onDone={onDone}
      />
    );
  }
  const kind = page?.kinds.find((one) => one.kind === editing);
  const send = async (cores: number | null): Promise<void> => {
    await api.run((core) => core.declareCpuCost({ serverId, kind: editing, cores }));
  };
  return (
    <DeclareForm
      title={text.costOf(kind?.label ?? '')}
      field={text.needs}
      initial={kind ? String(kind.cores) : ''}
      read={readCores}
      hint={`${text.costHint} ${words.limits.source}: ${kind?.coresFrom ?? ''}.`}
      bad={text.coresBad}
      onSend={send}
      onForget={kind?.coresSource === 'declared' ? () => send(null) : null}
      onDone={onDone}
    />
  );
}
