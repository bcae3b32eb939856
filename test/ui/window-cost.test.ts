// What a window holds while 40 meters move and captions run: it must not grow. `npm run bench -- window` watches it for ten
// minutes and measures its CPU.
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { busyWindow, weigh } from '../support/busy-window.ts';
import { launchChromium, openConsole } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import { openScriptedCore, type ScriptedCore } from '../support/scripted-core.ts';

const linesBefore = 300; // more than the window shows, so that a further line takes the place of one
const watchMs = 20_000;

describeWith('chromium', 'a busy window', () => {
  let browser: Browser;
  let core: ScriptedCore;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    core = await openScriptedCore('shipped');
  });
  afterEach(() => core.close());

  it('keeps its size while lines come and meters move', async () => {
    const show = busyWindow(core, linesBefore);
    const { page, errors } = await openConsole(browser, core);
    try {
      const lines = page.getByText(/^\d+ the first lines/);
      await expect.poll(() => lines.count()).toBeGreaterThan(3);
      await expect.poll(() => page.getByRole('meter').count()).toBe(41);
      const session = await page.context().newCDPSession(page);
      await pause(5_000); // lists and caches of the page fill up
      const newest = async (): Promise<number> => Number.parseInt((await lines.last().textContent()) ?? '', 10);
      const lineBefore = await newest();
      const before = await weigh(page, session);
      await pause(watchMs);
      await expect.poll(newest, { timeout: 30_000 }).toBeGreaterThan(lineBefore + 5); // it did move meanwhile
      const after = await weigh(page, session);
      // A line on its way in or out and a name that speaks may differ; nine lines of a dozen elements each would not pass.
      expect(Math.abs(after.elements - before.elements)).toBeLessThan(40);
      expect(after.domNodes - before.domNodes).toBeLessThan(120);
      expect(after.listeners - before.listeners).toBeLessThan(20);
      expect(errors).toEqual([]);
    } finally {
      show.stop();
      await page.context().close();
    }
  });
});
