// Nothing serious for axe-core in any state, dark and light, and at 200 % zoom nothing is lost.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import type { ScriptedCore } from '../support/scripted-core.ts';
import { incident, stale } from '../support/scripted-scene.ts';

describeWith('chromium', 'access to the console', () => {
  let browser: Browser;
  let core: ScriptedCore;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    core = await openTownHall();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await core.close();
  });

  async function seriousIn(page: Page): Promise<string[]> {
    // Playwright's types of the two packages differ in name only.
    const found = await new AxeBuilder({ page: page as never }).analyze();
    return found.violations
      .filter((each) => each.impact === 'serious' || each.impact === 'critical')
      .map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`);
  }

  for (const theme of ['dark', 'light'] as const) {
    it(`has nothing serious in ${theme}: the window, old data, the first minute`, async () => {
      core.script.settings.update((settings) => ({ ...settings, theme }));
      core.script.incidents.set({ incidents: [incident('a', Date.now(), { state: 'trouble' })] });
      const { page } = await openConsole(browser, core);
      await page.getByRole('meter', { name: 'Level of Ada Lindqvist' }).waitFor();
      expect(await seriousIn(page)).toEqual([]);
      core.script.rooms.update((list) => ({ ...list, sight: stale(Date.now() - 38_000, Date.now() + 60_000) }));
      core.script.room.update((room) => room && { ...room, sight: stale(Date.now() - 38_000, Date.now() + 60_000) });
      core.script.captionSessions.set({ sessions: [] }); // captions can be started: their options show
      await page.getByRole('button', { name: 'Try now' }).waitFor();
      await page.getByRole('button', { name: 'Start captions' }).waitFor();
      expect(await seriousIn(page)).toEqual([]);
      core.script.servers.update((value) => ({ ...value, chosenId: 'rehearsal' }));
      await page.getByRole('region', { name: 'The first minute' }).waitFor();
      expect(await seriousIn(page)).toEqual([]);
    });

    it(`has nothing serious in ${theme}: every dialog`, async () => {
      core.script.settings.update((settings) => ({ ...settings, theme }));
      core.script.incidents.set({ incidents: [incident('a', Date.now(), { state: 'trouble' }), incident('b', 1_000)] });
      const { page } = await openConsole(browser, core);
      for (const [words, name] of [
        ['Connect a server', 'Connect a server'],
        ['Settings', 'Settings'],
        ['Limits', 'Limits of studio-eu'],
        ['Incidents', 'Incidents'],
        ['All keys', 'Keys'],
      ] as const) {
        await page.keyboard.press('Control+k');
        await page.getByRole('searchbox', { name: 'Find a command' }).fill(words);
        if (words === 'Settings') expect(await seriousIn(page)).toEqual([]); // the palette itself
        await page
          .getByRole('menuitem', { name: new RegExp(`${words}$|${words}\\s`) })
          .first()
          .click();
        const dialog = page.getByRole('dialog', { name, exact: true });
        await dialog.waitFor();
        expect(await seriousIn(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
      }
    });
  }

  it('loses nothing at 200 % zoom: one column, nothing wider than the window, the status bar in sight', async () => {
    const { page } = await openConsole(browser, core, { width: 720, height: 450 });
    await page.getByRole('meter', { name: 'Level of Ada Lindqvist' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(720);
    const bar = await page.getByRole('contentinfo').boundingBox();
    expect((bar?.y ?? 0) + (bar?.height ?? 0)).toBeLessThanOrEqual(450);
    await page.getByRole('heading', { name: 'Captions' }).scrollIntoViewIfNeeded();
    const after = await page.getByRole('contentinfo').boundingBox();
    expect((after?.y ?? 0) + (after?.height ?? 0)).toBeLessThanOrEqual(450);
  });

  it('follows forced colours and reduced motion', async () => {
    const { page } = await openConsole(browser, core);
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    const button = page.getByRole('button', { name: 'Settings' });
    await expect.poll(() => button.evaluate((element) => getComputedStyle(element).transitionDuration)).toBe('0s');
    await expect.poll(() => page.getByText('REC', { exact: true }).first().isVisible()).toBe(true);
  });
});
