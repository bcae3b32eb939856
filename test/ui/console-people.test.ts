// People and their meters: what is spoken of them, and what the figures say.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import { refusal, type ScriptedCore } from '../support/scripted-core.ts';
import { cast, detail, person } from '../support/scripted-scene.ts';

const meter = (page: Page, name: string) => page.getByRole('meter', { name: `Level of ${name}` });
const spoken = (page: Page, name: string) => meter(page, name).getAttribute('aria-valuetext');

/** How much of a row's bar is lit, 0 to 1, by the pixels that are shown: up to the bed, which is dark for longer than a tick. */
const barShare = (page: Page, row: number): Promise<number> =>
  page
    .getByRole('grid', { name: 'People' })
    .locator('xpath=../..')
    .locator('canvas')
    .evaluate((shown: HTMLCanvasElement, at) => {
      const widthPx = shown.clientWidth - 12; // beside the bar stands the clip box
      const copy = new OffscreenCanvas(shown.clientWidth, shown.clientHeight).getContext('2d');
      if (!copy || shown.clientWidth === 0) return -1;
      copy.drawImage(shown, 0, 0, shown.clientWidth, shown.clientHeight);
      const { data } = copy.getImageData(0, at * 28 + 14, widthPx, 1);
      const isDark = (x: number): boolean => x >= widthPx || Math.max(...data.slice(x * 4, x * 4 + 3)) < 100;
      for (let x = 0; x < widthPx; x += 1) if (isDark(x) && isDark(x + 1) && isDark(x + 2)) return x / widthPx;
      return 1;
    }, row);

describeWith('chromium', 'people in the console', () => {
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

  it('speaks each level, and the words muted, no microphone and no sound', async () => {
    core.setLevels((identity) => (identity === 'ada-lindqvist' ? -38 : identity === 'bảo-nguyễn' ? -14 : -5));
    const { page, errors } = await openConsole(browser, core);
    await expect.poll(() => spoken(page, 'Ada Lindqvist')).toBe('minus 38 decibels, normal');
    await expect.poll(() => spoken(page, 'Bảo Nguyễn')).toBe('minus 14 decibels, loud');
    await expect.poll(() => spoken(page, '田中 美咲')).toBe('minus 5 decibels, hot');
    await expect.poll(() => spoken(page, 'Carla Ferreira')).toBe('Muted');
    await expect.poll(() => page.getByRole('row', { name: /Ada Lindqvist/ }).innerText()).toContain('−38');
    core.setLevels(() => null);
    await expect.poll(() => spoken(page, 'Ada Lindqvist')).toBe('no sound arrives');
    core.script.room.set(detail('studio-eu', 'town-hall', [person('Dee', { tracks: [], isMuted: true })], Date.now()));
    await expect.poll(() => spoken(page, 'Dee')).toBe('No microphone');
    expect(errors).toEqual([]);
  });

  it('draws each bar as long as its level, also where a further person has come', async () => {
    const loudness = new Map([['ada-lindqvist', -40]]);
    core.setLevels((identity) => loudness.get(identity) ?? -60);
    const { page } = await openConsole(browser, core);
    await expect.poll(() => barShare(page, 0)).toBeCloseTo(1 / 3, 2);
    loudness.set('ada-lindqvist', -15);
    await expect.poll(() => barShare(page, 0)).toBeCloseTo(3 / 4, 2);
    loudness.set('ada-lindqvist', -30);
    await expect.poll(() => barShare(page, 0)).toBeCloseTo(1 / 2, 2);
    loudness.set('dee', -20);
    core.script.room.update((room) => room && { ...room, people: [...room.people, person('Dee')] });
    const rows = page.getByRole('grid', { name: 'People' }).getByRole('rowheader');
    const rowOf = async (name: string): Promise<number> =>
      (await rows.allInnerTexts()).findIndex((text) => text.startsWith(name));
    await expect.poll(() => rowOf('Dee')).not.toBe(-1);
    await expect.poll(async () => barShare(page, await rowOf('Dee'))).toBeCloseTo(2 / 3, 2);
  });

  it('keeps the clip mark until it is pressed, and the peak for its 20 s', async () => {
    core.setLevels((identity) => (identity === 'ada-lindqvist' ? 0 : -40));
    const { page } = await openConsole(browser, core);
    const clip = page.getByRole('button', { name: 'Ada Lindqvist clipped, press to clear' });
    await clip.waitFor();
    core.setLevels(() => -40);
    await expect.poll(() => spoken(page, 'Ada Lindqvist')).toBe('minus 40 decibels, normal');
    await clip.click();
    await clip.waitFor({ state: 'detached' });
    await expect.poll(() => page.getByRole('row', { name: /Ada Lindqvist/ }).innerText()).toMatch(/−40\s+0\s/);
  });

  it('lets the bars fall and says so when the levels stop, and goes on by itself', async () => {
    core.setLevels(() => -20);
    const { page } = await openConsole(browser, core);
    await expect.poll(() => spoken(page, 'Ada Lindqvist')).toBe('minus 20 decibels, normal');
    let isDown = true;
    core.answer('levels', async () => {
      if (isDown) throw refusal('The room cannot be joined now.');
      return { url: core.levelUrl };
    });
    core.dropLevels();
    await expect.poll(() => spoken(page, 'Ada Lindqvist')).toBe('no sound arrives');
    isDown = false;
    await expect.poll(() => spoken(page, 'Ada Lindqvist'), { timeout: 15_000 }).toBe('minus 20 decibels, normal');
  });

  it('is walked by the arrow keys with one stop for Tab', async () => {
    const { page } = await openConsole(browser, core);
    const people = page.getByRole('grid', { name: 'People' });
    await people.focus();
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await expect.poll(() => focused()).toContain('Ada Lindqvist');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focused()).toContain('Bảo Nguyễn');
    await page.keyboard.press('End'); // the button of their menu
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => focused()).toBe('RECCAP');
    await page.keyboard.press('Control+Home');
    await expect.poll(() => focused()).toContain('Ada Lindqvist');
    await page.keyboard.press('Shift+Tab');
    await expect.poll(() => people.evaluate((table) => table.contains(document.activeElement))).toBe(false);
  });

  it('tells who speaks, who is muted and what holds whom', async () => {
    const { page } = await openConsole(browser, core);
    await expect.poll(() => page.getByText('6 people · 1 muted').count()).toBe(1);
    const bao = page.getByRole('row', { name: /Bảo Nguyễn/ });
    await expect.poll(() => bao.innerText()).toContain('speaks');
    await expect.poll(() => bao.innerText()).toMatch(/REC\s*CAP/);
    core.script.room.set(
      detail(
        'studio-eu',
        'town-hall',
        cast.map((each) => ({ ...each, isSpeaking: false })),
        Date.now(),
      ),
    );
    await expect.poll(() => bao.innerText()).not.toContain('speaks');
  });

  it('speaks and draws 40 moving meters, and the page does not grow', async () => {
    const people = Array.from({ length: 40 }, (_, n) => person(`Person ${n}`, { joinedAtMs: 1_000 + n }));
    core.setLevels((identity) => (identity.toLowerCase() === 'person-39' ? -12 : -30));
    core.script.room.set(detail('studio-eu', 'town-hall', people, Date.now(), ['REC']));
    const { page } = await openConsole(browser, core);
    await expect.poll(() => page.getByRole('meter').count()).toBe(41);
    await expect.poll(() => spoken(page, 'Person 0')).toBe('minus 30 decibels, normal');
    await meter(page, 'Person 39').scrollIntoViewIfNeeded(); // what is out of sight is neither drawn nor spoken
    await expect.poll(() => spoken(page, 'Person 39')).toBe('minus 12 decibels, loud');
    const nodes = () => page.evaluate(() => document.querySelectorAll('*').length);
    const speaker = (n: number) => page.getByRole('row', { name: new RegExp(`^Person ${n} speaks`) });
    const speak = (n: number): void =>
      core.script.room.update(
        (room) => room && { ...room, people: people.map((each, at) => ({ ...each, isSpeaking: at === n })) },
      );
    speak(0);
    await speaker(0).waitFor();
    const nodesBefore = await nodes();
    for (let n = 1; n < 40; n += 1) {
      speak(n);
      await speaker(n).waitFor();
    }
    await expect.poll(() => nodes()).toBe(nodesBefore);
  });
});
