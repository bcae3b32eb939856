import { elsewhereId, type JobRequest } from '../../../../shared/model/job-request.ts';
import { choiceOf } from './choice-of.ts';
import { isToWebsocket, type StartChoice } from './start-choice.ts';

/** What a server does not tell of a job that others started. */
export type Untold = 'page' | 'template' | 'websocket' | 'addresses' | 'storage';

/** The panel's state for a job that was started elsewhere: what its server keeps to itself is empty, and named. */
export function foundChoice(request: JobRequest): { readonly choice: StartChoice; readonly untold: readonly Untold[] } {
  const choice = choiceOf(request, 'best');
  const { pageId, templateId, websocketId, outputs } = choice;
  const isSocket = isToWebsocket(choice);
  const { file, segments, stream, images } = outputs;
  const isUntold: Readonly<Record<Untold, boolean>> = {
    page: pageId === elsewhereId,
    template: templateId === elsewhereId,
    websocket: isSocket && websocketId === elsewhereId,
    addresses: !isSocket && stream !== null,
    storage: !isSocket && (file !== null || segments !== null || images.length > 0),
  };
  const told = (id: string | null): string | null => (id === elsewhereId ? null : id);
  return {
    choice: { ...choice, pageId: told(pageId), templateId: told(templateId), websocketId: told(websocketId) },
    untold: (['page', 'template', 'websocket', 'addresses', 'storage'] as const).filter((what) => isUntold[what]),
  };
}
