import type { EgressRequest } from '../../../shared/model/job-request.ts';
import { dialAddress } from './address.ts';
import type { Fields } from './forms.ts';
import type { RequestSecrets } from './secrets.ts';

type Tracks = Extract<EgressRequest, { kind: 'web' }>['tracks'];

/** Sound or picture alone. */
export const onlyFields = (tracks: Tracks): Fields => ({
  audio_only: tracks === 'audio',
  video_only: tracks === 'video',
});

/** The address of a template of one's own; undefined: the stock one. */
export const baseUrl = (templateId: string | null, secrets: RequestSecrets): string | undefined =>
  templateId === null ? undefined : dialAddress(secrets, templateId, 'page');
