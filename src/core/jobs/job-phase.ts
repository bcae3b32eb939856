import { isRunning } from '../../shared/model/job.ts';
import { deskIsOver, egressIsOver, type JobState } from './job-state.ts';

/** The phase of a job, as both of its sides together have it: the one word that the page and the history go by. */
export function withPhase(state: JobState, atMs: number): JobState {
  const phase = phaseOf(state);
  if (phase === state.phase) return state;
  return { ...state, phase, phaseAtMs: atMs, endedAtMs: isRunning({ phase }) ? state.endedAtMs : endOf(state, atMs) };
}

function phaseOf(state: JobState): JobState['phase'] {
  if (state.isMissed) return 'failed';
  if (state.phase === 'armed') return state.stopAskedAtMs === null ? 'armed' : 'done';
  if (egressIsOver(state.egress) && deskIsOver(state.desk)) return hasSomething(state) ? 'done' : 'failed';
  if (state.stopAskedAtMs !== null) return 'stopping';
  if (state.egress.at === 'waiting') return 'waiting';
  if (state.egress.at === 'active') return 'recording';
  if (state.egress.at === 'ending') return 'stopping';
  if (egressIsOver(state.egress))
    return state.desk.at === 'recording' ? 'recording' : state.desk.at === 'opening' ? 'starting' : 'stopping';
  return 'starting';
}

/** The server lost what it recorded; kept here is only the sound from before. */
export const hasOnlyBridge = ({ egress, desk }: JobState): boolean =>
  egress.at === 'ended' && egress.outcome === 'failed' && desk.at === 'closed' && desk.why === 'released';

const hasSomething = (state: JobState): boolean =>
  (state.deskFiles.length > 0 && !hasOnlyBridge(state)) ||
  // Called off before the server had taken it: that is not a failure.
  (state.egress.at === 'refused' && state.stopAskedAtMs !== null && state.stopAskedAtMs <= state.egress.atMs) ||
  (state.egress.at === 'ended' && (state.egress.outcome === 'complete' || state.egress.outcome === 'limit-reached'));

const endOf = (state: JobState, atMs: number): number => {
  const ends = [
    state.egress.at === 'ended' ? state.egress.endedAtMs : null,
    state.desk.at === 'closed' ? state.desk.endedAtMs : null,
  ].filter((end) => end !== null);
  return ends.length > 0 ? Math.max(...ends) : atMs;
};
