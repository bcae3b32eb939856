import type { Problem } from '../../shared/model/common.ts';
import { isRunning } from '../../shared/model/job.ts';
import { closed, finishing, goesOnAfterKill, holeBefore, holesWith, mergeFiles } from './desk-side.ts';
import { lostEgress, mergeEgress } from './egress-side.ts';
import type { JobEvent } from './job-event.ts';
import { withPhase } from './job-phase.ts';
import { deskIsOver, type DeskHole, type JobState } from './job-state.ts';
import { sidesOf } from './mode-for.ts';
import { refusalOf } from './refusal.ts';
import { isOldNews, unanswered, waitingFor, waitsAtMostMs } from './retries.ts';
import { streamTiming, type StreamTiming } from './streams/stream-side.ts';
import { withStreams, type StreamNotice } from './streams/with-streams.ts';

/** What a recording here has is looked at each second: a hole that ends no longer ago than this still grows. */
const holeGrowsWithinMs = 3_000;

/** What is to be done about it, in this order. */
export type JobEffect =
  | { readonly do: 'startEgress' }
  | { readonly do: 'stopEgress'; readonly egressId: string }
  /** `goesOn`: the end of the console cut it off. */
  | { readonly do: 'openDesk'; readonly take: number; readonly goesOn?: true }
  | { readonly do: 'closeDesk' }
  | { readonly do: 'tellRefusal' }
  /** It need not be asked for again: the server took it, or the producer called it off. */
  | { readonly do: 'tellWaitOver'; readonly isTaken: boolean }
  | { readonly do: 'tellFallback'; readonly because: string }
  | { readonly do: 'tellEgressEnded'; readonly said: string }
  | { readonly do: 'tellDeskFailed'; readonly problem: Problem }
  | { readonly do: 'tellConsoleWasKilled'; readonly endedAtMs: number }
  /** It goes on here, and lacks this. */
  | { readonly do: 'tellDeskHole'; readonly hole: DeskHole }
  | StreamNotice
  | { readonly do: 'tellMissed' }
  /** Somebody else stopped what was started here. */
  | { readonly do: 'tellStoppedElsewhere' }
  /** A rule of the job stopped it. */
  | { readonly do: 'tellStopped'; readonly because: string };

export interface Step {
  readonly state: JobState;
  readonly effects: readonly JobEffect[];
}

/** The one place where a job changes. Pure: the same events give the same job, also from the journal. */
export function advance(before: JobState, event: JobEvent, timing: StreamTiming = streamTiming): Step {
  const handedOver = afterHandOver(before, event);
  if (handedOver) return { state: handedOver, effects: [] };
  if (!isRunning(before))
    return { state: event.type === 'takenLate' ? takenLate(before, event.egressId) : before, effects: [] };
  const applied = apply(before, event);
  const change = event.type === 'streams' ? event.change : null;
  // What waits for its hour has no destinations yet that could stand in any way.
  const { state, notices } =
    applied.state.phase === 'armed'
      ? { state: applied.state, notices: [] }
      : withStreams(before, applied.state, { atMs: event.atMs, change }, timing);
  return { state: withPhase(state, event.atMs), effects: [...applied.effects, ...notices] };
}

/** A hand-over is of several jobs, some of which are over already; it ends none of them by itself. */
function afterHandOver(state: JobState, event: JobEvent): JobState | null {
  if (event.type === 'handedOver') return { ...state, handOver: event.mark };
  if (event.type !== 'tookOver') return null;
  return state.takesOver ? { ...state, takesOver: { ...state.takesOver, isOver: true } } : state;
}

function apply(state: JobState, event: JobEvent): Step {
  switch (event.type) {
    case 'begun':
      return state.phase === 'armed' ? { state, effects: [] } : begin(state);
    case 'due': {
      if (state.phase !== 'armed') return { state, effects: [] };
      const { usesEgress, usesDesk } = sidesOf(state);
      return begin({
        ...state,
        phase: 'starting',
        phaseAtMs: event.atMs,
        requestedAtMs: event.atMs,
        egress: usesEgress ? { at: 'requested', tries: 1 } : { at: 'none' },
        desk: usesDesk ? { at: 'opening', take: 1 } : { at: 'none' },
      });
    }
    case 'tryAgain':
      if (state.egress.at !== 'waiting') return { state, effects: [] };
      return begin({
        ...state,
        requestedAtMs: event.atMs,
        egress: { at: 'requested', tries: state.egress.tries + 1 },
      });
    case 'missed':
      if (state.egress.at === 'waiting')
        return { state: notTaken(state, event.atMs), effects: [{ do: 'tellRefusal' }] };
      if (state.phase !== 'armed') return { state, effects: [] };
      return { state: { ...state, isMissed: true }, effects: [{ do: 'tellMissed' }] };
    case 'takenLate':
      return { state, effects: [] }; // only of one that is over
    case 'egressSeen':
      return onEgress(state, event);
    case 'egressRefused':
      return onRefused(state, event.problem, event.atMs);
    case 'egressGone':
      if (state.egress.at === 'requested' && state.stopAskedAtMs === null)
        return onRefused(state, unanswered, event.atMs);
      if (state.egress.at === 'requested')
        return { state: { ...state, egress: { at: 'refused', atMs: event.atMs } }, effects: [] };
      return onGone(state, event);
    case 'forgotten':
      return onLost(state, event.atMs, 'Given up here: the server keeps its row, and nothing of it runs.');
    case 'serverRemoved':
      return onServerRemoved(state, event.atMs);
    case 'takeOverAsked': {
      const cannot = state.phase === 'armed' || state.stopAskedAtMs !== null || state.roomName === '';
      return cannot || !deskIsOver(state.desk) ? { state, effects: [] } : openDesk(state, event.because);
    }
    case 'deskBegan': {
      if (state.desk.at !== 'opening') return { state, effects: [] };
      const hole = holeBefore(state.desk, event.startedAtMs);
      const next: JobState = {
        ...state,
        desk: { at: 'recording', take: state.desk.take, startedAtMs: event.startedAtMs },
        deskHoles: hole ? [...state.deskHoles, hole] : state.deskHoles,
      };
      const { refusal } = state;
      // A refusal that came first can say since when the sound is safe only now.
      return {
        state: refusal ? { ...next, refusal: refusalOf(next, refusal.problem, refusal.atMs) } : next,
        effects: hole ? [{ do: 'tellDeskHole', hole }] : [],
      };
    }
    case 'deskGrew':
      return {
        state: {
          ...state,
          deskFiles: mergeFiles(state.deskFiles, event.files),
          deskPeopleCount: event.peopleCount,
          deskHoles: holesWith(state, event.holes),
          deskTakesNothing: event.atMs - (event.holes?.at(-1)?.toMs ?? 0) < holeGrowsWithinMs,
        },
        effects: [],
      };
    case 'deskFailed': {
      if (deskIsOver(state.desk)) return { state, effects: [] };
      const told: JobEffect = { do: 'tellDeskFailed', problem: event.problem };
      return withDeskClosing({ ...state, deskProblem: event.problem.text }, 'failed', [told]);
    }
    case 'deskClosed': {
      const files = mergeFiles(state.deskFiles, event.files);
      if (state.desk.at !== 'finishing') return { state: { ...state, deskFiles: files }, effects: [] };
      return {
        state: {
          ...state,
          desk: closed(state.desk, event.atMs, state.desk.why),
          deskFiles: files,
          deskHoles: holesWith(state, event.holes),
        },
        effects: [],
      };
    }
    case 'deskFound': {
      if (deskIsOver(state.desk)) return { state, effects: [] };
      const { atMs, endedAtMs } = event;
      const found = {
        ...state,
        desk: closed(state.desk, endedAtMs, 'killed'),
        deskFiles: mergeFiles(state.deskFiles, event.files),
      };
      const told: JobEffect = { do: 'tellConsoleWasKilled', endedAtMs };
      return goesOnAfterKill(state, endedAtMs, atMs) ? goOn(found, endedAtMs, told) : { state: found, effects: [told] };
    }
    case 'layoutSent':
      return { state: { ...state, layoutSent: event.layout }, effects: [] };
    case 'streams': // `withStreams` does it
    case 'handedOver': // and `afterHandOver` these
    case 'tookOver':
      return { state, effects: [] };
    case 'consoleClosing':
      return withDeskClosing(state, 'stopped', []);
    case 'stopAsked': {
      // Asked again: the call before may never have reached its server.
      if (state.stopAskedAtMs !== null) return { state, effects: stopEgress(state) };
      const told: JobEffect[] = event.because === undefined ? [] : [{ do: 'tellStopped', because: event.because }];
      const { at } = state.egress;
      // It waits to be asked again, or is just asked again: nobody waits for the answer.
      if (state.refusal !== null && (at === 'waiting' || at === 'requested'))
        told.unshift({ do: 'tellWaitOver', isTaken: false });
      const off = at === 'waiting' ? notTaken(state, event.atMs) : state;
      return withDeskClosing({ ...off, stopAskedAtMs: event.atMs }, 'stopped', [...stopEgress(off), ...told]);
    }
  }
}

function onEgress(state: JobState, event: Extract<JobEvent, { type: 'egressSeen' }>): Step {
  const egress = mergeEgress(state.egress, event.snapshot);
  if (egress === state.egress) return { state, effects: [] };
  const next = { ...state, egress, refusal: null };
  const effects: JobEffect[] = state.refusal === null ? [] : [{ do: 'tellWaitOver', isTaken: true }];
  // A stop that was asked before the server had answered Start is sent as soon as there is something to stop.
  if (state.egress.at === 'requested' && state.stopAskedAtMs !== null) effects.push(...stopEgress(next));
  if (egress.at === 'ended') {
    const isWhole = egress.outcome === 'complete' && egress.by !== 'full-worker';
    if (egress.by === 'stop-call' && state.stopAskedAtMs === null && state.startedBy === 'here')
      effects.push({ do: 'tellStoppedElsewhere' });
    const told: JobEffect = { do: 'tellEgressEnded', said: egress.said };
    // An upload fails only after the stop, and with it what was recorded is lost.
    if (state.stopAskedAtMs !== null)
      return { state: next, effects: egress.outcome === 'failed' ? [...effects, told] : effects };
    if (isWhole) return withDeskClosing(next, 'released', effects);
    effects.push(told);
    return isOldNews(event, egress.endedAtMs) ? { state: next, effects } : takeOver(next, egress.said, effects);
  }
  const runs = egress.at === 'active' && egress.mediaStartedAtMs !== null;
  return runs ? withDeskClosing(next, 'released', effects) : { state: next, effects };
}

function onRefused(state: JobState, problem: Problem, atMs: number): Step {
  if (state.egress.at !== 'requested') return { state, effects: [] };
  const next: JobState = { ...state, egress: waitingFor(state, problem, atMs) ?? { at: 'refused', atMs } };
  // The desk beside it may have ended before the answer: with a console that was killed.
  const isLate = atMs - state.phaseAtMs > waitsAtMostMs;
  const held = next.egress.at === 'refused' && !isLate ? takeOver(next, problem.text) : { state: next, effects: [] };
  const refusal = refusalOf(held.state, problem, atMs);
  return { state: { ...held.state, refusal }, effects: [{ do: 'tellRefusal' }, ...held.effects] };
}

/** It stays called off; its egress is known as its own, and is not taken for somebody else's. */
const takenLate = (state: JobState, egressId: string): JobState =>
  state.egress.at === 'refused' ? { ...state, egress: { ...state.egress, lateEgressId: egressId } } : state;

/** It was waited for in vain. */
function notTaken(state: JobState, atMs: number): JobState {
  const next: JobState = { ...state, egress: { at: 'refused', atMs } };
  return { ...next, refusal: state.refusal && refusalOf(next, state.refusal.problem, atMs) };
}

/** Begins what was asked for. The desk first: its sound must be safe before the server has said anything; a refusal may take 25 s. */
function begin(state: JobState): Step {
  const effects: JobEffect[] = [];
  if (state.desk.at === 'opening') effects.push({ do: 'openDesk', take: state.desk.take });
  if (state.egress.at === 'requested') effects.push({ do: 'startEgress' });
  return { state, effects };
}

function onGone(state: JobState, event: Extract<JobEvent, { type: 'egressGone' }>): Step {
  const said = 'The server does not list this job any more.';
  const egress = lostEgress(state.egress, event.atMs, said);
  if (egress === state.egress) return { state, effects: [] };
  if (isOldNews(event, state.phaseAtMs)) return { state: { ...state, egress }, effects: [] };
  return takeOver({ ...state, egress }, said, state.stopAskedAtMs === null ? [{ do: 'tellEgressEnded', said }] : []);
}

function onLost(state: JobState, atMs: number, said: string): Step {
  const egress = lostEgress(state.egress, atMs, said);
  return egress === state.egress ? { state, effects: [] } : takeOver({ ...state, egress }, said);
}

/** What waits is called off; what runs there runs on, and nobody here can ask for it. The desk does not take its place: it was the producer who let go. */
function onServerRemoved(state: JobState, atMs: number): Step {
  const off = { ...state, stopAskedAtMs: state.stopAskedAtMs ?? atMs };
  if (state.egress.at === 'waiting' || state.egress.at === 'requested')
    return {
      state: notTaken(off, atMs),
      effects: state.refusal === null ? [] : [{ do: 'tellWaitOver', isTaken: false }],
    };
  return onLost(off, atMs, 'Its server was removed from Cuedesk; what ran there runs on.');
}

/** Egress is lost: the desk goes on, or begins, unless the producer wants none of it. */
function takeOver(state: JobState, because: string, effects: readonly JobEffect[] = []): Step {
  if (
    state.mode !== 'best' ||
    state.startedBy === 'elsewhere' ||
    state.stopAskedAtMs !== null ||
    !deskIsOver(state.desk)
  )
    return { state, effects };
  return openDesk(state, because, effects);
}

function openDesk(state: JobState, because: string, effects: readonly JobEffect[] = []): Step {
  const take = 'take' in state.desk ? state.desk.take + 1 : 1;
  return {
    state: { ...state, desk: { at: 'opening', take } },
    effects: [...effects, { do: 'openDesk', take }, { do: 'tellFallback', because }],
  };
}

/** The recording here that was cut off goes on as its next part. */
function goOn(state: JobState, lacksSinceMs: number, told: JobEffect): Step {
  const take = 'take' in state.desk ? state.desk.take + 1 : 1;
  return {
    state: { ...state, desk: { at: 'opening', take, lacksSinceMs } },
    effects: [told, { do: 'openDesk', take, goesOn: true }],
  };
}

const stopEgress = (state: JobState): readonly JobEffect[] =>
  'egressId' in state.egress && state.egress.at !== 'ended'
    ? [{ do: 'stopEgress', egressId: state.egress.egressId }]
    : [];

function withDeskClosing(state: JobState, why: 'released' | 'stopped' | 'failed', effects: readonly JobEffect[]): Step {
  const desk = finishing(state, why);
  return desk ? { state: { ...state, desk }, effects: [...effects, { do: 'closeDesk' }] } : { state, effects };
}
