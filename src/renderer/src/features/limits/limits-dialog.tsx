import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useStore } from 'zustand';
import type { Limit } from '../../../../shared/model/limit.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { limitsStore } from '../../stores/limits.ts';
import { chosenServer, serversStore } from '../../stores/servers.ts';
import { closeDialog, openDialog } from '../../stores/view.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { limitFigure, limitSource } from './limit-words.ts';
import { useDeclareLimit } from './use-declare-limit.ts';

/** Limits: declared, learned, measured, unknown. What the producer knows can be declared here. */
export function LimitsDialog() {
  const limits = useStore(limitsStore, (state) => state.limits);
  const server = useStore(serversStore, chosenServer);
  const [editing, setEditing] = useState<'egress' | 'captions' | null>(null);
  const edited = limits.find((limit) => limit.id === editing);
  return (
    <DialogBox
      title={words.limits.of(server?.name ?? words.top.noServer)}
      onClose={closeDialog}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={closeDialog}>
            {words.common.close}
          </Btn>
        </>
      }
    >
      <table className="log mid">
        <thead>
          <tr>
            <th scope="col">{words.limits.limit}</th>
            <th scope="col" className="num">
              {words.limits.inUse}
            </th>
            <th scope="col">{words.limits.source}</th>
            <th scope="col">
              <span className="vh">{words.limits.change}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {limits.map((limit) => (
            <tr key={limit.id}>
              <td>{limit.label}</td>
              <td className="num">
                <b>{limitFigure(limit, server)}</b>
              </td>
              <td>
                <span className="sub">{limitSource(limit, server)}</span>
                {limit.full === null ? null : <span className="sub">{limit.full}</span>}
              </td>
              <td className="num">
                <Change limit={limit} onEdit={setEditing} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {server && edited && (edited.id === 'egress' || edited.id === 'captions') ? (
        <Declare key={edited.id} serverId={server.id} id={edited.id} limit={edited} onDone={() => setEditing(null)} />
      ) : null}
    </DialogBox>
  );
}

function Change({ limit, onEdit }: { readonly limit: Limit; readonly onEdit: (id: 'egress' | 'captions') => void }) {
  const { id, label } = limit;
  if (id === 'disk') return <Btn onPress={() => openDialog({ name: 'settings' })}>{words.limits.folder}</Btn>;
  if (id === 'desk') return null;
  const isKnown = limit.limit !== null;
  return (
    <Btn
      aria-label={isKnown ? words.limits.changeFor(label) : words.limits.declareFor(label)}
      onPress={() => onEdit(id)}
    >
      {isKnown ? words.limits.change : words.limits.declare}
    </Btn>
  );
}

function Declare(props: {
  readonly serverId: string;
  readonly id: 'egress' | 'captions';
  readonly limit: Limit;
  readonly onDone: () => void;
}) {
  const declare = useDeclareLimit();
  const [typed, setTyped] = useState(props.limit.limit === null ? '' : String(props.limit.limit));
  const [failure, setFailure] = useState<string | null>(null);
  const count = /^\d{1,5}$/.test(typed.trim()) ? Number(typed) : null;
  const isBad = typed !== '' && (count === null || count > 10_000);
  const send = (limit: number | null): void => {
    declare(props.serverId, props.id, limit).then(props.onDone, (error: unknown) => setFailure(problemOf(error).text));
  };
  return (
    <Form
      className="form declare"
      aria-label={words.limits.declareFor(props.limit.label)}
      onSubmit={(event) => {
        event.preventDefault();
        if (count !== null && !isBad) send(count);
      }}
    >
      <Field label={words.limits.howMany} value={typed} onChange={setTyped} isBad={isBad} inputMode="numeric" isFirst />
      <output className="wide note">{failure ?? (isBad ? words.limits.badNumber : words.limits.declareHint)}</output>
      <div className="wide row">
        <Btn type="submit" isDisabled={count === null || isBad}>
          {words.limits.declare}
        </Btn>
        {props.limit.source === 'declared' ? (
          <Btn look="quiet" onPress={() => send(null)}>
            {words.limits.forget}
          </Btn>
        ) : null}
        <Btn look="quiet" onPress={props.onDone}>
          {words.common.cancel}
        </Btn>
      </div>
    </Form>
  );
}
