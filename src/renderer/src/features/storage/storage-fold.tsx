import { useStore } from 'zustand';
import { useCommands } from '../../commands/registry.ts';
import { storagesStore } from '../../stores/storages.ts';
import { openDialog } from '../../stores/view.ts';
import { words } from '../../text/messages.ts';
import { storageWords as text } from '../../text/storage-messages.ts';
import { LinkBtn } from '../../ui/button.tsx';

const open = (): void => openDialog({ name: 'storages' });

/** Where egress stores, and the way to the storage profiles. */
export function StorageFold() {
  const count = useStore(storagesStore, (state) => state.storages.length);
  useCommands([{ id: 'storage.list', label: text.command, group: words.commands.groups.view, run: open }]);
  return (
    <ul className="folds recordings">
      <li>
        <h3 className="cap">{text.fold.title}</h3>
        <span className="sub cut">{count === 0 ? text.fold.none : text.fold.some(count)}</span>
        <span className="figures">
          <LinkBtn aria-label={text.list} onPress={open}>
            {text.fold.open}
          </LinkBtn>
        </span>
      </li>
    </ul>
  );
}
