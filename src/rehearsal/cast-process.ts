import { fork } from 'node:child_process';
import { once } from 'node:events';
import { pause } from './pause.ts';

export interface CastTask {
  readonly scene: string;
  readonly seed: number;
  readonly startedAtMs: number;
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** The people of a scene in the rooms of a real server: a program of its own. */
export interface CastProcess {
  /** False where not everybody had joined in time: they may still come, or this computer has no way for WebRTC. */
  readonly isReady: boolean;
  close(): Promise<void>;
}

/** Six joins take a second; without any network beside loopback WebRTC gives up only after 30 s. */
const readyWithinMs = 10_000;
const graceMs = 3_000;

/** Starts the cast and waits until its people have joined, for a limited time. Throws where it ends before that. */
export async function startCast(program: string, task: CastTask): Promise<CastProcess> {
  const child = fork(program, [], {
    // The task holds a secret: in the environment only this user can read it, among the arguments everybody.
    env: { ...process.env, CUEDESK_CAST: JSON.stringify(task) },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit').then(() => 'exited' as const);
  exited.catch(() => {}); // a child that could not be started: told right below
  const over = new AbortController();
  const outcome = await Promise.race([
    once(child, 'message').then(() => 'ready' as const),
    exited,
    pause(readyWithinMs, over.signal).then(() => 'late' as const),
  ]);
  over.abort();
  if (outcome === 'exited') throw new Error('The people of the scene could not be started.');
  let closed: Promise<void> | null = null;
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const limit = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await exited;
    clearTimeout(limit);
  };
  return { isReady: outcome === 'ready', close: () => (closed ??= end()) };
}
