import { noOutputs, type EgressRequest } from './job-request.ts';
import type { RuleDraft } from './rule.ts';

/** Whom or what a rule records, `trackSid` where it takes tracks. */
interface RuleSubject {
  readonly identity: string;
  readonly trackSid: string;
}

/**
 * The request that a rule makes of a person or a track; null where it has nowhere to go. A track has one file: LiveKit
 * makes no segments of it as it comes.
 */
export function ruleRequest(
  { takes, outputs, encoding }: Pick<RuleDraft, 'takes' | 'outputs' | 'encoding'>,
  { identity, trackSid }: RuleSubject,
): EgressRequest | null {
  const { file, segments } = outputs;
  if (takes === 'participants')
    return file === null && segments === null
      ? null
      : { kind: 'participant', identity, screenShare: false, encoding, outputs: { ...noOutputs, ...outputs } };
  if (file === null) return null;
  const { filePath, hasManifest, storageId } = file;
  return { kind: 'track', trackSid, output: { to: 'file', filePath, hasManifest, storageId } };
}

/** The same for whoever comes: what is checked, and what names storages. */
export const anyRuleRequest = (rule: Parameters<typeof ruleRequest>[0]): EgressRequest | null =>
  ruleRequest(rule, { identity: 'everybody', trackSid: 'each' });
