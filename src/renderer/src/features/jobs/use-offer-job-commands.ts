import { useStore } from 'zustand';
import { isRunning } from '../../../../shared/model/job.ts';
import { isOnlyStream } from '../../../../shared/model/streaming.ts';
import { useCommands } from '../../commands/registry.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { historyWords } from '../../text/history-messages.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { words } from '../../text/messages.ts';
import { jobsView, openJobsDialog } from './jobs-view.ts';
import { undoStop } from './pending-stop.ts';
import { usualRequest, soundRequest, useStartJob } from './use-job-commands.ts';

const text = jobsWords.start;

/** R, S and the palette's commands of jobs. None of them stops anything by a single key. */
export function useOfferJobCommands(): void {
  const start = useStartJob();
  const hasRoom = useStore(roomsStore, (state) => state.chosenName !== null);
  const runsHere = useStore(jobsStore, (state) => {
    const { chosenName } = roomsStore.getState();
    return state.jobs.some((job) => job.roomName === chosenName && isRunning(job) && !isOnlyStream(job.request));
  });
  const runsAny = useStore(jobsStore, (state) => state.jobs.some(isRunning));
  const canUndo = useStore(jobsView, (state) => state.pendingStop !== null);
  const group = words.commands.groups.show;
  useCommands([
    {
      id: 'job.start',
      label: text.command,
      group,
      keys: 'R',
      isEnabled: hasRoom,
      // A key is easily hit: where this room is being recorded already, it asks instead of starting a second one.
      run: () => (runsHere ? openJobsDialog({ name: 'start' }) : start({ mode: 'best', request: usualRequest })),
    },
    {
      id: 'job.stream',
      label: text.commandStream,
      group,
      keys: 'S',
      isEnabled: hasRoom,
      run: () => openJobsDialog({ name: 'start', isStream: true }),
    },
    {
      id: 'job.start-here',
      label: text.commandHere,
      group,
      isEnabled: hasRoom,
      run: () => start({ mode: 'desk-only', request: soundRequest }),
    },
    {
      id: 'job.start-options',
      label: text.commandOptions,
      group,
      isEnabled: hasRoom,
      run: () => openJobsDialog({ name: 'start' }),
    },
    {
      id: 'job.history',
      label: historyWords.command,
      group,
      run: () => openJobsDialog({ name: 'history' }),
    },
    {
      id: 'job.stop-all',
      label: text.commandStopAll,
      group,
      isEnabled: runsAny,
      run: () => openJobsDialog({ name: 'stop-all' }),
    },
    ...(canUndo
      ? [{ id: 'job.undo-stop', label: jobsWords.pendingStop.undoCommand, group, keys: 'Mod+Z', run: undoStop }]
      : []),
  ]);
}
