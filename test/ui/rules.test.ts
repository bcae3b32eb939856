// Rules of recording: made, switched, explained and removed, in a real browser; decided by the real core.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/core/live/clock.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import { RuleWorld } from '../support/rule-world.ts';
import type { ScriptedCore } from '../support/scripted-core.ts';

describeWith('chromium', 'rules of recording', () => {
  let browser: Browser;
  let core: ScriptedCore;
  let world: RuleWorld;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    core = await openTownHall();
    world = new RuleWorld({ seed: 1, clock: systemClock, log: silentLog });
    world.limit = 2;
    for (const identity of ['ada', 'ben', 'carla', 'guest-1']) world.join('hall', identity);
    const cell = world.engine.rules('studio-eu');
    cell.on((value) => core.script.rules.set(value));
    core.answer('saveRule', async ({ serverId, ruleId, draft }) => world.engine.save(serverId, ruleId, draft));
    core.answer('removeRule', async ({ ruleId }) => (world.engine.remove(ruleId), null));
  });
  afterEach(async () => {
    world.close();
    for (const context of browser.contexts()) await context.close();
    await core.close();
  });
  const shots = process.env['CUEDESK_SHOTS'];
  const shot = async (page: Page, name: string): Promise<void> => {
    if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
  };
  async function seriousIn(page: Page): Promise<string[]> {
    const found = await new AxeBuilder({ page: page as never }).include('.dialog').analyze();
    return found.violations
      .filter((each) => each.impact === 'serious' || each.impact === 'critical')
      .map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`);
  }

  it('makes a rule that leaves out who has not agreed, shows who is recorded, who waits and why, and removes it', async () => {
    const { page, errors } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'Rules…' }).click();
    await page.getByRole('dialog', { name: 'Rules of recording' }).getByText('No rule yet.').waitFor();
    await page.getByRole('button', { name: 'New rule…' }).click();
    const form = page.getByRole('dialog', { name: 'New rule' });
    await form.getByLabel('Name', { exact: true }).first().fill('Isolated');
    await form.getByRole('button', { name: /Rooms$/ }).click();
    await page.getByRole('option', { name: 'All rooms of this server' }).click();
    await form.getByLabel('Never').fill('guest-*\n');
    const file = form.getByRole('group', { name: 'File', exact: true });
    await file.getByRole('textbox', { name: 'Name' }).fill('{room_name}');
    await form.getByText(/^Two of them would be written under one name/).waitFor();
    await file.getByRole('textbox', { name: 'Name' }).fill('{publisher_identity}-{time}');
    await form.getByRole('button', { name: 'Add an output' }).click();
    await page.getByRole('menuitem', { name: /^Segments/ }).click();
    await shot(page, 'rule-form-segments');
    await form.getByText('Record the sound of the room here meanwhile').click();
    await shot(page, 'rule-form');
    expect(await seriousIn(page)).toEqual([]);
    await form.getByRole('button', { name: 'Save, and record' }).click();
    expect(await core.called('saveRule')).toMatchObject({
      draft: {
        name: 'Isolated',
        roomName: null,
        exclude: ['guest-*'],
        include: [],
        isOn: true,
        whenFull: 'desk',
        outputs: {
          file: { filePath: '{publisher_identity}-{time}' },
          segments: { filenamePrefix: '{room_name}/{publisher_identity}-{time}/part', playlistName: 'index.m3u8' },
        },
      },
    });
    const table = page.getByRole('table', { name: 'Whom Isolated takes, and why' });
    const row = (name: string) => table.getByRole('row', { name: new RegExp(`^${name}`) });
    await expect.poll(() => row('ada').innerText()).toMatch(/Starting/);
    await expect
      .poll(() => row('carla').innerText())
      .toMatch(
        /Waits[^]*all 2 egress sessions are in use\. It is not recorded here meanwhile: that would hold guest-1/,
      );
    await expect.poll(() => row('guest-1').innerText()).toMatch(/Left out[^]*Excluded by “guest-\*”\./);
    await page.getByText('On: 2 starting, 1 waiting, 1 left out.').waitFor();
    await shot(page, 'rules');
    expect(await seriousIn(page)).toEqual([]);

    await page.getByRole('switch', { name: /^Isolated/ }).press('Space');
    await page.getByText('Off. It starts nothing new; 2 still recorded.').waitFor();
    await page.getByRole('button', { name: 'Remove Isolated' }).click();
    await page.keyboard.press('Enter'); // the focus is on what changes nothing
    expect(core.calls.some((call) => call.name === 'removeRule')).toBe(false);
    await page.getByRole('button', { name: 'Remove Isolated' }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('No rule yet.').waitFor();
    expect(errors).toEqual([]);
  });

  it('says in the jobs panel how many rules are on, and opens by the palette; a new exclusion stops at once', async () => {
    const { page } = await openConsole(browser, core);
    const { draft } = await import('../support/rule-world.ts');
    world.engine.save('studio-eu', undefined, draft({ name: 'Tracks', takes: 'audio-tracks' }));
    await page.getByRole('button', { name: 'Rules 1 on…' }).waitFor();
    await page.keyboard.press('Control+K');
    await page.keyboard.type('rules of');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Edit Tracks' }).click();
    const form = page.getByRole('dialog', { name: 'Rule Tracks' });
    await form.getByLabel('Never').fill('ADA');
    await form.getByRole('button', { name: 'Save, and record' }).click();
    await page
      .getByRole('row', { name: /^ada microphone town|^ada microphone/ })
      .getByText('Excluded by “ADA”.')
      .waitFor();
    expect(world.stopped).toHaveLength(1);
  });
});
