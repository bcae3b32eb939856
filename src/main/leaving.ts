import { app, dialog, type BrowserWindow } from 'electron';
import { withDeadline } from '../core/live/deadline.ts';
import type { Log } from '../core/live/log.ts';
import { showTray } from './tray.ts';

export interface LeavingOptions {
  readonly icon: string;
  readonly log: Log;
  /** What would end if the console closed now, a line each. */
  readonly running: () => readonly string[];
  /** Ends everything but the window. */
  readonly close: () => Promise<void>;
}

/** How long everything may take to end. */
const endLimitMs = 10_000;

/**
 * Closing the window while anything runs hides it, and everything goes on in the tray. Quitting while anything runs asks
 * first, with a list of what ends; then all of it is closed before the process ends.
 */
export class Leaving {
  readonly #options: LeavingOptions;
  #removeTray: (() => void) | null = null;
  #ending: Promise<void> | null = null;
  #isAsking = false;

  constructor(options: LeavingOptions) {
    this.#options = options;
    app.on('before-quit', (event) => {
      event.preventDefault(); // the process ends when everything has ended
      void this.#askThenEnd();
    });
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin') app.quit();
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void this.#end());
  }

  watch(win: BrowserWindow): void {
    win.on('close', (event) => {
      if (this.#ending || this.#options.running().length === 0) return;
      event.preventDefault();
      win.hide();
      this.#removeTray ??= showTray(this.#options.icon, () => {
        win.show();
        this.#removeTray?.();
        this.#removeTray = null;
      });
    });
  }

  async #askThenEnd(): Promise<void> {
    if (this.#isAsking || this.#ending) return;
    this.#isAsking = true;
    try {
      if (await this.#mayEnd()) await this.#end();
    } finally {
      this.#isAsking = false;
    }
  }

  async #mayEnd(): Promise<boolean> {
    const running = this.#options.running();
    if (running.length === 0) return true;
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      title: 'Quit Cuedesk?',
      message: running.length === 1 ? 'One thing ends if you quit.' : `${running.length} things end if you quit.`,
      detail: running.join('\n'),
      buttons: ['Stay', 'Quit'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    return response === 1;
  }

  #end(): Promise<void> {
    this.#ending ??= withDeadline('Ending', endLimitMs, undefined, () => this.#options.close())
      .catch((error: unknown) => this.#options.log.error('Not everything ended in time', {}, error))
      .then(() => app.exit(0));
    return this.#ending;
  }
}
