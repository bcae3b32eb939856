import { useStore } from 'zustand';
import './limits.css';
import type { Limit } from '../../../../shared/model/limit.ts';
import { limitsStore } from '../../stores/limits.ts';
import { chosenServer, serversStore } from '../../stores/servers.ts';
import { openDialog } from '../../stores/view.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { PanelHead } from '../../ui/panel-head.tsx';
import { Gauge } from './gauge.tsx';
import { WorkerRow } from './worker-row.tsx';
import { limitFigure, limitFree, limitSource } from './limit-words.ts';

/** What may run at once and what is in use, each figure with its source. */
export function LimitsPanel() {
  const limits = useStore(limitsStore, (state) => state.limits);
  return (
    <>
      <PanelHead id="h-lim" title={words.limits.title} hasLine>
        <Btn look="quiet" className="push" aria-haspopup="dialog" onPress={() => openDialog({ name: 'limits' })}>
          {words.limits.change}…
        </Btn>
      </PanelHead>
      {limits.length === 0 ? (
        <p className="note limits">{words.limits.none}</p>
      ) : (
        <dl className="limits">
          {limits.map((limit) => (
            <LimitRow key={limit.id} limit={limit} />
          ))}
          <WorkerRow />
        </dl>
      )}
    </>
  );
}

function LimitRow({ limit }: { readonly limit: Limit }) {
  const server = useStore(serversStore, chosenServer);
  const source = limitSource(limit, server);
  const free = limitFree(limit, server);
  return (
    <div>
      <dt className="cut" title={limit.label}>
        {limit.label}
      </dt>
      <dd className="v">{limitFigure(limit, server)}</dd>
      <dd className="wide">
        <Gauge limit={limit} />
      </dd>
      <dd className="src">
        <span>{source}</span>
        {free === null ? null : <span title={limit.full ?? undefined}>{free}</span>}
      </dd>
    </div>
  );
}
