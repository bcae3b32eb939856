// Every row of the catalogue, from the words of the wire to the sentence, the next try and what becomes of the job.
import { describe, expect, test } from 'vitest';
import type { JobEvent } from '../../src/core/jobs/job-event.ts';
import { advance } from '../../src/core/jobs/job-machine.ts';
import type { JobState } from '../../src/core/jobs/job-state.ts';
import { viewOf } from '../../src/core/jobs/job-view.ts';
import { retryPolicy } from '../../src/core/jobs/retry-policy.ts';
import { endings } from '../../src/core/livekit/catalogue/endings.ts';
import { refusals } from '../../src/core/livekit/catalogue/refusals.ts';
import { parseEgressInfo } from '../../src/core/livekit/egress-info.ts';
import { problemOfEgress, problemOfRefusal } from '../../src/core/livekit/errors.ts';
import type { Problem } from '../../src/shared/model/common.ts';
import type { JobMode } from '../../src/shared/model/job.ts';
import { askedJob } from '../support/asked-job.ts';
import { calls, ends } from '../support/refusal-samples.ts';

const after = (mode: JobMode, events: readonly JobEvent[]): JobState =>
  events.reduce((state, event) => advance(state, event).state, askedJob({ mode }));
/** What the card says: "recording by desk". */
const stateOf = (state: JobState): string => {
  const { phase, engine } = viewOf(state);
  return `${phase} by ${engine}`;
};

const deskBegan: JobEvent = { type: 'deskBegan', atMs: 1_100, startedAtMs: 1_050 };
function refused(mode: JobMode, problem: Problem): JobState {
  return after(mode, [{ type: 'begun', atMs: 1_000 }, deskBegan, { type: 'egressRefused', atMs: 23_000, problem }]);
}
const statusOf = (errorCode: number, error: string): string =>
  errorCode === 412 ? 'EGRESS_ABORTED' : error === 'Session limit reached' ? 'EGRESS_LIMIT_REACHED' : 'EGRESS_FAILED';
function ended(mode: JobMode, errorCode: number, error: string): JobState {
  const seen = (status: string, updated_at: string, more: object = {}): JobEvent => {
    const info = { egress_id: 'EG_1', room_name: 'town-hall', room_composite: {}, status, updated_at, ...more };
    const snapshot = parseEgressInfo(info);
    if (!snapshot) throw new Error('no EgressInfo');
    return { type: 'egressSeen', atMs: 60_000, snapshot };
  };
  const file_results = [{ filename: 'a.mp4', started_at: '2000000000' }];
  return after(mode, [
    { type: 'begun', atMs: 1_000 },
    deskBegan,
    seen('EGRESS_ACTIVE', '2000000000', { file_results }),
    { type: 'deskClosed', atMs: 4_000, files: [] },
    seen(statusOf(errorCode, error), '60000000000', { error, error_code: errorCode, ended_at: '60000000000' }),
    { type: 'deskBegan', atMs: 60_200, startedAtMs: 60_200 },
  ]);
}

/** Starts that the server refused, with the problem of each. */
const starts = calls
  .filter(([method]) => method.startsWith('Start'))
  .map(([method, status, code, message]) => ({
    method,
    status,
    message,
    problem: problemOfRefusal({ method, status, code, message }),
  }));
const others = calls
  .filter(([method]) => !method.startsWith('Start'))
  .map(([method, status, code, message]) => ({
    method,
    status,
    message,
    problem: problemOfRefusal({ method, status, code, message }),
  }));
const losses = ends.map(([errorCode, error]) => {
  const problem = problemOfEgress({ errorCode, error, details: 'End reason: Failure' });
  if (!problem) throw new Error(`${error} is no failure`);
  return { errorCode, error, problem };
});

test('every row of the catalogue is met, and its words are sentences for a producer', () => {
  const all = [...starts, ...others, ...losses].map(({ problem }) => problem);
  const met = new Set(all.map(({ text }) => text));
  expect([...refusals, ...endings].filter((row) => !met.has(row.text)).map((row) => row.match[0])).toEqual([]);
  for (const { text, advice } of all) {
    expect(text).toMatch(/^[A-Z].{8,}\.$/);
    if (advice !== undefined) expect(advice).toMatch(/^[A-Z].{8,}\.$/);
  }
});

describe('what becomes of the job', () => {
  test.each(starts.map((one) => [`${one.status} ${one.message}`, one.problem] as const))(
    'a start refused with %s goes on here; egress alone waits or has failed, with the sentence',
    (_words, problem) => {
      const best = refused('best', problem);
      expect(stateOf(best)).toBe('recording by desk');
      expect(best.refusal).toMatchObject({ meaning: problem.text, problem: { retryable: problem.retryable } });
      expect(viewOf(best).text).toContain(problem.text);
      const alone = refused('egress-only', problem);
      expect(alone.phase).toBe(retryPolicy(problem).when === 'never' ? 'failed' : 'waiting');
      expect(viewOf(alone).text).toContain(problem.text);
    },
  );
  test.each(losses.map((one) => [one.errorCode, one.error, one.problem] as const))(
    'an egress that ends with %i %s is taken over here; egress alone has ended',
    (errorCode, error, { text: meaning, advice, said }) => {
      const best = ended('best', errorCode, error);
      expect(stateOf(best)).toBe('recording by desk');
      expect(viewOf(best).text).toContain(meaning);
      expect(viewOf(best).egress?.ending).toEqual({ said, meaning, ...(advice && { advice }) });
      const isKept = statusOf(errorCode, error) === 'EGRESS_LIMIT_REACHED';
      expect(ended('egress-only', errorCode, error).phase).toBe(isKept ? 'done' : 'failed');
    },
  );
  test('the page for operators says the same', async () => {
    await expect(page()).toMatchFileSnapshot('../../docs/errors.md');
  });
});

/** `docs/errors.md`, as the catalogue and the machine have it: `vitest -u` writes it anew. */
function page(): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();
  const words = (text: string): string => `\`${cell(text.replace(/eyJ[\w.-]+/g, '<token>')).slice(0, 150)}\``;
  const again = (problem: Problem): string => (problem.retryable ? 'may help' : 'in vain');
  const meaning = ({ text, advice }: Problem): string => cell([text, advice].filter(Boolean).join(' '));
  const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
    [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
  return `# What servers say, and what it means

Written from the catalogue and the job machine by \`test/unit/error-catalogue.test.ts\`, which fails when this page is no longer true. The words are those of livekit-server 1.13.5 and egress 1.14.1, and of LiveKit Cloud as reported; what is in no row is told in the server's own words. Keys, tokens and addresses with secrets are taken out before anything is shown.

## A start is refused
With *Best way* the sound is recorded here from the press of Start, whatever the server says; with *Egress only* the job waits and is asked again by itself, 10 times in all, where the cause passes; else it has failed.

${table(
  ['server', 'meaning', 'the same again', 'best way', 'egress only'],
  starts.map(({ status, message, problem }) => [
    `${status} ${words(message)}`,
    meaning(problem),
    cell(retryPolicy(problem).text),
    stateOf(refused('best', problem)),
    refused('egress-only', problem).phase,
  ]),
)}

A self-hosted server says \`no response from servers\` for four causes, after 20 to 25 s: no worker runs or it uses another redis; every worker is full or too small; its sound server (PulseAudio) is down; the worker ended itself after an error.

## An egress ends badly
${table(
  ['EgressInfo', 'meaning', 'the same again', 'best way', 'egress only'],
  losses.map(({ errorCode, error, problem }) => [
    `${errorCode} ${words(error)}`,
    meaning(problem),
    again(problem),
    stateOf(ended('best', errorCode, error)),
    ended('egress-only', errorCode, error).phase,
  ]),
)}

## Another call is refused
No job changes by it: what the server lists next is the truth. A stop that may help is sent again every 3 s for as long as the job runs.

${table(
  ['call', 'server', 'meaning', 'the same again'],
  others.map(({ method, status, message, problem }) => [
    method,
    `${status} ${words(message)}`,
    meaning(problem),
    again(problem),
  ]),
)}
`;
}
