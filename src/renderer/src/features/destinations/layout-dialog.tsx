import { useState } from 'react';
import { useStore } from 'zustand';
import type { Job } from '../../../../shared/model/job.ts';
import { layoutTruth } from '../../../../shared/model/layout.ts';
import { addressesStore } from '../../stores/addresses.ts';
import { destinationsWords } from '../../text/destinations-messages.ts';
import { words } from '../../text/messages.ts';
import { startWords } from '../../text/start-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { PickRow } from '../../ui/pick-row.tsx';
import { closeDestinations } from './destinations-view.ts';
import { useDestinationCalls } from './use-destination-calls.ts';
import { useSending } from './use-sending.ts';

const text = destinationsWords.layoutDialog;
const stock: Readonly<Record<string, string>> = startWords.layouts;

/** Another layout for a job that runs, with the truth about what comes of it. */
export function LayoutDialog({ job }: { readonly job: Job }) {
  const addresses = useStore(addressesStore, (state) => state.addresses);
  const truth = layoutTruth(job.request, (id) => addresses.find((one) => one.id === id)?.followsLayout ?? false);
  const began = 'layout' in job.request ? job.request.layout : '';
  const [layout, setLayout] = useState(job.layoutSent ?? began);
  const calls = useDestinationCalls(job.id);
  const { isBusy, failure, send } = useSending();
  if (truth === 'none') return null;
  return (
    <DialogBox
      title={text.title(job.title)}
      size="narrow"
      onClose={closeDestinations}
      footer={
        <>
          <output className="sub">
            {job.layoutSent === null ? null : text.sent(stock[job.layoutSent] ?? job.layoutSent)}
          </output>
          <span className="push" />
          <Btn isBig onPress={closeDestinations}>
            {words.common.close}
          </Btn>
          <Btn
            isBig
            look={truth === 'follows' ? 'first' : 'plain'}
            isDisabled={isBusy || layout.trim() === ''}
            onPress={() =>
              send(
                () => calls.changeLayout(layout.trim()),
                () => undefined,
              )
            }
          >
            {text.send}
          </Btn>
        </>
      }
    >
      <div className="form">
        {truth === 'stock' ? (
          <PickRow
            label={text.layout}
            value={layout}
            items={Object.entries(stock).flatMap(([id, label]) => (id === '' ? [] : [{ id, label }]))}
            onPick={setLayout}
          />
        ) : (
          <Field label={text.layout} value={layout} onChange={setLayout} maxLength={128} isFirst />
        )}
      </div>
      <p className={truth === 'follows' ? 'sub' : 'warn'}>{text.truth[truth]}</p>
      <div role="alert">{failure === null ? null : <p className="warn">{failure}</p>}</div>
    </DialogBox>
  );
}
