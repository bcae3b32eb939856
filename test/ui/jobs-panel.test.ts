// The jobs panel: every state in words, a hold of 1 s to stop, refusals in three parts, files, undo of a stop.
import { noResults } from '../../src/shared/model/egress-results.ts';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Job, JobFile } from '../../src/shared/model/job.ts';
import { launchChromium, openConsole, openTownHall, stopTime } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import { refusal, type ScriptedCore } from '../support/scripted-core.ts';
import { recording } from '../support/scripted-scene.ts';

const serverId = 'studio-eu';
const job = (agoMs: number, part: Partial<Job>): Job => recording(serverId, 'town-hall', Date.now(), agoMs, part);

const file = (part: Partial<JobFile>): JobFile => ({
  id: 'file-9',
  engine: 'desk',
  content: 'program',
  identity: null,
  name: 'mix.wav',
  location: '/data/recordings/town-hall/mix.wav',
  isLocal: true,
  bytes: 21_000_000,
  durationMs: 131_000,
  startedAtMs: 1_000,
  isComplete: true,
  ...part,
});

const refused = (): Job =>
  job(131_000, {
    id: 'refused',
    title: 'Audio archive',
    engine: 'desk',
    text: 'Refused by the server, recording here: 2 of 2 in use.',
    egress: {
      egressId: null,
      status: 'refused',
      startedAtMs: null,
      endedAtMs: null,
      text: 'Refused.',
      results: noResults,
    },
    desk: {
      status: 'recording',
      startedAtMs: Date.now() - 131_000,
      endedAtMs: null,
      peopleCount: 3,
      holes: [],
      text: 'Recording the sound here.',
    },
    files: [file({ isComplete: false })],
    refusal: {
      atMs: Date.UTC(2026, 10, 20, 12, 2, 20),
      refused: 'Recording "Audio archive" of town-hall, by egress',
      said: '429 resource_exhausted: concurrent egress sessions limit exceeded',
      meaning: 'All egress sessions of the server are in use.',
      cuedeskDid: 'Records the sound here since 12:02:20.3 UTC, the press of Start.',
      youCan: ['End another recording.'],
      again: 'In vain until another egress ends: the limit holds.',
      causes: [],
      problem: { code: 'egress-limit', fault: 'server', retryable: true, text: 'All are in use.' },
    },
  });

describeWith('chromium', 'the jobs panel', () => {
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

  const stops = (): unknown[] => core.calls.filter((call) => call.name === 'stopJob').map((call) => call.params);
  const card = (page: Page, name: string) => page.getByRole('article', { name });

  it('cuts a long title before its part, in a narrow window', async () => {
    const nowMs = Date.now();
    const title = `Town hall of the third quarter with all departments.mp4 (part 2)`;
    const ended = { phase: 'done', endedAtMs: nowMs } as const;
    core.script.jobs.set({ jobs: [job(9_000, { id: 'runs', title }), job(60_000, { id: 'ended', title, ...ended })] });
    const { page } = await openConsole(browser, core, { width: 1280, height: 800 });
    const rightOf = async (place: Locator): Promise<number> => {
      const { x = 0, width = 0 } = (await place.boundingBox()) ?? {};
      return x + width;
    };
    for (const at of [0, 1]) {
      const one = card(page, title).nth(at);
      await expect
        .poll(async () => (await rightOf(one)) - (await rightOf(one.getByText('(part 2)', { exact: true }))))
        .toBeGreaterThan(40);
    }
  });

  it('says the state of each job in words and seconds', async () => {
    const nowMs = Date.now();
    core.script.jobs.set({
      jobs: [
        job(0, {
          id: 'a',
          title: 'a.mp4',
          phase: 'starting',
          phaseAtMs: nowMs - 3_000,
          startedAtMs: null,
          text: 'Asked the server; it has not answered yet.',
        }),
        job(2_462_000, { id: 'b', title: 'b.mp4' }),
        job(60_000, { id: 'c', title: 'c.mp4', phase: 'stopping', phaseAtMs: nowMs - 2_000 }),
        refused(),
        job(729_000, {
          id: 'd',
          title: 'd.mp4',
          phase: 'failed',
          phaseAtMs: nowMs,
          endedAtMs: nowMs,
          text: 'Upload refused.',
        }),
        job(60_000, {
          id: 'e',
          title: 'e.mp4',
          phase: 'done',
          endedAtMs: nowMs,
          files: [file({ name: 'e.mp4', bytes: 214_000_000, durationMs: 5_560_000 })],
        }),
        recording(serverId, 'backstage', nowMs, 1_102_000, { id: 'f', title: 'iso-audio.ogg' }),
      ],
    });
    const { page } = await openConsole(browser, core);
    await expect
      .poll(() => card(page, 'a.mp4').innerText())
      .toMatch(/REC[^]*--:--:--[^]*Starting \d+ s[^]*has not answered yet/);
    await expect
      .poll(() => card(page, 'b.mp4').innerText())
      .toMatch(/00:41:\d\d[^]*egress · 1\.2 GB · s3:\/\/show[^]*Recording/);
    await expect
      .poll(() =>
        card(page, 'c.mp4')
          .getByRole('button', { name: /c\.mp4: Stopping \d+ s/ })
          .isDisabled(),
      )
      .toBe(true);
    await expect
      .poll(() => card(page, 'Audio archive').innerText())
      .toMatch(
        /DESK[^]*desk · 3 people · 21 MB[^]*Recording[^]*Refused by the server, recording here: 2 of 2 in use\.[^]*Why/,
      );
    await expect.poll(() => card(page, 'd.mp4').innerText()).toMatch(/Failed: Why[^]*Upload refused\./);
    await expect.poll(() => card(page, 'backstage / iso-audio.ogg').innerText()).toMatch(/REC[^]*00:1[89]:\d\d/);
    const jobs = page.getByRole('complementary', { name: 'Jobs' });
    await expect.poll(() => jobs.innerText()).toMatch(/4 in town-hall[^]*Stop all…/);
    await card(page, 'e.mp4').getByRole('button', { name: 'Open e.mp4' }).click();
    await expect.poll(() => card(page, 'e.mp4').innerText()).toMatch(/Done[^]*01:32:40[^]*214 MB/);
    await jobs.getByRole('button', { name: 'Go to room backstage' }).click();
    await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('backstage');
  });

  it('puts what it cannot know in question while Cuedesk is away, and takes it back', async () => {
    core.script.jobs.set({ jobs: [job(60_000, {}), refused()] });
    const { page } = await openConsole(browser, core);
    await card(page, 'program.mp4').getByText('REC', { exact: true }).waitFor();
    core.drop();
    await card(page, 'program.mp4').getByText('REC ?').waitFor();
    await card(page, 'Audio archive').getByText('DESK ?').waitFor();
    await page.getByRole('region', { name: 'Captions', exact: true }).getByText('CAP ?').waitFor();
    await page.keyboard.press('r'); // asks nothing that could fire later
    core.welcome();
    await card(page, 'program.mp4').getByText('REC', { exact: true }).waitFor();
    expect(core.calls.some((call) => call.name === 'startJob')).toBe(false);
  });

  it('copies the time of a recording', async () => {
    const { page } = await openConsole(browser, core);
    await page.getByRole('button', { name: /^Recording time of program\.mp4 .*press to copy/ }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^00:41:\d\d$/);
  });

  it('stops after a hold of 1 s by the pointer, and not after half of one', async () => {
    const { page } = await openConsole(browser, core);
    const hold = page.getByRole('button', { name: 'program.mp4: Recording. Hold for 1 s to stop.' });
    await hold.hover();
    await stopTime(page);
    await page.mouse.down();
    await page.clock.runFor(500);
    await expect.poll(() => hold.innerText()).toMatch(/Hold 0\.\d s more/);
    await page.mouse.up();
    await page.clock.runFor(700);
    await expect.poll(() => hold.innerText()).toContain('Recording');
    expect(stops()).toEqual([]);
    core.answer('stopJob', async () => job(1_000, { phase: 'stopping' }));
    await page.mouse.down();
    await page.clock.runFor(1_100);
    await page.getByRole('button', { name: /^program\.mp4: Stops in [45] s$/ }).waitFor();
    await page.mouse.up();
    expect(stops()).toEqual([]);
    await page.clock.runFor(5_000);
    expect(await core.called('stopJob')).toEqual({ jobId: 'job-1' });
    expect(stops()).toHaveLength(1);
  });

  it('stops after a hold of a key; letting go, Esc, another place or a mere press stop nothing', async () => {
    const { page } = await openConsole(browser, core);
    const hold = page.getByRole('button', { name: /program\.mp4: Recording/ });
    await hold.focus();
    await stopTime(page);
    for (const key of ['Space', 'Enter']) await page.keyboard.press(key);
    await page.keyboard.down('Space');
    await page.clock.runFor(900);
    await page.keyboard.press('Escape');
    await page.clock.runFor(1_100);
    await page.keyboard.up('Space');
    await page.keyboard.down('Enter');
    await page.clock.runFor(900);
    await page.getByRole('button', { name: 'Settings' }).focus();
    await page.clock.runFor(1_100);
    await page.keyboard.up('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(stops()).toEqual([]);
    await hold.focus();
    await page.keyboard.down('Space');
    await page.clock.runFor(1_100);
    const now = page.getByRole('button', { name: 'Stop now', exact: true });
    await now.waitFor();
    await page.keyboard.down('Space'); // as a key that is still held repeats itself: where the focus is now, it does nothing
    await page.keyboard.up('Space');
    await now.focus();
    await page.keyboard.press('Enter');
    await page.clock.runFor(10);
    expect(await core.called('stopJob')).toEqual({ jobId: 'job-1' });
    expect(stops()).toHaveLength(1);
  });

  it('takes a stop of one back with a key, which leaves the hands where they were', async () => {
    const title = 'Town hall of the third quarter with all departments and guests.mp4';
    core.script.jobs.set({ jobs: [job(60_000, { title }), refused()] });
    const { page } = await openConsole(browser, core);
    const hold = (name: string) => page.getByRole('button', { name: `${name}: Recording. Hold for 1 s to stop.` });
    await hold(title).focus();
    await stopTime(page);
    await page.keyboard.down('Space');
    await page.clock.runFor(1_100);
    await page.keyboard.up('Space');
    await page.getByText(`${title} stops in 5 seconds. Nothing is sent yet. Undo with Control Z.`).waitFor();
    const now = await page.getByRole('button', { name: 'Stop now', exact: true }).boundingBox();
    expect((now?.x ?? NaN) + (now?.width ?? NaN)).toBeLessThan(1440 - 12); // in sight, however long the title is
    await page.keyboard.press('Control+z');
    await hold(title).waitFor();
    expect(await hold(title).evaluate((button) => button === document.activeElement)).toBe(true);
    await page.clock.runFor(6_000);
    expect(stops()).toEqual([]);
    // A second one that is held within the 5 s of the first waits with it, and neither is lost.
    for (const name of [title, 'Audio archive']) {
      await hold(name).focus();
      await page.keyboard.down('Space');
      await page.clock.runFor(1_100);
      await page.keyboard.up('Space');
    }
    await page.getByText('2 outputs stop in 5 seconds. Nothing is sent yet. Undo with Control Z.').waitFor();
    await page.clock.runFor(5_000);
    expect([await core.called('stopJob'), await core.called('stopJob')]).toEqual([
      { jobId: 'job-1' },
      { jobId: 'refused' },
    ]);
  });

  it('asks whoever cannot hold, and says why a stop did not go through', async () => {
    const { page } = await openConsole(browser, core);
    core.answer('stopJob', async () => {
      throw refusal('The server does not answer.');
    });
    // What a screen reader does: a click without a pointer and without a key.
    await page
      .getByRole('button', { name: /program\.mp4: Recording/ })
      .evaluate((button: HTMLElement) => button.click());
    const ask = page.getByRole('alertdialog', { name: 'Stop program.mp4?' });
    await ask.getByRole('button', { name: 'Keep it' }).click();
    expect(stops()).toEqual([]);
    await page
      .getByRole('button', { name: /program\.mp4: Recording/ })
      .evaluate((button: HTMLElement) => button.click());
    await ask.getByRole('button', { name: 'Stop it' }).click();
    await page.getByRole('button', { name: 'Stop now', exact: true }).click();
    await page.getByText('program.mp4 is not stopped: The server does not answer.', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByRole('button', { name: /program\.mp4: Recording/ }).waitFor();
  });

  it('says what runs beside a job that is being handed over, and a stop of one ends and lists both', async () => {
    const mark = { endsAtMs: Date.now() + 60_000, limitMs: 10_800_000, bridgeId: null, hasStoppedOld: false };
    const first = job(10_000_000, {
      id: 'first',
      title: 'show',
      handOver: { ...mark, at: 'overlapping', successorId: 'next', hasFailed: false },
    });
    const takesOver = { jobId: 'first', as: 'part', isOver: false } as const;
    core.script.jobs.set({ jobs: [job(4_000, { id: 'next', title: 'show (part 2)', takesOver }), first] });
    const { page } = await openConsole(browser, core);
    await page.getByText('"show (part 2)" takes over, and both record: a stop ends both.').waitFor();
    await page.getByText('Takes over from "show": a stop ends both.').waitFor();
    const next = page.getByRole('button', { name: /^show \(part 2\): Recording/ });
    await next.evaluate((button: HTMLElement) => button.click());
    const ask = page.getByRole('alertdialog', { name: 'Stop the show: 2 recordings end' });
    await expect
      .poll(() => ask.getByRole('list', { name: 'What ends' }).getByRole('listitem').allInnerTexts())
      .toEqual(['show (part 2)', 'show']);
    await ask.getByRole('button', { name: 'Stop all 2' }).click();
    await page.getByRole('button', { name: 'Stop now', exact: true }).click();
    await expect.poll(stops).toEqual([{ jobId: 'next' }, { jobId: 'first' }]);
  });

  it('shows a refusal and a bad ending in their three parts, with what can be done', async () => {
    const ending = { said: '500 signal: killed', meaning: 'The egress worker crashed.', advice: 'Start another job.' };
    const killed = job(9_000, { id: 'killed', title: 'killed.mp4', phase: 'failed', endedAtMs: Date.now() });
    const egress = killed.egress && { ...killed.egress, status: 'failed' as const, ending };
    core.script.jobs.set({ jobs: [refused(), { ...killed, egress }] });
    const { page } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'killed.mp4: Failed: Why' }).click();
    const failed = page.getByRole('dialog', { name: 'Failed: killed.mp4' });
    await expect
      .poll(() => failed.innerText())
      .toMatch(/said\n+500 signal: killed\n+It means\n+The egress worker crashed\.[^]*You can\n+Start another job\./);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Why: Audio archive' }).click();
    const why = page.getByRole('dialog', { name: 'Refused: Audio archive' });
    await expect.poll(() => why.innerText()).toContain('12:02:20 UTC');
    await expect
      .poll(() => why.innerText())
      .toMatch(
        /Refused\n+Recording "Audio archive" of town-hall, by egress\n+The server said\n+429 resource_exhausted[^]*Cuedesk did\n+Records the sound here since 12:02:20\.3 UTC[^]*You can\n+End another recording\./,
      );
    await why.getByRole('button', { name: 'Copy' }).click();
    await why.getByText('Copied').waitFor();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('429 resource_exhausted');
    await why.getByRole('button', { name: 'Try egress again' }).click();
    expect(await core.called('startJob')).toMatchObject({ mode: 'egress-only', request: { kind: 'room-composite' } });
  });

  it('plays and shows the files of a recording made here, and copies where the others are', async () => {
    const nowMs = Date.now();
    core.script.jobs.set({
      jobs: [
        job(131_000, {
          id: 'here',
          title: 'Audio archive',
          engine: 'desk',
          phase: 'done',
          endedAtMs: nowMs,
          files: [
            file({}),
            file({
              id: 'ada',
              content: 'person',
              identity: 'ada',
              name: 'ada.wav',
              location: '/data/recordings/ada.wav',
            }),
            file({ id: 'far', engine: 'egress', name: 'far.mp4', location: 's3://show/far.mp4', isLocal: false }),
            file({ id: 'hls', engine: 'egress', content: 'segments', name: 'index.m3u8', count: 12, isInBackup: true }),
          ],
        }),
      ],
    });
    const { page } = await openConsole(browser, core);
    const done = card(page, 'Audio archive');
    core.answer('fileAddress', async () => ({ url: core.url(), mimeType: 'audio/wav' }));
    await done.getByRole('button', { name: 'Play mix.wav' }).click();
    expect(await core.called('fileAddress')).toEqual({ jobId: 'here', fileId: 'file-9' });
    await page.getByRole('dialog', { name: 'Play mix.wav' }).waitFor();
    await page.keyboard.press('Escape');
    core.answer('revealFile', async () => {
      throw refusal('This host has no file manager.');
    });
    await done.getByRole('button', { name: 'Show mix.wav in its folder' }).click();
    await done.getByRole('alert').filter({ hasText: 'Not shown: This host has no file manager.' }).waitFor();
    await done.getByRole('button', { name: '3 more files' }).click();
    const more = done.getByRole('list', { name: 'Files of Audio archive' });
    await expect.poll(() => more.getByRole('listitem').count()).toBe(3);
    const segments = more.getByRole('listitem').filter({ hasText: 'index.m3u8' });
    await expect
      .poll(() => segments.innerText())
      .toMatch(/12 segments[^]*In the second storage: the first one did not take it/);
    await segments.getByRole('button', { name: 'Play index.m3u8' }).waitFor();
    await more.getByRole('button', { name: 'Copy where far.mp4 is' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('s3://show/far.mp4');
    await more.getByRole('button', { name: 'Play ada.wav' }).waitFor();
  });

  it('lists what stop all ends, and can be undone for 5 s before anything is sent', async () => {
    core.script.jobs.set({ jobs: [job(60_000, {}), refused()] });
    const { page } = await openConsole(browser, core);
    await stopTime(page);
    const holdAll = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Stop all…' }).click();
      const dialog = page.getByRole('alertdialog', { name: 'Stop all: 2 outputs end' });
      await expect
        .poll(() => dialog.getByRole('list', { name: 'What ends' }).innerText())
        .toMatch(/town-hall \/ program\.mp4[^]*town-hall \/ Audio archive the only copy of these seconds/);
      await expect.poll(() => dialog.innerText()).toContain('Captions go on.');
      await dialog.getByRole('button', { name: /Hold to stop all/ }).focus();
      await page.keyboard.down('Enter');
      await page.clock.runFor(1_100);
      await dialog.waitFor({ state: 'detached' });
      await page.keyboard.up('Enter');
      await page.getByText('Nothing is sent yet.', { exact: false }).first().waitFor();
    };
    await holdAll();
    expect(stops()).toEqual([]);
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: /^Undo/ }).waitFor({ state: 'detached' });
    core.answer('stopJob', async ({ jobId }: { jobId: string }) => job(1_000, { id: jobId, phase: 'stopping' }));
    await holdAll();
    await page.clock.runFor(4_000);
    await page.getByText('Nothing is sent yet.', { exact: false }).first().waitFor();
    expect(stops()).toEqual([]);
    await page.clock.runFor(1_000);
    expect([await core.called('stopJob'), await core.called('stopJob')]).toEqual([
      { jobId: 'job-1' },
      { jobId: 'refused' },
    ]);
    expect(stops()).toHaveLength(2); // nothing of the one that was taken back
  });

  it('sends a stop of all that was not taken back when its page is closed within the 5 s', async () => {
    core.script.jobs.set({ jobs: [job(60_000, {}), refused()] });
    core.answer('stopJob', async ({ jobId }: { jobId: string }) => job(1_000, { id: jobId, phase: 'stopping' }));
    const { page } = await openConsole(browser, core);
    await stopTime(page); // its 5 s never pass
    await page.getByRole('button', { name: 'Stop all…' }).click();
    await page.getByRole('button', { name: /Hold to stop all/ }).focus();
    await page.keyboard.down('Enter');
    await page.clock.runFor(1_100);
    await page.getByRole('button', { name: /^Undo/ }).waitFor();
    expect(stops()).toEqual([]);
    // As closing it does; how long Chromium gives a page for that is a matter of speed.
    await page.evaluate(() => dispatchEvent(new Event('pagehide')));
    expect([await core.called('stopJob'), await core.called('stopJob')]).toEqual([
      { jobId: 'job-1' },
      { jobId: 'refused' },
    ]);
  });

  it('stops several and lets the others go on', async () => {
    core.script.jobs.set({ jobs: [job(60_000, {}), refused()] });
    core.answer('stopJob', async ({ jobId }: { jobId: string }) => job(1_000, { id: jobId, phase: 'stopping' }));
    const { page } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'Stop all…' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('switch', { name: /program\.mp4/ }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('alertdialog', { name: 'Stop 1 of 2: 1 output ends' }).waitFor();
    await dialog.getByRole('button', { name: 'Hold to stop 1. It takes 1 s.' }).focus();
    await page.keyboard.down('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.up('Enter');
    await page.getByRole('button', { name: 'Stop now', exact: true }).click();
    expect(await core.called('stopJob')).toEqual({ jobId: 'refused' });
    expect(stops()).toHaveLength(1);
  });
});
