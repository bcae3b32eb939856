import { useEffect, useReducer, useRef } from 'react';
import { checkRequest } from '../../../../shared/checks/check-request.ts';
import { useStore } from 'zustand';
import type { Finding } from '../../../../shared/checks/finding.ts';
import { isRunning } from '../../../../shared/model/job.ts';
import { keysText } from '../../commands/use-keys.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { chosenServer, serversStore } from '../../stores/servers.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { StartButton } from '../../ui/start-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { closeJobsDialog, jobsView } from '../jobs/jobs-view.ts';
import { PlanVerdict } from './plan-verdict.tsx';
import { placed, toldAtFields } from './finds.tsx';
import { orderOf } from './request-of.ts';
import { firstChoice, reduceChoice } from './start-choice.ts';
import { StartForm } from './start-form.tsx';
import './start.css';
import { useStartJob, type StartOrder } from '../jobs/use-job-commands.ts';
import { usePlan } from './use-plan.ts';

const text = jobsWords.start;

/** The start panel of the chosen room, with the plan beside it: the verdict follows each field. */
export function StartDialog() {
  const serverId = useStore(serversStore, (state) => state.chosenId);
  const roomName = useStore(roomsStore, (state) => state.chosenName);
  return serverId === null || roomName === null ? null : <StartPanel serverId={serverId} roomName={roomName} />;
}

function StartPanel({ serverId, roomName }: { readonly serverId: string; readonly roomName: string }) {
  const [choice, change] = useReducer(reduceChoice, firstChoice);
  const { order, missing } = orderOf(choice);
  const findings = useFindings(order);
  const verdict = usePlan(serverId, roomName, order);
  const people = useStore(roomsStore, (state) => state.detail?.people.length ?? 0);
  const running = useStore(
    jobsStore,
    (state) => state.jobs.filter((job) => job.roomName === roomName && isRunning(job)).length,
  );
  const startingAtMs = useStore(jobsView, (state) => state.startingAtMs);
  const problem = useStore(jobsView, (state) => state.problem);
  const startJob = useStartJob();
  const can = order !== null && verdict.plan !== null && verdict.plan.verdict !== 'none'; // one more press while it starts is deaf by itself, and a disabled button loses the focus
  const start = (): void => {
    if (order !== null && can) startJob(order);
  };
  useModEnter(start);
  return (
    <DialogBox
      title={text.title}
      mark={text.mark(roomName, people)}
      size="wide"
      onClose={closeJobsDialog}
      footer={
        <>
          <span className="note">{text.keys(`${keysText('Mod+')} Enter`.replaceAll(/\s+/g, ' '))}</span>
          {running === 0 ? null : <span className="note">{text.running(running)}</span>}
          <span className="push" />
          <Btn isBig onPress={closeJobsDialog}>
            {words.common.cancel}
          </Btn>
          <StartButton isBig look="first" isDisabled={!can} onStart={start}>
            {startingAtMs === null ? text.action[verdict.plan?.verdict ?? 'egress'] : <Waited sinceMs={startingAtMs} />}
          </StartButton>
        </>
      }
    >
      <div className="split2">
        <div className="start-fields">
          <StartForm roomName={roomName} choice={choice} change={change} findings={findings} />
        </div>
        <PlanVerdict verdict={verdict} missing={missing} told={toldAtFields(findings)} failed={problem} />
      </div>
    </DialogBox>
  );
}

/** What the page knows to be wrong with the order, in the room as it is now. */
function useFindings(order: StartOrder | null): readonly Finding[] {
  const people = useStore(roomsStore, (state) => state.detail?.people);
  const serverKind = useStore(serversStore, (state) => chosenServer(state)?.kind);
  if (order === null || order.mode === 'desk-only') return [];
  return placed(checkRequest(order.request, { ...(people && { people }), ...(serverKind && { serverKind }) }));
}

/** Ctrl or Cmd with Enter, from any field of the panel. */
function useModEnter(start: () => void): void {
  const latest = useRef(start);
  useEffect(() => {
    latest.current = start;
  });
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
      // An address that is being typed is not yet in the order: it is kept or left first.
      if (event.target instanceof Element && event.target.closest('.new-address')) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current();
    };
    addEventListener('keydown', hear, { capture: true });
    return () => removeEventListener('keydown', hear, { capture: true });
  }, []);
}

function Waited({ sinceMs }: { readonly sinceMs: number }) {
  const nowMs = useNow();
  return <>{text.starting(nowMs - sinceMs)}</>;
}
