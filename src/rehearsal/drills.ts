import type { EgressFaults } from './egress/simulator.ts';

/** The faults that a rehearsal can make. */
export type DrillId = 'refuse-429' | 'refuse-503' | 'kill-job' | 'drop-feed' | 'drop-transcriber';

export interface DrillState {
  readonly id: DrillId;
  readonly label: string;
  /** What the console should do about it. */
  readonly expect: string;
  /** It waits for the next start of a job. */
  readonly armed: boolean;
  /** There is something now that it can break. */
  readonly canRun: boolean;
}

/** What the drills reach into. */
export interface DrillTargets {
  /** Null where the rehearsal has no egress. */
  readonly egress: EgressFaults | null;
  readonly armedRefusal: 429 | 503 | null;
  armRefusal(status: 429 | 503 | null): void;
  /** Streams of the room child. */
  readonly sceneLinkCount: number;
  dropSceneLinks(): number;
  readonly transcriberCount: number;
  dropTranscribers(): number;
}

interface Drill {
  readonly label: string;
  readonly expect: string;
  armed?(targets: DrillTargets): boolean;
  canRun(targets: DrillTargets): boolean;
  /** Does it and says in a sentence what happened. */
  run(targets: DrillTargets): string;
}

const drills: Readonly<Record<DrillId, Drill>> = {
  'refuse-429': {
    label: 'Refuse: limit reached',
    expect:
      'The next recording is refused at once (429). It is recorded here instead, and the limit is shown as reached.',
    armed: (targets) => targets.armedRefusal === 429,
    canRun: (targets) => targets.egress !== null,
    run: (targets) => arm(targets, 429),
  },
  'refuse-503': {
    label: 'Refuse: no worker answers',
    expect: 'The next recording is refused after some 22 s (503). The sound is kept here from the first second on.',
    armed: (targets) => targets.armedRefusal === 503,
    canRun: (targets) => targets.egress !== null,
    run: (targets) => arm(targets, 503),
  },
  'kill-job': {
    label: 'Kill the running job',
    expect: 'The recording fails and its file is lost. The console says so and goes on recording here.',
    canRun: (targets) => (targets.egress?.handledCount ?? 0) > 0,
    run: (targets) => {
      const killed = targets.egress?.killOne() ?? null;
      return killed ? `The egress ${killed} was killed.` : 'No egress is running.';
    },
  },
  'drop-feed': {
    label: 'Drop the sound feeds',
    expect: 'Captions and meters stop, come back within seconds by themselves, and the gap is dated.',
    canRun: (targets) => (targets.egress?.socketCount ?? 0) + targets.sceneLinkCount > 0,
    run: (targets) => {
      const sockets = targets.egress?.dropSockets() ?? 0;
      const links = targets.dropSceneLinks();
      return sockets + links > 0
        ? `Broken: ${sockets} of track egress, ${links} of the room child.`
        : 'No sound feed is running.';
    },
  },
  'drop-transcriber': {
    label: 'Drop the transcriber',
    expect: 'Captions pause and go on in the same session; no word is lost or doubled.',
    canRun: (targets) => targets.transcriberCount > 0,
    run: (targets) => {
      const count = targets.dropTranscribers();
      return count > 0 ? `Broken: ${count} transcriber connections.` : 'No transcriber is connected.';
    },
  },
};

export function drillStates(targets: DrillTargets): readonly DrillState[] {
  return Object.entries(drills).map(([id, drill]) => ({
    id: id as DrillId, // the record has no other keys
    label: drill.label,
    expect: drill.expect,
    armed: drill.armed?.(targets) ?? false,
    canRun: drill.canRun(targets),
  }));
}

export function isDrill(id: string): id is DrillId {
  return Object.hasOwn(drills, id);
}

export function runDrill(id: DrillId, targets: DrillTargets): string {
  return drills[id].run(targets);
}

function arm(targets: DrillTargets, status: 429 | 503): string {
  if (!targets.egress) return 'This rehearsal has no egress: every start is refused anyway.';
  if (targets.armedRefusal === status) {
    targets.armRefusal(null);
    return 'Disarmed: the next start goes through.';
  }
  targets.armRefusal(status);
  return `Armed: the next start is refused with ${status}.`;
}
