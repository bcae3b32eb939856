import { useStore } from 'zustand';
import { bytes } from '../../../../shared/text/figures.ts';
import { settingsStore } from '../../stores/settings.ts';
import { systemStore } from '../../stores/system.ts';
import { span } from '../../text/format.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { Private } from '../../ui/private.tsx';

const text = jobsWords.fold;

/** Where recordings made here go, and how much of them the disk still takes. */
export function RecordingsFold() {
  const folder = useStore(settingsStore, (state) => state.settings?.recordingsFolder ?? '');
  const system = useStore(systemStore, (state) => state.system);
  const free = system?.diskFreeBytes ?? null;
  const lastsMs = system?.diskLastsMs ?? null;
  return (
    <ul className="folds recordings">
      <li>
        <h3 className="cap">{text.title}</h3>
        <span className="sub cut" title={folder}>
          <Private>
            <bdi>{folder}</bdi>
          </Private>
        </span>
        <span className="sub figures">
          {[free === null ? text.unknown : text.free(bytes(free)), lastsMs === null ? '' : text.lasts(span(lastsMs))]
            .filter(Boolean)
            .join(', ')}
        </span>
      </li>
    </ul>
  );
}
