import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measuredTiming } from '../../src/rehearsal/egress/timing.ts';
import { openActs } from '../../src/rehearsal/livekit/acts.ts';
import { openStandIn } from '../../src/rehearsal/livekit/stand-in.ts';
import { scriptedShow } from './scripted-show.ts';

export const apiKey = { key: 'devkey', secret: 'a-secret-of-thirty-six-chars-0123456' };

/** The rehearsal's server with a room `hall` of two people, ada and ben. */
export async function openTwoPeople({ hasEgress = true } = {}): Promise<{
  readonly url: string;
  readonly close: () => Promise<void>;
}> {
  const filesFolder = mkdtempSync(join(tmpdir(), 'cuedesk-two-people-'));
  const standIn = await openStandIn({
    acts: openActs(scriptedShow('hall', ['ada', 'ben']).show, Date.now),
    apiKey,
    filesFolder,
    ffmpeg: null,
    timing: { ...measuredTiming, answerIdleMs: 20, answerBusyMs: 10 },
    egressLimit: 1,
    hasEgress,
    canUnmute: false,
    behindUrl: null,
    now: Date.now,
  });
  return {
    url: standIn.url,
    close: async () => {
      await standIn.close();
      rmSync(filesFolder, { recursive: true, force: true });
    },
  };
}
