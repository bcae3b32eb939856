import { isMixedWithoutBrowser, type JobRequest } from './job-request.ts';

/**
 * What a change of the layout does to a job that runs. `follows`: its template was made for it. `stock`: LiveKit's own template
 * keeps the layout that it began with (since November 2024; that of LiveKit Cloud may differ). `silent`: a template of which
 * nobody has said that it follows. `none`: no template lays out this job.
 */
export type LayoutTruth = 'follows' | 'stock' | 'silent' | 'none';

/** `doesFollow` tells of a template of the address book whether its page was made to follow. */
export function layoutTruth(request: JobRequest, doesFollow: (templateId: string) => boolean): LayoutTruth {
  if (request.kind !== 'room-composite' && request.kind !== 'template') return 'none';
  if (isMixedWithoutBrowser(request)) return 'none'; // by the mixer of egress, without a page
  if (request.templateId === null) return 'stock';
  return doesFollow(request.templateId) ? 'follows' : 'silent';
}
