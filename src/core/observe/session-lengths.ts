import type { ServerKind } from '../../shared/model/server.ts';
import { LimitedOutput, type SessionLength } from '../../shared/model/session-length.ts';

/** As the settings keep it. */
export interface DeclaredSessions {
  readonly lengthsMs: Readonly<Partial<Record<LimitedOutput, number>>>;
  /** Whether another job takes over before. */
  readonly handsOver: boolean;
}

const hourMs = 3_600_000;
const published = 'published for LiveKit Cloud, read November 2026';
/** Where LiveKit publishes them; a server of one's own has those of its `session_limits`, which no API tells. */
const cloud: Readonly<Record<LimitedOutput, number>> = { file: 3 * hourMs, segments: 12 * hourMs, stream: 12 * hourMs };

/** How long an egress may run at a server, by output: declared, else published, else unknown. */
export function sessionLengths(kind: ServerKind | null, declared: DeclaredSessions['lengthsMs']): SessionLength[] {
  return LimitedOutput.options.map((output) => {
    const yours = declared[output];
    if (yours !== undefined) return { output, limitMs: yours, source: 'declared', from: 'declared by you' };
    if (kind === 'cloud') return { output, limitMs: cloud[output], source: 'declared', from: published };
    const hint =
      kind === 'rehearsal' ? 'the rehearsal has none' : 'as session_limits of its egress says, if it has any';
    return { output, limitMs: null, source: 'unknown', from: hint };
  });
}
