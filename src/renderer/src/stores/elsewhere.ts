import { createStore } from 'zustand/vanilla';
import type { CaptionSession } from '../../../shared/model/captions.ts';
import type { Job } from '../../../shared/model/job.ts';

export interface RunningAt {
  readonly jobs: readonly Job[];
  readonly sessions: readonly CaptionSession[];
}

/** What runs at servers that the window does not show now, by server. A recording must not be out of mind with its server. */
export const elsewhereStore = createStore<{ readonly byServer: ReadonlyMap<string, RunningAt> }>(() => ({
  byServer: new Map(),
}));

const nothing: RunningAt = { jobs: [], sessions: [] };

/** Takes what runs at one server: the part that is named. */
export function takeElsewhere(serverId: string, part: Partial<RunningAt>): void {
  elsewhereStore.setState(({ byServer }) => ({
    byServer: new Map(byServer).set(serverId, { ...nothing, ...byServer.get(serverId), ...part }),
  }));
}

export function forgetElsewhere(serverId: string): void {
  elsewhereStore.setState(({ byServer }) => {
    const next = new Map(byServer);
    next.delete(serverId);
    return { byServer: next };
  });
}
