import { useState } from 'react';
import { useStore } from 'zustand';
import { useApi } from '../../api-context.ts';
import { limitsStore } from '../../stores/limits.ts';
import { chosenServer, serversStore } from '../../stores/servers.ts';
import { closeDialog } from '../../stores/view.ts';
import { limitsWords } from '../../text/limits-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { CostParts } from './cost-parts.tsx';
import { DeclareForm, readAmount, readCount } from './declare-form.tsx';
import { LengthsSection } from './lengths-section.tsx';
import { LimitsTable, type EditedLimit } from './limits-table.tsx';
import { PricesSection } from './prices-section.tsx';
import { useDeclareLimit } from './use-declare-limit.ts';
import { WorkerSection } from './worker-section.tsx';

/** Limits: declared, learned, measured, unknown. What the producer knows can be declared here. */
export function LimitsDialog() {
  const limits = useStore(limitsStore, (state) => state.limits);
  const cost = useStore(limitsStore, (state) => state.cost);
  const server = useStore(serversStore, chosenServer);
  const [editing, setEditing] = useState<EditedLimit | null>(null);
  return (
    <DialogBox
      title={words.limits.of(server?.name ?? words.top.noServer)}
      size="wide"
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
      <LimitsTable limits={limits} server={server} onEdit={setEditing} />
      {server && editing ? (
        <Declare key={editing} serverId={server.id} id={editing} onDone={() => setEditing(null)} />
      ) : null}
      {cost && cost.parts.length > 0 ? <CostParts cost={cost} /> : null}
      {server ? <LengthsSection serverId={server.id} /> : null}
      {server && server.kind !== 'cloud' ? <WorkerSection serverId={server.id} /> : null}
      <PricesSection />
    </DialogBox>
  );
}

function Declare(props: { readonly serverId: string; readonly id: EditedLimit; readonly onDone: () => void }) {
  const { serverId, id, onDone } = props;
  const api = useApi();
  const declare = useDeclareLimit();
  const limit = useStore(limitsStore, (state) => state.limits.find((one) => one.id === id));
  const initial = limit?.limit == null ? '' : String(limit.limit);
  if (id === 'cost') {
    const cap = async (amount: number | null): Promise<void> => {
      await api.run((core) => core.declareCap({ serverId, amount }));
    };
    return (
      <DeclareForm
        title={limitsWords.setCap}
        field={limitsWords.capOf}
        initial={initial}
        read={readAmount}
        hint={limitsWords.capHint(limit?.currency ?? '')}
        bad={limitsWords.badAmount}
        action={limitsWords.save}
        onSend={cap}
        onForget={initial === '' ? null : () => cap(null)}
        onDone={onDone}
      />
    );
  }
  return (
    <DeclareForm
      title={words.limits.declareFor(limit?.label ?? '')}
      field={words.limits.howMany}
      initial={initial}
      inputMode="numeric"
      read={readCount(10_000)}
      hint={words.limits.declareHint}
      bad={words.limits.badNumber}
      onSend={(count) => declare(serverId, id, count)}
      onForget={limit?.source === 'declared' ? () => declare(serverId, id, null) : null}
      onDone={onDone}
    />
  );
}
