import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as electron from 'electron';
import { _electron, chromium, type Browser, type Page } from 'playwright-core';
import { electronBinary } from '../../../scripts/lib/paths.mjs';
import type { DiaryEntry } from './diary.ts';

export interface LaunchedApp {
  readonly kind: 'electron' | 'stand-in';
  /** Runs a function in the main process; it may use nothing of its surroundings. */
  evaluate<A, R>(run: (electron: ElectronModule, argument: A) => R | Promise<R>, argument: A): Promise<R>;
  firstWindow(): Promise<Page>;
  /** Resolves with its code when the process has ended. */
  readonly exited: Promise<number | null>;
  readonly pid: number | undefined;
  close(): Promise<void>;
}
/** The module as `evaluate` gives it; the stand-in adds its diary. */
export type ElectronModule = typeof electron & { readonly diary?: readonly DiaryEntry[] };

export interface LaunchOptions {
  /** The built main program, absolute. */
  readonly main: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Real Electron where its binary is, else the stand-in; both answer to the same calls. */
export const launchApp = (options: LaunchOptions): Promise<LaunchedApp> =>
  electronBinary() === null ? launchStandin(options) : launchElectron(options);

async function launchElectron({ main, args, env }: LaunchOptions): Promise<LaunchedApp> {
  const app = await _electron.launch({
    args: [main, ...args],
    env: { ...(process.env as Record<string, string>), ...env },
  });
  const child = app.process();
  const exited = once(child, 'exit').then(([code]: unknown[]) => code as number | null);
  return {
    kind: 'electron',
    evaluate: (run, argument) => app.evaluate(run as never, argument) as never, // Playwright's types know another electron
    firstWindow: () => app.firstWindow(),
    exited,
    pid: child.pid,
    close: () => app.close(),
  };
}

async function launchStandin({ main, args, env }: LaunchOptions): Promise<LaunchedApp> {
  const profile = mkdtempSync(join(tmpdir(), 'cuedesk-standin-'));
  const child = fork(main, [...args], {
    env: {
      ...process.env,
      STANDIN_PROFILE: profile,
      CUEDESK_PAGE_ORIGINS: 'http://cuedesk.app.standin.localhost',
      ...env,
    },
    execArgv: ['--import', new URL('./register.ts', import.meta.url).href],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit').then(([code]: unknown[]) => {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    return code as number | null;
  });
  const orders = new Orders(child);
  const port = await Promise.race([
    orders.ready,
    exited.then((code) => Promise.reject(new Error(`It ended with ${code}`))),
  ]);
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  return {
    kind: 'stand-in',
    evaluate: (run, argument) => orders.send(String(run), argument) as never, // what the function returned
    firstWindow: () => firstWindow(browser),
    exited,
    pid: child.pid,
    async close() {
      if (child.connected) await orders.send('({ app }) => { setImmediate(() => app.exit(0)); }', null).catch(() => {}); // it may be gone
      const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await exited;
      clearTimeout(timer);
      await browser.close().catch(() => {}); // its Chromium has ended with it
    },
  };
}

class Orders {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly ready: Promise<number>;
  #lastId = 0;
  constructor(child: ChildProcess) {
    this.#child = child;
    this.ready = new Promise((resolve) => {
      child.on('message', (message: { ready?: number; id?: number; value?: unknown; error?: string }) => {
        if (message.ready !== undefined) return resolve(message.ready);
        const waiting = this.#waiting.get(message.id ?? 0);
        this.#waiting.delete(message.id ?? 0);
        if (message.error === undefined) waiting?.resolve(message.value);
        else waiting?.reject(new Error(message.error));
      });
    });
    child.once('exit', () => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error('It has ended.'));
    });
  }
  send(source: string, argument: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(++this.#lastId, { resolve, reject });
      this.#child.send({ id: this.#lastId, source, argument });
    });
  }
}

async function firstWindow(browser: Browser): Promise<Page> {
  const context = browser.contexts()[0];
  for (let tries = 0; tries < 1_200; tries++) {
    const page = context?.pages().find((one) => one.url() !== 'about:blank');
    if (page) {
      await page.waitForLoadState('load');
      return page;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('There was no window within 30 s.');
}
