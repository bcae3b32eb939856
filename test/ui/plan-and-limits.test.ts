// What a start takes, loses and costs beside the form; and the limits with their sources.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { acceptances } from '../../src/core/jobs/plan/acceptance.ts';
import { planJob } from '../../src/core/jobs/plan/plan-job.ts';
import { retryPolicy } from '../../src/core/jobs/retry-policy.ts';
import { costLimit } from '../../src/core/observe/cost-limit.ts';
import { priceList } from '../../src/core/observe/price-list.ts';
import type { Limit } from '../../src/shared/model/limit.ts';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import { refusal, type ScriptedCore } from '../support/scripted-core.ts';
import { cast, recording } from '../support/scripted-scene.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';

async function seriousIn(page: Page): Promise<string[]> {
  // Playwright's types of the two packages differ in name only.
  const { violations } = await new AxeBuilder({ page: page as never }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`);
}

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
        findings: [],
        roomName,
        people: cast,
        roomExists: true,
        server: { kind: 'cloud', egress: 'present' },
        sessions: { inUse: 1, limit: 2, source: 'declared' },
        worker: null,
        lengths: [],
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
    await expect
      .poll(() => row(/^Room composite chosen/).innerText())
      .toMatch(/1\s+fits now[^]*3 to 5 s[^]*November 2026[^]*3\.9 s[^]*median of 5 starts on this server/);
    await expect.poll(() => row(/^Track egress/).innerText()).toMatch(/6\s+does not fit now[^]*2\.9 s/);
    await expect.poll(() => row(/^Here, direct feed/).innerText()).toMatch(/0\s+fits now[^]*0\.06 s/);
    expect(await seriousIn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await table.waitFor({ state: 'detached' });
    await expect.poll(() => panel.isVisible()).toBe(true);
    expect(errors).toEqual([]);
  });

  it('shows the whole of each source in a narrow window', async () => {
    const note = 'read 2 s ago, 100 % of its cores busy, and as long as a reason can be';
    core.script.limits.update((value) => ({ ...value, limits: value.limits.map((limit) => ({ ...limit, note })) }));
    const { page } = await openConsole(browser, core, { width: 1280, height: 800 });
    const sources = page.getByRole('region', { name: 'Limits' }).getByText(note);
    await sources.last().waitFor();
    const hidden = () => sources.evaluateAll((all) => all.filter((each) => each.scrollWidth > each.clientWidth).length);
    await expect.poll(hidden).toBe(0);
  });

  it('shows what today costs and of what, and sets a cap, a price and the currency by keyboard', async () => {
    const { page, errors } = await openConsole(browser, core);
    const cost = {
      currency: 'USD',
      amount: 3.1,
      perHour: 1.2,
      cap: 20,
      parts: [
        { id: 'captions', label: 'Captions by Gladia', quantity: '4.13 channel hours', amount: 3.1 },
        { id: 'egress-transcoded', label: 'Egress that encodes', quantity: '41 minutes', amount: null },
      ],
    } as const;
    core.script.limits.update((value) => ({
      ...value,
      limits: [...value.limits, costLimit({ ...cost, parts: [...cost.parts] })],
      cost: { ...cost, parts: [...cost.parts] },
    }));
    const panel = page.getByRole('region', { name: 'Limits' });
    await panel.getByText('USD 3.10 of 20.00').waitFor();
    await expect
      .poll(() => page.getByRole('contentinfo', { name: 'Status' }).innerText())
      .toMatch(/cost\s+USD 3\.10 of/);
    await panel.getByRole('button', { name: 'Change…' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Limits of studio-eu' });
    await expect.poll(() => dialog.innerText()).toMatch(/estimated today, USD 1\.20 an hour now, without 41 minutes/);
    await expect.poll(() => dialog.innerText()).toMatch(/Egress that encodes\s+41 minutes\s+no price/);

    await dialog.getByRole('button', { name: 'Set a cap for the cost of today' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('25,5');
    await page.keyboard.press('Enter');
    expect(await core.called('declareCap')).toEqual({ serverId: 'studio-eu', amount: 25.5 });

    const prices = dialog.getByRole('region', { name: 'Prices' });
    await expect
      .poll(() => prices.innerText())
      .toMatch(/Captions by Gladia[^]*USD 0\.75[^]*published by Gladia for Starter/);
    await prices.getByRole('button', { name: 'Declare the price of Track egress' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('many');
    await prices.getByText('A number from 0, with a point').waitFor();
    await prices.getByLabel('USD per minute').fill('0.005');
    await page.keyboard.press('Enter');
    expect(await core.called('declarePrice')).toEqual({ id: 'egress-track', amount: 0.005 });
    core.script.prices.set(priceList({ currency: 'USD', prices: { 'egress-track': { amount: 0.005, atMs: 0 } } }));
    await prices.getByText('declared by you, 1 Jan 1970').waitFor();
    await prices.getByRole('button', { name: 'Change the price of Track egress' }).click();
    await prices.getByRole('button', { name: 'Forget it' }).click();
    expect(await core.called('declarePrice')).toEqual({ id: 'egress-track', amount: null });

    await prices.getByRole('button', { name: 'USD: change the currency' }).click();
    await prices.getByRole('textbox', { name: 'Currency' }).fill('eur');
    await page.keyboard.press('Enter');
    expect(await core.called('setCurrency')).toEqual({ currency: 'EUR' });
    expect(errors).toEqual([]);
  });

  it('says how long the server has not answered and why, and a hold calls it off', async () => {
    const { page } = await openConsole(browser, core);
    const nowMs = Date.now(); // the page is there: what it counts from now is shown at once
    const job = recording('studio-eu', 'town-hall', nowMs, 0, {
      id: 'waits',
      title: 'waits.mp4',
      phase: 'starting',
      phaseAtMs: nowMs - 12_000,
      startedAtMs: null,
      text: 'Asked the server; it has not answered yet.',
      egress: { egressId: null, status: 'requested', startedAtMs: null, endedAtMs: null, text: '', results: noResults },
      files: [],
    });
    core.script.jobs.set({ jobs: [job] });
    core.answer('stopJob', async () => ({ ...job, phase: 'stopping' }));
    const card = page.getByRole('article', { name: 'waits.mp4' });
    await card.getByText(/has not answered for 1\d s; a refusal takes 20 to 25 s, because/).waitFor();
    await card.getByRole('button', { name: /Hold for 1 s to stop/ }).focus();
    await page.keyboard.down('Space');
    await page.getByRole('button', { name: 'Stop now', exact: true }).waitFor();
    await page.keyboard.up('Space');
    await page.getByRole('button', { name: 'Stop now', exact: true }).click();
    expect(await core.called('stopJob')).toEqual({ jobId: 'waits' });
  });

  it('a start that waits shows its reason, the countdown, Try now and Cancel', async () => {
    const { page, errors } = await openConsole(browser, core);
    const nowMs = Date.now(); // the page is there: what it counts from now is shown at once
    const job = recording('studio-eu', 'town-hall', nowMs, 0, {
      id: 'waits',
      title: 'waits.mp4',
      phase: 'waiting',
      startedAtMs: null,
      text: 'Refused: The plan allows no further egress.',
      egress: { egressId: null, status: 'waiting', startedAtMs: null, endedAtMs: null, text: '', results: noResults },
      again: { atMs: nowMs + 50_000, tries: 2, maxTries: 10, isForSession: true },
      files: [],
    });
    core.script.jobs.set({ jobs: [job] });
    core.answer('tryNow', async () => job);
    core.answer('stopJob', async () => ({ ...job, phase: 'done' }));
    const card = page.getByRole('article', { name: 'waits.mp4' });
    await card.getByText(/^Refused: The plan allows no further egress\. Asked again in [34]\d s, or as soon/).waitFor();
    await card.getByText(/2 of 10 tries made/).waitFor();
    await card.getByRole('button', { name: 'Try now: waits.mp4' }).click();
    expect(await core.called('tryNow')).toEqual({ jobId: 'waits' });
    await card.getByRole('button', { name: 'Cancel: waits.mp4' }).focus();
    await page.keyboard.press('Enter');
    expect(await core.called('stopJob')).toEqual({ jobId: 'waits' });
    expect(errors).toEqual([]);
  });

  it('shows used, free and unknown, and the causes of a refusal that says none', async () => {
    const { page } = await openConsole(browser, core);
    const panel = page.getByRole('region', { name: 'Limits' });
    const egress = (part: Partial<Limit>): void =>
      core.script.limits.update((value) => ({
        ...value,
        limits: value.limits.map((limit) => (limit.id === 'egress' ? { ...limit, full: null, ...part } : limit)),
      }));
    egress({ inUse: 1 });
    await panel.getByText('1 free').waitFor();
    egress({ inUse: 1, limit: null, source: 'unknown', note: 'never refused' });
    await panel.getByText('free: unknown').waitFor();
    await panel.getByText('1 of unknown').waitFor();

    const problem = {
      code: 'no-egress-worker',
      fault: 'server',
      retryable: true,
      text: 'No worker took the job.',
    } as const;
    const { text, causes } = retryPolicy(problem);
    const told = { atMs: 1, refused: 'Recording', said: '503', meaning: problem.text, cuedeskDid: null, youCan: [] };
    const job = recording('studio-eu', 'town-hall', Date.now(), 0, { id: 'no', title: 'no.mp4', phase: 'failed' });
    core.script.jobs.set({ jobs: [{ ...job, refusal: { ...told, again: text, causes: [...causes], problem } }] });
    await page
      .getByRole('button', { name: /no\.mp4.*Why/ })
      .first()
      .click();
    const why = page.getByRole('dialog');
    await expect
      .poll(() => why.innerText())
      .toMatch(/It may be\s+No egress worker runs[^]*PulseAudio[^]*Again\s+After 15 s/);
  });

  it('declares the page of an egress worker by keyboard, shows what it would take, and a trouble in words', async () => {
    core.script.settings.update((settings) => ({ ...settings, theme: 'light' }));
    const { page, errors } = await openConsole(browser, core);
    const panel = page.getByRole('region', { name: 'Limits' });
    await panel.getByRole('button', { name: 'Change…' }).click();
    const worker = page.getByRole('dialog').getByRole('region', { name: 'Egress worker' });
    await worker.getByRole('button', { name: 'Declare its page' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('egress:6789');
    await worker.getByText('An address that begins with http').waitFor();
    core.answer('declareEgressPage', async () => {
      throw refusal('The address must carry no password and no query.');
    });
    await worker.getByLabel('Page', { exact: true }).fill('http://me:secret@egress:6789/metrics');
    await page.keyboard.press('Enter');
    await worker.getByText('must carry no password').waitFor();
    await core.called('declareEgressPage');
    core.answer('declareEgressPage', async () => null);
    await worker.getByLabel('Page', { exact: true }).fill('http://egress:6789/metrics');
    await page.keyboard.press('Enter');
    expect(await core.called('declareEgressPage')).toMatchObject({ url: 'http://egress:6789/metrics' });

    const figures = {
      worker: {
        isIdle: true,
        takesAnyKind: false,
        isDisabled: false,
        isTerminating: false,
        cpuLoad: 0.1,
        pulseRatio: 0,
        running: [],
      },
      cores: 2,
      costs: { web: 0.2 },
    };
    const reading = { url: 'http://egress:6789/metrics', readAtMs: Date.now(), nextAtMs: null, worker: figures.worker };
    const shown = { ...reading, state: 'read', problem: null, cores: 2, kinds: acceptances(figures) } as const;
    core.script.limits.update((value) => ({ ...value, page: { ...shown, kinds: [...shown.kinds] } }));
    await expect
      .poll(() => worker.getByRole('row', { name: /^Room composite no/ }).innerText())
      .toContain('2 of 2 cores are to be had, 4 needed.');
    expect(await seriousIn(page)).toEqual([]);
    await worker.getByRole('button', { name: '0.2 cores: change the cores of Web page', exact: true }).focus();
    await page.keyboard.press('Enter');
    await worker.getByText('Source: declared by you.').waitFor();
    await worker.getByRole('button', { name: 'Forget it' }).click();
    expect(await core.called('declareCpuCost')).toMatchObject({ kind: 'web', cores: null });
    await worker.getByRole('button', { name: '2 cores: declare its cores' }).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('4');
    await page.keyboard.press('Enter');
    expect(await core.called('declareCores')).toMatchObject({ cores: 4 });
    await page.keyboard.press('Escape');
    await panel.getByText('takes 6 of 7 kinds').waitFor();
    const problem = {
      code: 'page-unreachable',
      fault: 'network',
      retryable: true,
      text: 'Nobody listens there.',
    } as const;
    const page2 = { ...shown, kinds: [], state: 'trouble', problem, nextAtMs: Date.now() + 40_000 } as const;
    core.script.limits.update((value) => ({ ...value, page: page2 as never })); // readonly arrays of a literal
    await panel.getByText(/Nobody listens there\. · read last .* · next try in/).waitFor();
    expect(errors).toEqual([]);
  });

  it('counts down to the session limit on the card, declares a length and switches the hand-over off', async () => {
    const nowMs = Date.now();
    core.script.jobs.set({
      jobs: [recording('studio-eu', 'town-hall', nowMs, 3_600_000, { id: 'j', title: 'a.mp4' })],
    });
    const end = (leftMs: number, plan: string): void =>
      core.script.limits.update((value) => ({
        ...value,
        ends: [{ jobId: 'j', endsAtMs: Date.now() + leftMs, because: '3 h for a file', plan }],
      }));
    const { page } = await openConsole(browser, core);
    const card = page.getByRole('article', { name: 'a.mp4' });
    end(7_200_000, 'Another takes over 90 s before.');
    await card.getByText(/Session limit in 0[12]:\d\d:\d\d\./).waitFor();
    end(300_000, 'Another takes over 90 s before.');
    await card.getByText(/Session limit in 00:0[45]:\d\d\. Another takes over 90 s before\./).waitFor();
    await page.getByRole('region', { name: 'Limits' }).getByRole('button', { name: 'Change…' }).click();
    const lengths = page.getByRole('dialog').getByRole('region', { name: 'Session length' });
    await expect.poll(() => lengths.innerText()).toMatch(/File\s+3 h 0 m\s+published for LiveKit Cloud/);
    await lengths.getByRole('button', { name: 'Change the length of: HLS segments' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('6.5');
    await page.keyboard.press('Enter');
    expect(await core.called('declareLength')).toMatchObject({ output: 'segments', limitMs: 23_400_000 });
    await lengths.getByRole('switch').focus();
    await page.keyboard.press('Space');
    expect(await core.called('setHandOver')).toEqual({ serverId: 'studio-eu', isOn: false });
  });
});
