import { useState } from 'react';
import { useStore } from 'zustand';
import type { Incident } from '../../../../shared/model/incident.ts';
import { clockUtc } from '../../../../shared/text/utc.ts';
import { useApi } from '../../api-context.ts';
import { incidentsStore } from '../../stores/incidents.ts';
import { closeDialog } from '../../stores/view.ts';
import { dialogWords } from '../../text/dialog-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { Pick } from '../../ui/pick.tsx';
import { Tally } from '../../ui/tally.tsx';
import { incidentsText } from './incidents-text.ts';

const text = dialogWords.incidents;
const all = 'all';

/** What went wrong or was decided for the producer, newest first. */
export function IncidentsDialog() {
  const incidents = useStore(incidentsStore, (state) => state.incidents);
  const [kind, setKind] = useState<string>(all);
  const shown = incidents.filter((incident) => kind === all || incident.kind === kind);
  const kinds = [...new Set(incidents.map((incident) => incident.kind))];
  return (
    <DialogBox
      title={text.title}
      mark={text.count(incidents.length)}
      size="wide"
      onClose={closeDialog}
      footer={
        <>
          <Pick
            label={text.kind}
            value={kind}
            items={[{ id: all, label: text.allKinds }, ...kinds.map((id) => ({ id, label: text.kinds[id] }))]}
            onPick={setKind}
          />
          <Btn isDisabled={shown.length === 0} onPress={() => void navigator.clipboard.writeText(incidentsText(shown))}>
            {text.copyAll}
          </Btn>
          <span className="push" />
          <Btn isBig onPress={closeDialog}>
            {words.common.close}
          </Btn>
        </>
      }
    >
      {shown.length === 0 ? <p className="sub">{text.none}</p> : <IncidentTable incidents={shown} />}
    </DialogBox>
  );
}

function IncidentTable({ incidents }: { readonly incidents: readonly Incident[] }) {
  return (
    <table className="log incidents">
      <thead>
        <tr>
          <th scope="col">{text.time}</th>
          <th scope="col">{text.state}</th>
          <th scope="col">{text.what}</th>
          <th scope="col">{text.done}</th>
        </tr>
      </thead>
      <tbody>
        {incidents.map((incident) => (
          <tr key={incident.id}>
            <td>
              <Copyable text={clockUtc(incident.atMs)} label={text.time} />
            </td>
            <td>
              <StateTally incident={incident} />
            </td>
            <td>
              {incident.what}
              {incident.detail === null ? null : <span className="sub">{incident.detail}</span>}
            </td>
            <td className="sub">
              {incident.done} <Seen incident={incident} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Takes a trouble out of the alarm. Many end by themselves; of what is lost only the producer can say that it is seen. */
function Seen({ incident }: { readonly incident: Incident }) {
  const api = useApi();
  if (incident.state !== 'trouble' || incident.closedAtMs !== null) return null;
  const close = (): void => {
    api.run((core) => core.closeIncident({ incidentId: incident.id })).catch(() => undefined); // it stays in the alarm
  };
  return (
    <Btn look="trouble" aria-label={text.seenOf(incident.what)} onPress={close}>
      {text.seen}
    </Btn>
  );
}

function StateTally({ incident }: { readonly incident: Incident }) {
  const state = incident.closedAtMs === null ? incident.state : 'closed';
  return state === 'trouble' ? (
    <Tally tone="trouble" isWide>
      {state}
    </Tally>
  ) : (
    <Tally tone="off" hasEdge isWide>
      {state}
    </Tally>
  );
}
