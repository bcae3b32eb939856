import { useStore } from 'zustand';
import { useCommands } from '../../commands/registry.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { chosenShow, showsStore } from '../../stores/shows.ts';
import { openDialog } from '../../stores/view.ts';
import { words } from '../../text/messages.ts';
import { showsWords as text } from '../../text/shows-messages.ts';
import { StartButton } from '../../ui/start-button.tsx';
import { useShowCalls } from './use-show-calls.ts';

/** The chosen show, started whole in one press; nothing where none is chosen. */
export function StartShow() {
  const show = useStore(showsStore, chosenShow);
  const hasRoom = useStore(roomsStore, (state) => state.chosenName !== null);
  const { start } = useShowCalls();
  const canStart = show !== null && (show.jobs.length > 0 || show.captions !== null) && hasRoom;
  const group = words.commands.groups.show;
  useCommands([
    { id: 'show.list', label: text.command, group, run: () => openDialog({ name: 'shows' }) },
    ...(show === null
      ? []
      : [
          {
            id: 'show.start',
            label: text.startCommand(show.name),
            group,
            isEnabled: canStart,
            run: () => start(show),
          },
        ]),
  ]);
  if (show === null) return null;
  return (
    <StartButton isBig isDisabled={!canStart} className="start-show" onStart={() => start(show)}>
      <span className="cut">{text.start(show.name)}</span>
      <span className="mark">{text.contents(show.jobs.length, show.captions !== null)}</span>
    </StartButton>
  );
}
