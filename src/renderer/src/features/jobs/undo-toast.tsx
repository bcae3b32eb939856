import { useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { keysText } from '../../commands/use-keys.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { seconds } from '../../text/format.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';
import { jobsView, type JobsView } from './jobs-view.ts';
import { leftMs, sendStopNow, undoMs, undoStop, useStopSender } from './pending-stop.ts';

const text = jobsWords.pendingStop;

/** The 5 s between the hold and the sending of a stop: it counts, and one press takes everything back. */
export function UndoToast() {
  useStopSender();
  const pending = useStore(jobsView, (state) => state.pendingStop);
  const [first = ''] = pending?.jobIds ?? [];
  const title = useStore(jobsStore, (state) => state.jobs.find(({ id }) => id === first)?.title ?? '');
  const count = pending?.jobIds.length ?? 0;
  return (
    <>
      <output className="vh">{pending === null ? '' : text.spoken(count, title)}</output>
      {pending === null ? null : <Toast pending={pending} what={text.what(count, title)} />}
    </>
  );
}

interface ToastProps {
  readonly pending: NonNullable<JobsView['pendingStop']>;
  readonly what: string;
}

function Toast({ pending, what }: ToastProps) {
  const nowMs = useNow();
  const box = useRef<HTMLDivElement>(null);
  // Where the hands are: the way back must be one key away. Afterwards they are where they were, or among the jobs.
  useLayoutEffect(() => {
    const toast = box.current;
    const before = document.activeElement;
    const jobs = toast?.parentElement?.querySelector<HTMLElement>('.jobs');
    toast?.querySelector('button')?.focus();
    return () => {
      if (!toast?.contains(document.activeElement)) return;
      if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
      else jobs?.focus();
    };
  }, []);
  const stillMs = leftMs(pending.sendAtMs, nowMs);
  return (
    <div ref={box} className="toast undo" style={{ ['--to-go' as string]: (stillMs / undoMs) * 100 }}>
      <Icon name="undo" />
      <span aria-hidden="true">
        <b className="cut">{text.stopping(what, seconds(stillMs + 999))}</b> {text.nothingSent}
      </span>
      <Btn className="push" onPress={undoStop}>
        {text.undo} <kbd>{keysText('Mod+Z')}</kbd>
      </Btn>
      <Btn onPress={sendStopNow}>{text.now}</Btn>
    </div>
  );
}
