import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { app } from './app.ts';
import { profileFolder } from './chromium.ts';
import { diary } from './diary.ts';

interface Order {
  readonly id: number;
  readonly source: string;
  readonly argument: unknown;
}

/** Runs what the test sends, as Playwright's `ElectronApplication.evaluate` does: a function of the electron module. */
export function takeOrders(electron: Record<string, unknown>): void {
  if (!process.send) return; // started by hand
  const self = { ...electron, diary };
  const answer = async ({ id, source, argument }: Order): Promise<void> => {
    try {
      const run = runInThisContext(`(${source})`) as (electron: unknown, argument: unknown) => unknown;
      process.send?.({ id, value: await run(self, argument) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.message : String(error) });
    }
  };
  process.on('message', (order: Order) => void answer(order));
  process.on('disconnect', () => app.exit(0)); // the test is gone
  void app.whenReady().then(() => {
    const file = readFileSync(join(profileFolder, 'chromium', 'DevToolsActivePort'), 'utf8');
    process.send?.({ ready: Number(file.split('\n')[0]) });
  });
}
