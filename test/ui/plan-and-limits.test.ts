// What a start takes, loses and costs beside the form; and the limits with their sources.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { planJob } from '../../src/core/jobs/plan/plan-job.ts';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import type { ScriptedCore } from '../support/scripted-core.ts';
import { cast } from '../support/scripted-scene.ts';

describeWith('chromium', 'the plan and the limits', () => {
  let browser: Browser;
  let core: ScriptedCore;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    core = await openTownHall();
    core.answer('planJob', async ({ roomName, mode, request }) =>
      planJob({
        mode,
        request,
        roomName,
        people: cast,
        roomExists: true,
        server: { kind: 'cloud', egress: 'present' },
        sessions: { inUse: 1, limit: 2, source: 'declared' },
        startsHere: { 'room-composite': { medianMs: 3_940, count: 5 } },
        prices: { currency: 'USD', transcodedMinute: null, trackMinute: null },
        diskFreeBytes: 1e9,
        recordingsFolder: '/recordings',
      }),
    );
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await core.close();
  });

  it('compares room composite with track egress for this room, by keyboard, and comes back to the form', async () => {
    const { page, errors } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'Recording options' }).click();
    await page.getByRole('menuitem', { name: 'Start with options…' }).click();
    const panel = page.getByRole('dialog', { name: 'Start recording' });
    await panel.getByText('Single voices cannot be taken out of the mix later.').waitFor();
    await panel.getByRole('button', { name: 'Compare the ways…' }).focus();
    await page.keyboard.press('Enter');
    const table = page.getByRole('dialog', { name: 'Ways to record this room' }).getByRole('table');
    const row = (name: RegExp) => table.getByRole('row', { name });
    expect(await row(/^Room composite chosen/).innerText()).toMatch(
      /1\s+fits now[^]*3 to 5 s[^]*November 2026[^]*3\.9 s[^]*median of 5 starts on this server/,
    );
    expect(await row(/^Track egress/).innerText()).toMatch(/6\s+does not fit now[^]*2\.9 s/);
    expect(await row(/^Here, direct feed/).innerText()).toMatch(/0\s+fits now[^]*0\.06 s/);
    await page.keyboard.press('Escape');
    await table.waitFor({ state: 'detached' });
    expect(await panel.isVisible()).toBe(true);
    expect(errors).toEqual([]);
  });
});
