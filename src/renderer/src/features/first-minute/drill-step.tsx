import { useStore } from 'zustand';
import { rehearsalStore } from '../../stores/rehearsal.ts';
import { dialogWords } from '../../text/dialog-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { byGroup, groupOf } from './drill-groups.ts';
import { Step } from './step.tsx';
import { drillStore, useRunDrill } from './use-run-drill.ts';

const text = dialogWords.first.drill;

/** The third step: a fault, on purpose. */
export function DrillStep() {
  const drills = useStore(rehearsalStore, (state) => state.drills);
  const { id, text: answer, ran } = useStore(drillStore);
  const run = useRunDrill();
  const isNews = answer !== null || ran !== null;
  const armed = drills.find((drill) => drill.isArmed && (drill.id === id || !isNews));
  const body = armed ? `${text.armed(armed.label)}. ${armed.expect}` : (answer ?? (ran ? text.ran(ran) : text.idle));
  return (
    <Step n={3} title={text.title} state={armed ? 'now' : ran ? 'done' : 'next'} body={body} isLong>
      <MenuButton
        label={text.action}
        trigger={
          <Btn isDisabled={drills.length === 0}>
            {text.action}
            <Icon name="chev" isSmall />
          </Btn>
        }
        entries={drills.toSorted(byGroup).map((drill) => ({
          id: drill.id,
          group: groupOf(drill.id),
          label: drill.isArmed ? text.armed(drill.label) : drill.label,
          detail: drill.needs === null ? drill.expect : text.needs(drill.needs, drill.expect),
          isDisabled: drill.needs !== null,
          onAction: () => run(drill.id),
        }))}
      />
    </Step>
  );
}
