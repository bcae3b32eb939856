import { noResults } from '../../shared/model/egress-results.ts';
import { isRunning, type DeskPart, type EgressPart, type Job, type JobWarning } from '../../shared/model/job.ts';
import { lacks } from './desk-words.ts';
import { egressFiles } from './egress-files.ts';
import { egressText, meaningOf } from './egress-words.ts';
import { hasOnlyBridge } from './job-phase.ts';
import { sidesOf } from './mode-for.ts';
import { maxTries } from './retries.ts';
import { deskBeganAtMs, deskIsOver, egressIsOver, type DeskSide, type JobState } from './job-state.ts';
import { destinationOf } from './streams/stream-view.ts';

/** What is known beside the job itself. */
export interface Beside {
  readonly warnings: readonly JobWarning[];
  /** Since when its server could not be asked. */
  readonly unknownSinceMs: number | null;
  /** The server runs on this computer: a path that it tells may be one of here. */
  readonly isServerHere: boolean;
}
const nothingBeside: Beside = { warnings: [], unknownSinceMs: null, isServerHere: false };

/** The server decides how it stands. */
const isAskedOf = (job: JobState): boolean => isRunning(job) && !egressIsOver(job.egress);

/** The job as the page shows it: every state in words. */
export function viewOf(state: JobState, beside: Beside = nothingBeside): Job {
  const engine = engineOf(state);
  return {
    id: state.id,
    serverId: state.serverId,
    roomName: state.roomName,
    title: state.title,
    request: state.request,
    mode: state.mode,
    engine,
    phase: state.phase,
    phaseAtMs: Math.round(state.phaseAtMs),
    requestedAtMs: Math.round(state.requestedAtMs),
    startedAtMs: startOf(state, engine),
    endedAtMs: state.endedAtMs === null ? null : Math.round(state.endedAtMs),
    text: textOf(state, engine),
    egress: egressPart(state, state.refusal?.meaning ?? ''),
    desk: deskPart(state),
    refusal: state.refusal,
    files: [...egressFiles(state.egress, state.title, beside.isServerHere), ...state.deskFiles],
    startedBy: state.startedBy,
    layoutSent: state.layoutSent,
    destinations: state.streams.map((stream) => destinationOf(stream, state.egress.at === 'active')),
    startAtMs: state.startAtMs,
    autoStop: state.autoStop,
    stopAskedAtMs: state.stopAskedAtMs === null ? null : Math.round(state.stopAskedAtMs),
    handOver: state.handOver,
    takesOver: state.takesOver,
    warnings: [...beside.warnings],
    again: againOf(state),
    unknownSinceMs: isAskedOf(state) ? beside.unknownSinceMs : null,
  };
}

function againOf({ egress }: JobState): Job['again'] {
  if (egress.at !== 'waiting') return null;
  const { tries, againAtMs, isForSession } = egress;
  return { atMs: Math.round(againAtMs), tries, maxTries, isForSession };
}

/** The desk holds the job where egress does not and never will. */
function engineOf(state: JobState): Job['engine'] {
  if (state.phase === 'armed') return sidesOf(state).usesEgress ? 'egress' : 'desk';
  if (state.egress.at === 'none' || state.egress.at === 'refused') return 'desk';
  if (state.egress.at === 'ended' && (!deskIsOver(state.desk) || lastedAfterEgress(state))) return 'desk';
  return 'egress';
}
const lastedAfterEgress = (state: JobState): boolean =>
  state.egress.at === 'ended' &&
  state.desk.at === 'closed' &&
  (state.egress.outcome !== 'complete' || state.egress.by === 'full-worker') &&
  state.desk.endedAtMs > state.egress.endedAtMs;

function startOf(state: JobState, engine: Job['engine']): number | null {
  const media = 'mediaStartedAtMs' in state.egress ? state.egress.mediaStartedAtMs : null;
  const first = engine === 'egress' ? media : (media ?? deskBeganAtMs(state));
  return first === null ? null : Math.round(first);
}

function textOf(state: JobState, engine: Job['engine']): string {
  const here = state.desk.at === 'recording' ? 'The sound is kept here meanwhile.' : '';
  switch (state.phase) {
    case 'armed':
      return 'Scheduled: it begins by itself while the console is open.';
    case 'waiting':
      return sentence(`Refused: ${state.refusal?.meaning ?? ''}`, here);
    case 'starting':
      return engine === 'egress' ? sentence(egressText(state, ''), here) : joining(state);
    case 'recording':
      if (engine === 'egress') return egressText(state, '');
      return sentence(recordingHere(state), lacks(state.deskHoles));
    case 'stopping':
      if (state.egress.at === 'requested')
        return 'Called off; the server is watched for a few seconds, in case it took it.';
      return engine === 'egress' ? egressText(state, '') : 'Finishing the files.';
    case 'done':
    case 'failed':
      return endText(state);
  }
}

function recordingHere({ refusal, egress, deskFiles, deskHoles }: JobState): string {
  if (refusal) return `Refused by the server, recording here: ${refusal.meaning}`;
  if (egress.at === 'ended')
    return `Egress ended, recording here: ${egress.said ? meaningOf(egress) : 'it gave no reason.'}`;
  const hasNothing = deskFiles.length === 0 && deskHoles.length > 0;
  return hasNothing ? 'Nothing could be kept here yet.' : 'Recording the sound here.';
}

const joining = ({ desk }: JobState): string =>
  desk.at === 'opening' && desk.lacksSinceMs !== undefined
    ? 'The console was ended while it recorded here: joining the room again, to go on.'
    : 'Joining the room to record its sound here.';

function endText(state: JobState): string {
  if (state.isMissed) return 'Missed: the console was closed when it was to begin.';
  if (state.startAtMs !== null && state.egress.at === 'none' && state.desk.at === 'none')
    return 'Cancelled before it began.';
  const parts: string[] = [];
  if (state.egress.at === 'ended') parts.push(egressText(state, ''));
  if (state.egress.at === 'refused')
    parts.push(
      state.refusal
        ? `${state.phase === 'done' && state.stopAskedAtMs !== null && state.deskFiles.length === 0 ? 'Called off while it waited to be asked again. ' : ''}Refused: ${state.refusal.meaning}`
        : state.stopAskedAtMs !== null
          ? `Called off before the server had answered.${state.egress.lateEgressId ? ' The server took it later, and was told to stop it.' : ''}`
          : 'The server did not start it.',
    );
  if (state.desk.at === 'closed' && state.desk.why === 'killed')
    parts.push('The console was ended while it recorded here; the files hold everything up to then.');
  else if (state.deskFiles.length > 0 && hasOnlyBridge(state))
    parts.push('Kept here is only the sound from before the server recorded.');
  else if (state.deskFiles.length > 0 && (state.desk.at !== 'closed' || state.desk.why !== 'released'))
    parts.push('The sound was recorded here.');
  if (state.deskFiles.length > 0) parts.push(lacks(state.deskHoles));
  if (state.deskProblem) parts.push(`${state.deskFiles.length > 0 ? 'It ended' : 'Here'}: ${state.deskProblem}`);
  return sentence(...parts) || 'Ended.';
}

const sentence = (...parts: readonly string[]): string => parts.filter(Boolean).join(' ');

function egressPart(state: JobState, refused: string): EgressPart | null {
  const side = state.egress;
  if (side.at === 'none') return null;
  const status = side.at === 'ended' ? (side.outcome === 'lost' ? 'failed' : side.outcome) : side.at;
  const media = 'mediaStartedAtMs' in side ? side.mediaStartedAtMs : null;
  return {
    egressId: 'egressId' in side ? side.egressId : null,
    status,
    startedAtMs: media === null ? null : Math.round(media),
    endedAtMs: side.at === 'ended' ? Math.round(side.endedAtMs) : null,
    ...(side.at === 'ended' && side.by === 'full-worker' ? { isCutShort: true } : {}),
    text: egressText(state, refused),
    ...(side.at === 'ended' && side.why && { ending: { said: side.said, ...side.why } }),
    results: 'results' in side ? side.results : noResults,
  };
}

const deskStatus: Readonly<Record<Exclude<DeskSide['at'], 'none' | 'closed'>, DeskPart['status']>> = {
  opening: 'joining',
  recording: 'recording',
  finishing: 'finishing',
};

function deskPart(state: JobState): DeskPart | null {
  const { desk } = state;
  if (desk.at === 'none') return null;
  const status =
    desk.at === 'closed'
      ? desk.why === 'failed'
        ? 'failed'
        : desk.why === 'released'
          ? 'released'
          : 'kept'
      : deskStatus[desk.at];
  const words: Readonly<Record<DeskPart['status'], string>> = {
    joining: 'Joining the room.',
    recording: 'Recording the sound here.',
    finishing: 'Finishing the files.',
    kept: 'Kept here.',
    released: 'Recorded here until the server was proven to record.',
    failed: state.deskProblem ?? 'Could not record here.',
  };
  return {
    status,
    startedAtMs: desk.at === 'opening' || desk.startedAtMs === null ? null : Math.round(desk.startedAtMs),
    endedAtMs: desk.at === 'closed' ? Math.round(desk.endedAtMs) : null,
    peopleCount: state.deskPeopleCount,
    holes: state.deskHoles.map(({ fromMs, toMs }) => ({ fromMs: Math.round(fromMs), toMs: Math.round(toMs) })),
    text: words[status],
    ...(desk.at === 'recording' && state.deskTakesNothing && { takesNothing: true }),
  };
}
