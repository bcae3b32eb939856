import { outputsOf, type JobRequest } from './job-request.ts';

/** What a request names by id: entries of the address book, and storage profiles. */
export interface RequestIds {
  readonly addressIds: readonly string[];
  readonly storageIds: readonly string[];
}

/** Each id once: what must be there before a request can be sent, and must not be removed while it runs. */
export function idsOf(request: JobRequest): RequestIds {
  const outputs = outputsOf(request);
  const output = 'output' in request ? request.output : null;
  const addresses = [
    'templateId' in request ? request.templateId : null,
    'pageId' in request ? request.pageId : null,
    output?.to === 'websocket' ? output.destinationId : null,
    ...(outputs?.stream?.destinationIds ?? []),
  ];
  const storages = [
    output?.to === 'file' ? output.storageId : null,
    outputs?.file?.storageId ?? null,
    outputs?.segments?.storageId ?? null,
    ...(outputs?.images.map((images) => images.storageId) ?? []),
  ];
  return { addressIds: each(addresses), storageIds: each(storages) };
}

const each = (ids: readonly (string | null)[]): readonly string[] => [...new Set(ids.filter((id) => id !== null))];
