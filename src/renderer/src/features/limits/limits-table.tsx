import type { Limit } from '../../../../shared/model/limit.ts';
import type { Server } from '../../../../shared/model/server.ts';
import { openDialog } from '../../stores/view.ts';
import { limitsWords } from '../../text/limits-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { limitFigure, limitFree, limitSource } from './limit-words.ts';

/** What a producer can change of a limit here. */
export type EditedLimit = 'egress' | 'captions' | 'cost';

/** Every limit with what is in use and where the figure comes from. */
export function LimitsTable(props: {
  readonly limits: readonly Limit[];
  readonly server: Server | null;
  readonly onEdit: (id: EditedLimit) => void;
}) {
  const { limits, server, onEdit } = props;
  return (
    <table className="log mid limits-log">
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
              {limit.id === 'egress' ? <span className="sub">{limitFree(limit, server)}</span> : null}
            </td>
            <td>
              <span className="sub">{limitSource(limit, server)}</span>
              {limit.full === null ? null : <span className="sub">{limit.full}</span>}
            </td>
            <td className="num">
              <Change limit={limit} onEdit={onEdit} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Change({ limit, onEdit }: { readonly limit: Limit; readonly onEdit: (id: EditedLimit) => void }) {
  const { id, label } = limit;
  if (id === 'disk') return <Btn onPress={() => openDialog({ name: 'settings' })}>{words.limits.folder}</Btn>;
  if (id === 'desk') return null;
  if (id === 'cost')
    return (
      <Btn aria-label={limitsWords.setCap} onPress={() => onEdit(id)}>
        {limitsWords.cap}
      </Btn>
    );
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
