// Thousands of lines: a small DOM that does not grow, following, the log for screen readers, and the page for the hall.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import type { ScriptedCore } from '../support/scripted-core.ts';
import { cast, line, recording, session } from '../support/scripted-scene.ts';

const [ada, bao, , , , yusuf] = cast;
if (!ada || !bao || !yusuf) throw new Error('The cast is not whole');
const text = (i: number): string =>
  i % 10 === 3 ? `Line ${i}: ${'a long one that wraps where the window is narrow, '.repeat(6)}end.` : `Line ${i}.`;

describeWith('chromium', 'many captions', () => {
  let browser: Browser;
  let core: ScriptedCore;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    core = await openTownHall();
    core.script.captionSessions.set({
      sessions: [session('studio-eu', 'town-hall', Date.now(), { startedAtMs: Date.now() - 9_000_000 })],
    });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await core.close();
  });

  const lines = (page: Page) => page.getByRole('region', { name: 'Caption lines' });
  const nodes = (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length);
  const restPx = (page: Page): Promise<number> =>
    lines(page).evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);
  const sayMany = (from: number, to: number): void => {
    for (let i = from; i < to; i += 1) core.say(line(`l${i}`, i % 3 ? ada : bao, text(i), i * 2_000, { seq: i }));
  };

  it('shows 3,000 lines with a few of them in the DOM, and hundreds more add none', async () => {
    sayMany(0, 3_000);
    const { page, errors } = await openConsole(browser, core);
    await lines(page).getByText('Line 2999.').waitFor();
    await expect.poll(() => restPx(page)).toBeLessThanOrEqual(4);
    await expect.poll(() => lines(page).getByRole('listitem').count()).toBeLessThan(50);
    const before = await nodes(page);
    for (let from = 3_000; from < 3_400; from += 100) {
      sayMany(from, from + 100);
      for (let part = 1; part <= 5; part += 1)
        core.say(
          line('now', bao, `being said ${from} ${'word '.repeat(part)}`, from * 2_000 + 300_000, { isFinal: false }),
        );
      await lines(page)
        .getByText(`Line ${from + 99}.`)
        .waitFor();
    }
    core.unsay('now');
    await expect
      .poll(() =>
        lines(page)
          .getByText(/^being said/)
          .count(),
      )
      .toBe(0);
    await expect.poll(() => restPx(page)).toBeLessThanOrEqual(4);
    expect(Math.abs((await nodes(page)) - before)).toBeLessThan(60); // rows in sight differ by their height alone
    await lines(page).focus();
    await page.keyboard.press('Home');
    await lines(page).getByText('Line 0.').waitFor();
    await expect.poll(() => lines(page).getByRole('listitem').count()).toBeLessThan(50);
    expect(errors).toEqual([]);
  });

  it('holds 5,000 lines and says how many it no longer shows', async () => {
    sayMany(0, 5_200);
    const { page } = await openConsole(browser, core);
    await lines(page).getByText('Line 5199.').waitFor();
    await lines(page).focus();
    await page.keyboard.press('Home');
    await lines(page).getByText('200 older lines are not shown here; exports have them.').waitFor();
    await lines(page).getByText('Line 200.').waitFor();
  });

  it('stops following when scrolled up, counts what is new, and takes it up again', async () => {
    sayMany(0, 300);
    const { page } = await openConsole(browser, core);
    await lines(page).getByText('Line 299.').waitFor();
    const follow = page.getByRole('button', { name: /^Follow/ });
    await expect.poll(() => follow.getAttribute('aria-pressed')).toBe('true');
    await lines(page).hover();
    // A scroll counts as by hand for 400 ms: on a busy machine one may come later than that, and the hand tries again.
    const after = (...keys: readonly string[]) =>
      expect.poll(async () => {
        for (const key of keys) await page.keyboard.press(key);
        return follow.getAttribute('aria-pressed');
      });
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, -600);
        return follow.getAttribute('aria-pressed');
      })
      .toBe('false');
    const at = await lines(page).evaluate((box) => box.scrollTop);
    sayMany(300, 303);
    await page.getByRole('button', { name: 'Follow: 3 new lines' }).waitFor();
    expect(Math.abs((await lines(page).evaluate((box) => box.scrollTop)) - at)).toBeLessThanOrEqual(2);
    await follow.click();
    await lines(page).getByText('Line 302.').waitFor();
    await expect.poll(() => restPx(page)).toBeLessThanOrEqual(4);
    await page.mouse.wheel(0, 0);
    await lines(page).focus();
    await after('PageUp').toBe('false');
    await after('PageUp', 'End').toBe('true');
  });

  it('speaks final lines only, at most every 2 s, and nothing that was said before', async () => {
    sayMany(0, 5);
    const { page } = await openConsole(browser, core);
    await page.clock.install();
    await page.reload(); // what the log awaits is of the test's clock too
    await lines(page).getByText('Line 4.').waitFor();
    const log = page.getByRole('log', { name: 'Final caption lines' });
    await page.clock.pauseAt(Date.now() + 10_000); // time passes by `runFor` alone from here
    core.say(line('p', bao, 'being said', 20_000, { isFinal: false }));
    core.say(line('x', ada, 'First words.', 21_000));
    core.say(line('p', bao, 'Second words.', 22_000));
    await lines(page).getByText('Second words.').waitFor();
    await expect
      .poll(async () => {
        await page.clock.runFor(100);
        return log.innerText();
      })
      .toBe('Ada Lindqvist: First words. Bảo Nguyễn: Second words.');
    core.say(line('y', yusuf, 'Third words.', 30_000));
    await lines(page).getByText('Third words.').waitFor();
    await page.clock.runFor(1_500);
    expect(await log.innerText()).not.toContain('Third words.');
    await page.clock.runFor(500);
    await expect.poll(() => log.innerText()).toContain('يوسف الحداد: Third words.');
    await expect.poll(() => log.innerText()).not.toMatch(/Line|being said/);
  });

  it('shows the hall the last lines in big letters, and says when it loses the connection', async () => {
    sayMany(0, 20);
    core.say(line('y', yusuf, 'نبدأ بالأرقام.', 50_000));
    core.say(line('p', yusuf, 'being said', 60_000, { isFinal: false }));
    const { page } = await openConsole(browser, core);
    await page.goto(new URL('/captions?room=town-hall', page.url()).href);
    await page.getByText('نبدأ بالأرقام.').waitFor();
    await page.getByText('being said').waitFor();
    await expect.poll(() => page.title()).toBe('Captions: town-hall');
    await expect.poll(() => page.getByRole('article', { includeHidden: true }).count()).toBe(7);
    const size = await page
      .getByText('being said')
      .evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
    expect(size).toBeGreaterThan(40);
    const foot = page.getByRole('contentinfo');
    await expect.poll(() => foot.innerText()).toMatch(/town-hall\s+Live captions by machine, 0\.9 s behind/);
    const found = await new AxeBuilder({ page: page as never }).analyze();
    expect(found.violations.filter((each) => each.impact === 'serious' || each.impact === 'critical')).toEqual([]);
    core.drop();
    await foot.getByText(/No connection to Cuedesk for \d+ s/).waitFor();
    core.welcome();
    await foot.getByText(/0\.9 s behind/).waitFor();
    core.say(line('p', yusuf, 'It was said.', 60_000));
    await page.getByText('It was said.', { exact: true }).waitFor(); // the log for screen readers says it with the name
  });

  for (const theme of ['dark', 'light'] as const)
    it(
      `has nothing serious for axe-core in ${theme}: jobs, captions, find, the start panel`,
      { timeout: 120_000 },
      async () => {
        core.script.settings.update((settings) => ({ ...settings, theme }));
        const nowMs = Date.now();
        const failed = recording('studio-eu', 'town-hall', nowMs, 60_000, {
          id: 'f',
          title: 'f.mp4',
          phase: 'failed',
          phaseAtMs: nowMs,
          endedAtMs: nowMs,
          text: 'Upload refused.',
        });
        core.script.jobs.update(({ jobs }) => ({ jobs: [...jobs, failed] }));
        core.answer('planJob', async () => ({
          verdict: 'desk',
          headline: 'This starts here, sound only',
          facts: [{ label: 'Starts', value: 'in under 1 s', source: 'measured' }],
          warnings: [],
          expectedRefusal: '2 of 2 are in use.',
          loses: ['The picture is not recorded.'],
          alternative: null,
          comparison: [],
        }));
        sayMany(0, 40);
        core.say({
          type: 'gap',
          id: 'g',
          seq: 1,
          identity: null,
          name: null,
          startMs: 70_000,
          endMs: 74_000,
          cause: 'Dropped.',
        });
        core.say({ type: 'marker', id: 'm', seq: 1, startMs: 75_000, name: '' });
        core.say(line('p', bao, 'being said', 90_000, { isFinal: false }));
        const { page } = await openConsole(browser, core);
        const serious = async (...parts: string[]): Promise<string[]> => {
          // Playwright's types of the two packages differ in name only.
          const found = await parts
            .reduce((axe, part) => axe.include(part), new AxeBuilder({ page: page as never }))
            .analyze();
          return found.violations
            .filter((each) => each.impact === 'serious' || each.impact === 'critical')
            .map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`);
        };
        await lines(page).getByText('being said').waitFor();
        await page.keyboard.press('Control+f');
        await page.keyboard.type('line 39');
        await page.getByRole('search').getByText('1 of 1').waitFor();
        expect(await serious('[data-panel=jobs]', '[data-panel=captions]')).toEqual([]);
        await page.getByRole('button', { name: 'Recording options' }).click();
        await page.getByRole('menuitem', { name: 'Start with options…' }).click();
        await page.getByRole('heading', { name: 'This starts here, sound only' }).waitFor();
        expect(await serious('[role=dialog], [role=alertdialog]')).toEqual([]);
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'f.mp4: Failed: Why' }).click();
        await page.getByRole('dialog', { name: 'Failed: f.mp4' }).waitFor();
        expect(await serious('[role=dialog], [role=alertdialog]')).toEqual([]);
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Stop all…' }).click();
        await page.getByRole('alertdialog').waitFor();
        expect(await serious('[role=dialog], [role=alertdialog]')).toEqual([]);
      },
    );
});
