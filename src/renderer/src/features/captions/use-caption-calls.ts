import type { ExportFormat } from '../../../../shared/model/captions.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import type { Api } from '../../api.ts';
import { useApi } from '../../api-context.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { serversStore } from '../../stores/servers.ts';
import { captionsWords } from '../../text/captions-messages.ts';
import { download } from '../../ui/download.ts';
import { captionsView, noted, troubled } from './captions-view.ts';

const deafMs = 1_000; // a second press within 1 s starts nothing (console.md, Safety), by whatever way it comes
let lastStartAtMs = -Infinity;

async function startCaptions(api: Api): Promise<void> {
  const serverId = serversStore.getState().chosenId;
  const roomName = roomsStore.getState().chosenName;
  const { options, startingAtMs } = captionsView.getState();
  if (serverId === null || roomName === null || startingAtMs !== null) return;
  if (performance.now() - lastStartAtMs < deafMs) return;
  lastStartAtMs = performance.now();
  captionsView.setState({ startingAtMs: Date.now(), problem: null, note: null });
  try {
    await api.run((core) => core.startCaptions({ serverId, roomName, ...options }));
  } catch (error) {
    captionsView.setState({ problem: problemOf(error) });
  } finally {
    captionsView.setState({ startingAtMs: null });
  }
}

export interface CaptionCalls {
  readonly start: () => void;
  /** Rejects with a ProblemError. */
  readonly stop: (sessionId: string) => Promise<void>;
  /** Sets a marker; what went wrong shows in the head of the panel. */
  readonly mark: (sessionId: string, name: string, atMs: number) => void;
  readonly save: (sessionId: string, format: ExportFormat) => void;
}

/** What the captions panel asks of the core. */
export function useCaptionCalls(): CaptionCalls {
  const api = useApi();
  return {
    start: () => void startCaptions(api),
    stop: async (sessionId) => {
      await api.run((core) => core.stopCaptions({ sessionId }));
    },
    mark: (sessionId, name, atMs) => {
      captionsView.setState({ note: null });
      api
        .run((core) => core.addMarker({ sessionId, name, atMs }))
        .catch((error: unknown) => troubled(captionsWords.problem.notMarked(problemOf(error).text)));
    },
    save: (sessionId, format) => {
      captionsView.setState({ note: null });
      api
        .run((core) => core.exportCaptions({ sessionId, format }))
        .then(
          ({ fileName, mimeType, text }) => {
            download(fileName, mimeType, text);
            noted(captionsWords.export.saved(fileName));
          },
          (error: unknown) => troubled(captionsWords.export.failed(problemOf(error).text)),
        );
    },
  };
}
