// The settings of the figures for monitors: off at first, on by a switch, open to others only with a token.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import { refusal, type ScriptedCore } from '../support/scripted-core.ts';

describeWith('chromium', 'figures for monitors', () => {
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

  it('are switched on, moved to another port, and opened with a token that is never shown', async () => {
    const { page } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'Settings' }).click();
    const part = page.getByRole('dialog', { name: 'Settings' }).getByRole('region', { name: 'Monitors' });
    const set = (change: object): void => core.script.observability.update((state) => ({ ...state, ...change }));

    await part.getByRole('switch', { name: /^Serve figures/ }).focus();
    await page.keyboard.press('Space');
    expect(await core.called('changeObservability')).toEqual({ isOn: true });
    set({ isOn: true, url: 'http://127.0.0.1:9469/metrics' });
    await part.getByRole('button', { name: /Address of the figures/ }).waitFor();
    await expect.poll(() => part.innerText()).toContain('to this computer alone');

    await part.getByLabel('Port').fill('70000');
    await page.keyboard.press('Enter');
    await part.getByLabel('Port').fill('9500');
    await page.keyboard.press('Enter');
    expect(await core.called('changeObservability')).toEqual({ port: 9_500 });

    core.answer('changeObservability', async () => {
      throw refusal('Other computers may ask only with a token, and none is kept.', { advice: 'Enter a token first.' });
    });
    await part.getByText('Other computers may ask too').click();
    await part.getByRole('alert').filter({ hasText: 'Enter a token first.' }).waitFor();

    await part.getByLabel('Token', { exact: true }).fill('too short');
    await part.getByRole('button', { name: 'Save the token' }).click();
    await part.getByText('A token has 16 to 256 letters').waitFor();
    await part.getByLabel('Token', { exact: true }).fill('a-token-that-nobody-guesses');
    await part.getByRole('button', { name: 'Save the token' }).click();
    expect(await core.called('saveObservabilityToken')).toEqual({
      token: 'a-token-that-nobody-guesses',
      keep: 'stored',
    });
    set({ tokenHint: '••••••••••es', protection: 'keychain', isOpen: true, url: 'http://10.0.0.7:9469/metrics' });
    await part.getByText('••••••••••es').waitFor();
    await expect.poll(() => part.innerText()).toContain('to whoever has the token');
    expect(await page.content()).not.toContain('nobody-guesses');

    set({ url: null, problem: { code: 'port-taken', fault: 'yours', retryable: false, text: 'Port 9469 is taken.' } });
    await part.getByRole('alert').filter({ hasText: 'Port 9469 is taken.' }).waitFor();
    // Playwright's types of the two packages differ in name only.
    const found = await new AxeBuilder({ page: page as never }).analyze();
    expect(found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    if (process.env['PICTURES']) await page.screenshot({ path: `${process.env['PICTURES']}/observability.png` });
  });
});
