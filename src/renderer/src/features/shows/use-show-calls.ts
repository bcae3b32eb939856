import type { ShowOutcome } from '../../../../shared/contract/shows.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import type { Show, ShowJob } from '../../../../shared/model/show.ts';
import type { Api } from '../../api.ts';
import { useApi } from '../../api-context.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { serversStore } from '../../stores/servers.ts';
import { showsWords as text } from '../../text/shows-messages.ts';
import { download } from '../../ui/download.ts';
import { jobsView } from '../jobs/jobs-view.ts';

interface ShowInput {
  readonly showId?: string;
  readonly name: string;
  readonly jobs: readonly ShowJob[];
  readonly captions: Show['captions'];
}

export interface ShowCalls {
  /** Those that answer with a promise reject with a ProblemError. */
  readonly save: (input: ShowInput) => Promise<Show>;
  readonly remove: (showId: string) => Promise<void>;
  readonly choose: (showId: string | null) => Promise<void>;
  readonly exportFile: (showId: string) => Promise<void>;
  readonly importText: (fileText: string) => Promise<Show>;
  /** Starts it in the chosen room; what did not start is told in the jobs panel. */
  readonly start: (show: Show) => void;
}

/** What shows ask of the core. */
export function useShowCalls(): ShowCalls {
  const api = useApi();
  return {
    save: ({ jobs, ...input }) => api.run((core) => core.saveShow({ ...input, jobs: [...jobs] })),
    remove: async (showId) => void (await api.run((core) => core.removeShow({ showId }))),
    choose: async (showId) => void (await api.run((core) => core.chooseShow({ showId }))),
    exportFile: async (showId) => {
      const file = await api.run((core) => core.exportShow({ showId }));
      download(file.fileName, 'application/json', file.text);
    },
    importText: (fileText) => api.run((core) => core.importShow({ text: fileText })),
    start: (show) => void startShow(api, show),
  };
}

const deafMs = 1_000; // a second press within 1 s starts nothing (console.md, Safety), by whatever way it comes
let lastStartAtMs = -Infinity;

async function startShow(api: Api, show: Show): Promise<void> {
  const serverId = serversStore.getState().chosenId;
  const roomName = roomsStore.getState().chosenName;
  if (serverId === null || roomName === null) return;
  if (performance.now() - lastStartAtMs < deafMs || jobsView.getState().startingAtMs !== null) return;
  lastStartAtMs = performance.now();
  jobsView.setState({ startingAtMs: Date.now(), problem: null });
  try {
    const outcome = await api.run((core) => core.startShow({ serverId, roomName, showId: show.id }));
    jobsView.setState({ problem: problemIn(outcome, roomName) });
  } catch (error) {
    jobsView.setState({ problem: problemOf(error) });
  } finally {
    jobsView.setState({ startingAtMs: null });
  }
}

/** What did not start, with its reasons; null where each job runs or is covered by another. */
function problemIn({ jobs }: ShowOutcome, roomName: string): ReturnType<typeof problemOf> | null {
  const left = jobs.filter(({ engine, problem }) => problem !== null || engine === 'none' || engine === 'lacking');
  if (left.length === 0) return null;
  const why = left.map(({ title, because, problem }) => text.notStarted(title, problem?.text ?? because));
  const advice = left.flatMap(({ problem }) => problem?.advice ?? [])[0];
  return {
    code: 'show-incomplete',
    fault: 'yours',
    retryable: true,
    text: `${text.outcome(jobs.length - left.length, jobs.length, roomName)} ${why.join(' ')}`,
    ...(advice === undefined ? {} : { advice }),
  };
}
