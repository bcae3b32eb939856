import { useStore } from 'zustand';
import { roomsStore } from '../../stores/rooms.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { StartButton } from '../../ui/start-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { StartShow } from '../shows/start-show.tsx';
import { jobsView, openJobsDialog } from '../jobs/jobs-view.ts';
import { usualRequest, soundRequest, useStartJob } from '../jobs/use-job-commands.ts';

const text = jobsWords.start;

/** Where a recording starts: at once the best way, or from the menu beside it. */
export function StartRow() {
  const roomName = useStore(roomsStore, (state) => state.chosenName);
  const startingAtMs = useStore(jobsView, (state) => state.startingAtMs);
  const start = useStartJob();
  const isDisabled = roomName === null;
  return (
    <div className="start">
      <div className="split">
        <StartButton isBig isDisabled={isDisabled} onStart={() => start({ mode: 'best', request: usualRequest })}>
          {startingAtMs === null ? text.button : <Waited sinceMs={startingAtMs} />}
        </StartButton>
        <MenuButton
          label={text.options}
          trigger={
            <Btn isBig isDisabled={isDisabled} aria-label={text.options}>
              <Icon name="chev" />
            </Btn>
          }
          entries={[
            {
              id: 'here',
              label: text.here,
              detail: text.hereHint,
              onAction: () => start({ mode: 'desk-only', request: soundRequest }),
            },
            {
              id: 'egress',
              label: text.egressOnly,
              detail: text.egressOnlyHint,
              onAction: () => start({ mode: 'egress-only', request: usualRequest }),
            },
            { id: 'options', label: text.withOptions, onAction: () => openJobsDialog({ name: 'start' }) },
          ]}
        />
      </div>
      <Btn isBig isDisabled={isDisabled} onPress={() => openJobsDialog({ name: 'start', isStream: true })}>
        {text.stream}
      </Btn>
      <StartShow />
    </div>
  );
}

function Waited({ sinceMs }: { readonly sinceMs: number }) {
  const nowMs = useNow();
  return <>{text.starting(nowMs - sinceMs)}</>;
}
