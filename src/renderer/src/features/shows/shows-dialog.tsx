import { useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import { useStore } from 'zustand';
import './shows.css';
import type { Problem } from '../../../../shared/model/common.ts';
import { ProblemError, problemOf } from '../../../../shared/model/problem-error.ts';
import { maxShowFileChars, type Show } from '../../../../shared/model/show.ts';
import { showsStore } from '../../stores/shows.ts';
import { closeDialog, openDialog } from '../../stores/view.ts';
import { words } from '../../text/messages.ts';
import { showsWords as text } from '../../text/shows-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { freeName } from './free-name.ts';
import { useShowCalls } from './use-show-calls.ts';

const maxFileBytes = maxShowFileChars * 4; // UTF-8 needs up to four bytes a character

/** All shows: changed, handed over as files, removed. */
export function ShowsDialog() {
  const shows = useStore(showsStore, (state) => state.shows);
  const calls = useShowCalls();
  const [problem, setProblem] = useState<Problem | null>(null);
  /** Runs what may be refused, and shows why. */
  const tell = (work: Promise<unknown>): void => {
    setProblem(null);
    work.catch((error: unknown) => setProblem(problemOf(error)));
  };
  const begin = async (): Promise<void> => {
    const show = await calls.save({ name: freeName(text.firstName, shows), jobs: [], captions: null });
    openDialog({ name: 'show', showId: show.id });
  };
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    if (file.size > maxFileBytes) throw tooLarge();
    const show = await calls.importText(await file.text());
    openDialog({ name: 'show', showId: show.id });
  };
  return (
    <DialogBox
      title={text.title}
      onClose={closeDialog}
      footer={
        <>
          <Btn onPress={() => tell(begin())}>{text.add}</Btn>
          <FileTrigger
            acceptedFileTypes={['application/json', '.json']}
            onSelect={(files) => tell(take(files?.item(0) ?? undefined))}
          >
            <Btn>{text.import}</Btn>
          </FileTrigger>
          <span className="push" />
          <Btn isBig onPress={closeDialog}>
            {words.common.close}
          </Btn>
        </>
      }
    >
      <div role="alert">
        {problem === null ? null : (
          <p className="warn">
            {problem.text} {problem.advice}
          </p>
        )}
      </div>
      {shows.length === 0 ? (
        <div className="blank">
          <p>
            <b>{text.empty}</b>
          </p>
          <p className="sub">{text.emptyHint}</p>
        </div>
      ) : (
        <ul className="show-list" aria-label={text.list}>
          {shows.map((show) => (
            <ShowRow
              key={show.id}
              show={show}
              onExport={() => tell(calls.exportFile(show.id))}
              onRemove={() => tell(calls.remove(show.id))}
            />
          ))}
        </ul>
      )}
      <p className="note">{text.secrets}</p>
    </DialogBox>
  );
}

function ShowRow(props: { readonly show: Show; readonly onExport: () => void; readonly onRemove: () => void }) {
  const { id, name, jobs, captions } = props.show;
  const [isSure, setSure] = useState(false);
  return (
    <li>
      <b className="cut">{name}</b>
      <span className="mark">{text.contents(jobs.length, captions !== null)}</span>
      {isSure ? (
        <span className="row">
          <Btn look="trouble" aria-label={text.removeSureOf(name)} onPress={props.onRemove}>
            {text.removeSure}
          </Btn>
          <Btn onPress={() => setSure(false)}>{text.removeKeep}</Btn>
        </span>
      ) : (
        <span className="row">
          <Btn aria-label={text.edit(name)} onPress={() => openDialog({ name: 'show', showId: id })}>
            {text.change}
          </Btn>
          <Btn aria-label={text.exportOf(name)} onPress={props.onExport}>
            {text.export}
          </Btn>
          <Btn look="quiet" aria-label={text.removeOf(name)} onPress={() => setSure(true)}>
            {text.remove}
          </Btn>
        </span>
      )}
    </li>
  );
}

const tooLarge = (): ProblemError =>
  new ProblemError({ code: 'show-too-large', fault: 'yours', retryable: false, text: text.importTooLarge });
