import { drillList } from './drill-list.ts';
import type { EgressFaults } from './egress/faults.ts';

/** The faults that a rehearsal can make. */
export type DrillId =
  | 'refuse-429'
  | 'refuse-503'
  | 'hang-starting'
  | 'hang-ending'
  | 'unheard-stop'
  | 'kill-job'
  | 'orphan'
  | 'session-limit'
  | 'black-picture'
  | 'silent-rooms'
  | 'hang-running'
  | 'show-receivers'
  | 'drop-destination'
  | 'freeze-destination'
  | 'refuse-storage'
  | 'backup-storage'
  | 'no-v2'
  | 'drop-feed'
  | 'drop-transcriber';

export interface DrillState {
  readonly id: DrillId;
  readonly label: string;
  /** What the console should do about it. */
  readonly expect: string;
  /** It waits for its moment, or holds until it is run again. */
  readonly armed: boolean;
  /** What must be there first, "a recording that runs"; null: it can run now. */
  readonly needs: string | null;
}

/** What the drills reach into. */
export interface DrillTargets {
  /** Null where the rehearsal has no egress. */
  readonly egress: EgressFaults | null;
  readonly server: {
    readonly armedRefusal: 429 | 503 | null;
    armRefusal(status: 429 | 503 | null): void;
    /** Whether it knows v2 `StartEgress`. */
    hasV2: boolean;
    /** Whether egress has a storage to fall back to. */
    hasBackup: boolean;
  };
  /** Null where the rehearsal was opened without receivers. */
  readonly destinations: {
    readonly state: 'up' | 'down' | 'frozen';
    setState(state: 'up' | 'down' | 'frozen'): Promise<void>;
    isStorageRefusing: boolean;
    readonly addresses: { readonly page: string };
  } | null;
  /** Null where a real server has the rooms: its people speak on. */
  readonly people: { readonly isHushed: boolean; hush(untilMs: number): void } | null;
  /** Streams of the room child. */
  readonly sceneLinkCount: number;
  dropSceneLinks(): number;
  readonly transcriberCount: number;
  dropTranscribers(): number;
}

export interface Drill {
  readonly label: string;
  readonly expect: string | ((targets: DrillTargets) => string);
  armed?(targets: DrillTargets): boolean;
  /** Null where there is something now that it can break. */
  needs(targets: DrillTargets): string | null;
  /** Does it and says in a sentence what happened. */
  run(targets: DrillTargets): string | Promise<string>;
}

export function drillStates(targets: DrillTargets): readonly DrillState[] {
  return Object.entries(drillList).map(([id, drill]) => ({
    id: id as DrillId, // the record has no other keys
    label: drill.label,
    expect: typeof drill.expect === 'string' ? drill.expect : drill.expect(targets),
    armed: drill.armed?.(targets) ?? false,
    needs: drill.needs(targets),
  }));
}

export function isDrill(id: string): id is DrillId {
  return Object.hasOwn(drillList, id);
}

export async function runDrill(id: DrillId, targets: DrillTargets): Promise<string> {
  return drillList[id].run(targets);
}
