import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { keysText } from '../../commands/use-keys.ts';
import { seconds } from '../../text/format.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';
import { jobsView, type JobsView } from './jobs-view.ts';
import { undoMs, undoStopAll, useStopAllSender } from './use-job-commands.ts';

const text = jobsWords.stopAll;

/** The 5 s between the hold and the sending of a stop of all: it counts, and one press takes everything back. */
export function UndoToast() {
  useStopAllSender();
  const pending = useStore(jobsView, (state) => state.stopAll);
  return (
    <>
      <output className="vh">{pending === null ? '' : text.spoken(pending.jobIds.length)}</output>
      {pending === null ? null : <Toast pending={pending} />}
    </>
  );
}

function Toast({ pending }: { readonly pending: NonNullable<JobsView['stopAll']> }) {
  const nowMs = useNow();
  const box = useRef<HTMLDivElement>(null);
  // Where the hands are: the way back must be one key away.
  useEffect(() => box.current?.querySelector('button')?.focus(), []);
  const leftMs = Math.min(undoMs, Math.max(0, pending.sendAtMs - nowMs));
  return (
    <div ref={box} className="toast undo" style={{ ['--to-go' as string]: (leftMs / undoMs) * 100 }}>
      <Icon name="undo" />
      <span aria-hidden="true">
        <b>{text.pending(pending.jobIds.length, seconds(leftMs + 999))}</b> {text.nothingSent}
      </span>
      <Btn className="push" onPress={undoStopAll}>
        {text.undo} <kbd>{keysText('Mod+Z')}</kbd>
      </Btn>
    </div>
  );
}
