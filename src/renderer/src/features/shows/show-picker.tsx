import { useStore } from 'zustand';
import { showsStore } from '../../stores/shows.ts';
import { openDialog } from '../../stores/view.ts';
import { showsWords as text } from '../../text/shows-messages.ts';
import { Pick } from '../../ui/pick.tsx';
import { useShowCalls } from './use-show-calls.ts';

// No show has such ids.
const noneId = ' none';
const manageId = ' manage';

/** Which show the window offers to start, and the way to all of them. */
export function ShowPicker() {
  const { shows, chosenId } = useStore(showsStore);
  const { choose } = useShowCalls();
  return (
    <Pick
      label={text.picker}
      mark={text.picker}
      value={chosenId ?? noneId}
      items={[
        { id: noneId, label: text.none },
        ...shows.map((show) => ({
          id: show.id,
          label: show.name,
          detail: text.contents(show.jobs.length, show.captions !== null),
        })),
        { id: manageId, label: text.manage, isApart: true },
      ]}
      onPick={(id) => {
        if (id === manageId) openDialog({ name: 'shows' });
        else choose(id === noneId ? null : id).catch(() => undefined); // the picker goes on showing the one that is chosen
      }}
    />
  );
}
