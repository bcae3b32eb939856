import { useStore } from 'zustand';
import { useCommands } from '../../commands/registry.ts';
import { rulesStore } from '../../stores/rules.ts';
import { serversStore } from '../../stores/servers.ts';
import { words } from '../../text/messages.ts';
import { rulesWords } from '../../text/rules-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { RulesDialog } from './rules-dialog.tsx';
import { openRules, rulesView } from './rules-view.ts';

/** How many rules are on; a press shows them. */
export function RulesButton() {
  const on = useStore(rulesStore, (state) => state.rules.filter(({ rule }) => rule.isOn).length);
  const hasServer = useStore(serversStore, (state) => state.chosenId !== null);
  const isOpen = useStore(rulesView, (state) => state.isOpen);
  const group = words.commands.groups.show;
  useCommands([
    { id: 'rules.show', label: rulesWords.command, group, isEnabled: hasServer, run: () => openRules() },
    { id: 'rules.new', label: rulesWords.commandNew, group, isEnabled: hasServer, run: () => openRules('new') },
  ]);
  return (
    <>
      <Btn look="quiet" isDisabled={!hasServer} onPress={() => openRules()}>
        {rulesWords.button(on)}
      </Btn>
      {isOpen ? <RulesDialog /> : null}
    </>
  );
}
