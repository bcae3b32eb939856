import { useStore } from 'zustand';
import './first-minute.css';
import { chosenServer, serversStore } from '../../stores/servers.ts';
import { settingsStore } from '../../stores/settings.ts';
import { openDialog } from '../../stores/view.ts';
import { dialogWords } from '../../text/dialog-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useChangeSettings } from '../settings/use-settings.ts';
import { CaptionsStep } from './captions-step.tsx';
import { DrillStep } from './drill-step.tsx';
import { RecordStep } from './record-step.tsx';

const text = dialogWords.first;

/** Three steps in the rehearsal, each ends in something seen or heard; then one's own server. */
export function FirstMinute() {
  const server = useStore(serversStore, chosenServer);
  const isHidden = useStore(settingsStore, (state) => state.settings?.firstMinuteHidden ?? true);
  const change = useChangeSettings();
  if (isHidden || server?.kind !== 'rehearsal') return null;
  return (
    <section className="strip" aria-label={text.label}>
      <ol className="first-steps">
        <RecordStep serverId={server.id} />
        <CaptionsStep />
        <DrillStep />
        <li>
          <span />
          <h3>{text.own.title}</h3>
          <p className="sub">{text.own.idle}</p>
          <div className="act">
            <Btn look="first" onPress={() => openDialog({ name: 'connect' })}>
              {text.own.action}
            </Btn>
          </div>
        </li>
      </ol>
      <Btn
        look="quiet"
        isIcon
        aria-label={text.hide}
        className="strip-close"
        onPress={() => void change({ firstMinuteHidden: true }).catch(() => undefined)}
      >
        <Icon name="cross" />
      </Btn>
    </section>
  );
}
