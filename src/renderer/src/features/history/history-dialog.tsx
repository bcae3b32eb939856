import { useState } from 'react';
import { useStore } from 'zustand';
import './history.css';
import type { HistoryFilter } from '../../../../shared/contract/history.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { serversStore } from '../../stores/servers.ts';
import { historyWords as text } from '../../text/history-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { HistoryFind, firstChoice, fromMsOf, type HistoryChoice } from './history-find.tsx';
import { HistoryTable } from './history-table.tsx';
import { pageSize, useExport, useHistory } from './use-history.ts';

/** Every job of the journal: found, told, handed over as a file. */
export function HistoryDialog({ onClose }: { readonly onClose: () => void }) {
  const serverId = useStore(serversStore, (state) => state.chosenId);
  const [choice, setChoice] = useState<HistoryChoice>(firstChoice);
  const [openedAtMs] = useState(() => Date.now());
  const [offset, setOffset] = useState(0);
  const filter: HistoryFilter = {
    serverId,
    roomName: choice.roomName,
    text: choice.text,
    kind: choice.kind,
    state: choice.state,
    fromMs: fromMsOf(choice.period, openedAtMs),
  };
  const { page, problem } = useHistory(filter, offset);
  const total = page?.total ?? 0;
  const last = Math.min(offset + pageSize, total);
  return (
    <DialogBox
      title={text.title}
      mark={page === null ? '' : text.found(total)}
      size="wide"
      onClose={onClose}
      footer={
        <>
          <Exports filter={filter} isDisabled={total === 0} />
          <span className="push" />
          {total > pageSize ? (
            <>
              <Btn isDisabled={offset === 0} onPress={() => setOffset(Math.max(0, offset - pageSize))}>
                {text.later}
              </Btn>
              <span className="note">{text.page(offset + 1, last, total)}</span>
              <Btn isDisabled={last >= total} onPress={() => setOffset(offset + pageSize)}>
                {text.earlier}
              </Btn>
            </>
          ) : null}
          <Btn isBig onPress={onClose}>
            {words.common.close}
          </Btn>
        </>
      }
    >
      <HistoryFind
        choice={choice}
        rooms={page?.rooms ?? []}
        onChange={(next) => {
          setChoice(next);
          setOffset(0);
        }}
      />
      {problem === null ? null : (
        <p className="warn" role="alert">
          {problem.text}
        </p>
      )}
      {page === null ? null : page.jobs.length === 0 ? (
        <>
          <p>
            <b>{text.none}</b>
          </p>
          <p className="sub">{text.noneHint}</p>
        </>
      ) : (
        <HistoryTable jobs={page.jobs} />
      )}
    </DialogBox>
  );
}

function Exports({ filter, isDisabled }: { readonly filter: HistoryFilter; readonly isDisabled: boolean }) {
  const exportAs = useExport();
  const [said, setSaid] = useState('');
  const press = (format: 'csv' | 'json'): void => {
    exportAs(filter, format).then(
      (count) => setSaid(text.exported(count)),
      (error: unknown) => setSaid(problemOf(error).text),
    );
  };
  return (
    <>
      <Btn isDisabled={isDisabled} onPress={() => press('csv')}>
        {text.csv}
      </Btn>
      <Btn isDisabled={isDisabled} onPress={() => press('json')}>
        {text.json}
      </Btn>
      <output className="note">{said}</output>
    </>
  );
}
