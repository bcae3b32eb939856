import { useStore } from 'zustand';
import type { CaptionSession } from '../../../../shared/model/captions.ts';
import { useCommands } from '../../commands/registry.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { transcriptStore } from '../../stores/transcript.ts';
import { captionsWords } from '../../text/captions-messages.ts';
import { words } from '../../text/messages.ts';
import { captionsView, openFind } from './captions-view.ts';
import { useCaptionCalls } from './use-caption-calls.ts';

const isDialogOpen = (): boolean => document.querySelector('[role=dialog], [role=alertdialog]') !== null;

/** C, M, Ctrl F and the palette's commands of captions. No single key stops them. */
export function useOfferCaptionCommands(session: CaptionSession | null): void {
  const { start } = useCaptionCalls();
  const hasRoom = useStore(roomsStore, (state) => state.chosenName !== null);
  const hasLines = useStore(transcriptStore, (state) => state.kept.length > 0);
  const isRunning = session !== null && session.state !== 'ended';
  const group = words.commands.groups.captions;
  useCommands([
    {
      id: 'captions.start',
      label: captionsWords.commands.start,
      group,
      keys: 'C',
      isEnabled: hasRoom && !isRunning,
      run: start,
    },
    {
      id: 'captions.stop',
      label: captionsWords.commands.stop,
      group,
      isEnabled: isRunning,
      run: () => captionsView.setState({ isAskingStop: true }),
    },
    {
      id: 'captions.marker',
      label: captionsWords.marker.command,
      group,
      keys: 'M',
      isEnabled: isRunning,
      run: () => captionsView.setState({ markingAtMs: Date.now() }),
    },
    {
      id: 'captions.find',
      label: captionsWords.find.command,
      group,
      keys: 'Mod+F',
      isEnabled: hasLines,
      run: () => {
        if (!isDialogOpen()) openFind();
      },
    },
  ]);
}
