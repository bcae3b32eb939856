import { useReducer, type Dispatch } from 'react';
import { useStore } from 'zustand';
import { checkRequest } from '../../../../shared/checks/check-request.ts';
import type { Finding } from '../../../../shared/checks/finding.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { chosenServer, serversStore } from '../../stores/servers.ts';
import type { StartOrder } from '../jobs/use-job-commands.ts';
import { placed } from './finds.tsx';
import { orderOf, type Ordered } from './request-of.ts';
import { reduceChoice, type StartChange, type StartChoice } from './start-choice.ts';
import { usePlan, type Verdict } from './use-plan.ts';

export interface StartFormState extends Ordered {
  readonly choice: StartChoice;
  readonly change: Dispatch<StartChange>;
  readonly findings: readonly Finding[];
  readonly verdict: Verdict;
}

/** The state of a start panel, with what follows from it: the order, what is wrong with it, what would happen. */
export function useStartForm(serverId: string, roomName: string, first: StartChoice): StartFormState {
  const [choice, change] = useReducer(reduceChoice, first);
  const ordered = orderOf(choice);
  const findings = useFindings(ordered.order);
  const verdict = usePlan(serverId, roomName, ordered.order);
  return { choice, change, ...ordered, findings, verdict };
}

/** What the page knows to be wrong with the order, in the room as it is now. */
function useFindings(order: StartOrder | null): readonly Finding[] {
  const people = useStore(roomsStore, (state) => state.detail?.people);
  const serverKind = useStore(serversStore, (state) => chosenServer(state)?.kind);
  if (order === null || order.mode === 'desk-only') return [];
  return placed(checkRequest(order.request, { ...(people && { people }), ...(serverKind && { serverKind }) }));
}
