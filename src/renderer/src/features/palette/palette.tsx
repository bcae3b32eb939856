import {
  Autocomplete,
  Dialog,
  Input,
  Menu,
  MenuItem,
  Modal,
  ModalOverlay,
  SearchField,
  useFilter,
} from 'react-aria-components';
import { useStore } from 'zustand';
import { commandStore } from '../../commands/registry.ts';
import { keysText } from '../../commands/use-keys.ts';
import { closeDialog } from '../../stores/view.ts';
import { words } from '../../text/messages.ts';
import { useFirstFocus } from '../../ui/use-first-focus.ts';
import { inPaletteOrder } from './palette-order.ts';

/** Every command of the window, found by its words. */
export function Palette() {
  const commands = inPaletteOrder([...useStore(commandStore, (state) => state.commands).values()]);
  const { contains } = useFilter({ sensitivity: 'base' });
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) closeDialog();
      }}
    >
      <Modal className="modal">
        <Dialog className="dialog palette" aria-label={words.commands.title}>
          <Autocomplete filter={contains}>
            <PaletteField />
            <Menu
              className="menu scroll"
              aria-label={words.commands.title}
              disabledKeys={commands.filter((command) => command.isEnabled === false).map((command) => command.id)}
              renderEmptyState={() => <p className="blank sub">{words.commands.none}</p>}
              onAction={(id) => {
                closeDialog();
                commands.find((command) => command.id === id)?.run();
              }}
            >
              {commands.map((command) => (
                <MenuItem
                  key={command.id}
                  id={command.id}
                  className="menu-item"
                  textValue={`${command.group} ${command.label}`}
                >
                  <span className="cut">
                    <span className="dim">{command.group}</span> {command.label}
                  </span>
                  <span className="mark">
                    {command.isEnabled === false
                      ? words.commands.unavailable
                      : command.keys === undefined
                        ? ''
                        : keysText(command.keys)}
                  </span>
                </MenuItem>
              ))}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function PaletteField() {
  const input = useFirstFocus<HTMLInputElement>();
  return (
    <SearchField aria-label={words.commands.find}>
      <Input ref={input} className="field" placeholder={words.commands.find} />
    </SearchField>
  );
}
