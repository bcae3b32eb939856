import type { ConsoleContract } from '../../shared/contract/index.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import { dayUtc, minuteUtc } from '../../shared/text/utc.ts';
import type { ConsoleParts } from './parts.ts';

const mimeTypes = { csv: 'text/csv', json: 'application/json' } as const;

/** Every job that the journal knows: searched, told, handed over as a file. */
export function historyHandlers({
  history,
  clock,
}: Pick<ConsoleParts, 'history' | 'clock'>): Pick<Handlers<ConsoleContract>, 'history' | 'jobStory' | 'exportHistory'> {
  return {
    history: async ({ filter, offset, limit }) => history.page(filter, limit, offset),
    jobStory: async ({ jobId }) => ({ lines: [...history.story(jobId)] }),
    exportHistory: async ({ filter, format }) => {
      const nowMs = clock.nowMs();
      const day = `${dayUtc(nowMs)} ${minuteUtc(nowMs).replace(':', '')}`;
      return {
        fileName: `cuedesk jobs ${day}.${format}`,
        mimeType: mimeTypes[format],
        ...history.export(filter, format),
      };
    },
  };
}
