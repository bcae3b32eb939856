import { useStore } from 'zustand';
import { commandStore } from '../../commands/registry.ts';
import { keysText } from '../../commands/use-keys.ts';
import { closeDialog } from '../../stores/view.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';

/** Every key of the window. */
export function KeysDialog() {
  const commands = useStore(commandStore, (state) => state.commands);
  const keyed = [...commands.values()].flatMap((command) =>
    command.keys === undefined ? [] : [{ ...command, keys: command.keys }],
  );
  return (
    <DialogBox
      title={words.commands.keysTitle}
      size="narrow"
      onClose={closeDialog}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={closeDialog}>
            {words.common.close}
          </Btn>
        </>
      }
    >
      <dl className="key-list">
        {keyed.map((command) => (
          <div key={command.id}>
            <dt>
              <kbd>{keysText(command.keys)}</kbd>
            </dt>
            <dd>{command.label}</dd>
          </div>
        ))}
      </dl>
      <p className="note">{words.commands.escNote}</p>
      <p className="note">{words.commands.holdNote}</p>
    </DialogBox>
  );
}
