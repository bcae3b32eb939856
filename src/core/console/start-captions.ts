import type { CaptionOptions, CaptionSession } from '../../shared/model/captions.ts';
import type { ConsoleParts } from './parts.ts';

/** Begins captions with the transcriber's account of that server. Rejects with a ProblemError. */
export function startCaptions(
  { captions, accounts }: Pick<ConsoleParts, 'captions' | 'accounts'>,
  { otherLanguages, vocabulary, ...order }: CaptionOptions & { readonly serverId: string; readonly roomName: string },
): Promise<CaptionSession> {
  return accounts.use(order.serverId, () => captions.start({ ...order, hints: { otherLanguages, vocabulary } }));
}
