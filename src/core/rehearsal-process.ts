import { z } from 'zod';
import type { Problem } from '../shared/model/common.ts';
import { ProblemError } from '../shared/model/problem-error.ts';
import type { RehearsalConnection } from './host-services.ts';
import type { Log } from './live/log.ts';
import type { Scope } from './live/scope.ts';
import { startProcess, type ProcessExit } from './live/process.ts';

export interface RehearsalOptions {
  /** The built program `rehearsal.js`, absolute. */
  readonly program: string;
  readonly scene: string;
  /** Where its egress simulator writes. */
  readonly filesFolder: string;
  /** Egress sessions at once; left out: the rehearsal's own limit. */
  readonly egressLimit?: number;
  /** Seconds after which a session of egress ends by itself; left out: never. */
  readonly sessionLimitS?: number;
  /** What runs it: this process's own program, which is Node in the headless host. */
  readonly node?: string;
  /** Added to the environment; Electron's program needs ELECTRON_RUN_AS_NODE. */
  readonly env?: Readonly<Record<string, string>>;
  readonly log: Log;
  /** How long it may take to say that it is ready. */
  readonly readyMs?: number;
}

export interface RehearsalProcess {
  readonly connection: RehearsalConnection;
  /** Settles when it has ended, asked or not; never rejects. */
  readonly exited: Promise<ProcessExit>;
  close(): Promise<void>;
}

const ReadyLine = z.object({
  ready: z.literal(true),
  scene: z.string(),
  livekit: z.object({ url: z.string(), apiKey: z.string(), apiSecret: z.string() }),
  gladia: z.object({ url: z.string(), key: z.string() }),
  control: z.object({ url: z.string(), token: z.string() }),
  destinations: z
    .object({
      page: z.string(),
      rtmp: z.array(z.string()),
      srt: z.string().nullable(),
      storage: z.object({
        endpoint: z.string(),
        region: z.string(),
        bucket: z.string(),
        accessKey: z.string(),
        secret: z.string(),
      }),
    })
    .nullable()
    .optional(),
  egressMetrics: z.string().nullable().optional(),
  roomChild: z.object({ program: z.string(), env: z.record(z.string(), z.string()) }).nullable(),
});

/**
 * Starts the rehearsal, a program of its own, and waits for its addresses. Rejects with a ProblemError where it does not
 * get ready; then nothing of it is left. It dies with this process, because it ends when its stdin does.
 */
export async function openRehearsal(options: RehearsalOptions): Promise<RehearsalProcess> {
  const { log, readyMs = 15_000 } = options;
  let onFirst: (line: string) => void = () => {};
  const firstLine = new Promise<string>((resolve) => (onFirst = resolve));
  let isFirst = true;
  const child = startProcess({
    file: options.node ?? process.execPath,
    args: [
      options.program,
      '--scene',
      options.scene,
      '--files',
      options.filesFolder,
      ...(options.egressLimit === undefined ? [] : ['--egress-limit', String(options.egressLimit)]),
      ...(options.sessionLimitS === undefined ? [] : ['--session-limit', String(options.sessionLimitS)]),
    ],
    env: { ...withoutSecrets(process.env), ...options.env },
    stdin: 'pipe',
    stdout: 'lines',
    ask: 'stdin-end',
    graceMs: 5_000,
    onLine: (line, from) => {
      if (from === 'stdout' && isFirst) {
        isFirst = false;
        onFirst(line); // holds its keys: never logged
      } else log.debug('The rehearsal says', { line });
    },
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), readyMs)));
  const outcome = await Promise.race([firstLine.then(parseReady), child.exited.then(() => 'ended' as const), late]);
  clearTimeout(timer);
  if (typeof outcome !== 'string') {
    log.info('The rehearsal is ready', { scene: outcome.scene });
    return { connection: outcome, exited: child.exited, close: () => child.close() };
  }
  await child.close();
  const { lastLines } = await child.exited;
  log.error('The rehearsal did not get ready', {
    outcome,
    lastLine: outcome === 'ended' ? lastLines.at(-1) : undefined,
  });
  throw new ProblemError({
    code: 'rehearsal-not-ready',
    fault: 'ours',
    retryable: true,
    text: {
      late: `The rehearsal was not ready after ${readyMs / 1000} s.`,
      ended: `The rehearsal ended before it was ready. ${lastSentence(lastLines)}`.trim(),
      unclear: 'The rehearsal said something else than its addresses.',
    }[outcome],
    advice: 'The log has the details.',
  });
}

/** What it said at its end; the lines of a crash are for the log. */
function lastSentence(lines: readonly string[]): string {
  const last = lines.at(-1) ?? '';
  return last.endsWith('.') ? last : '';
}

function parseReady(line: string): RehearsalConnection | 'unclear' {
  try {
    const { ready: _ready, ...connection } = ReadyLine.parse(JSON.parse(line));
    return connection;
  } catch {
    return 'unclear'; // told as a problem; the line itself may hold keys
  }
}

/**
 * The rehearsal for the life of a console: opened into `scope`, and watched. A rehearsal that does not start must not keep
 * a producer from a real server, so then `onProblem` is told and the console starts without.
 */
export async function startRehearsal(
  scope: Scope,
  options: RehearsalOptions & { readonly onProblem: (problem: Problem) => void },
): Promise<RehearsalConnection | null> {
  try {
    const rehearsal = scope.use('rehearsal', await openRehearsal(options));
    void rehearsal.exited.then(({ wasAsked, code, signal }) => {
      if (!wasAsked) options.log.error('The rehearsal has ended by itself', { code, signal });
    });
    return rehearsal.connection;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    options.onProblem(error.problem);
    return null;
  }
}

/** The environment for a child of ours: what only this process needs to know stays here. */
export function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { CUEDESK_PASSPHRASE: _passphrase, CUEDESK_PASSPHRASE_FILE: _file, ...rest } = env;
  return rest;
}
