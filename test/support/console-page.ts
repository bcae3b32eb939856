import { chromium, type Browser, type Page } from 'playwright-core';
import { chromiumPath } from './require.ts';
import { openScriptedCore, type ScriptedCore } from './scripted-core.ts';
import { cast, current, detail, recording, room, server, session } from './scripted-scene.ts';

export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath(), headless: true, args: chromiumArgs });

/** A scripted core with a town hall on the air: six people, one recording by egress, captions. */
export async function openTownHall(): Promise<ScriptedCore> {
  const core = await openScriptedCore();
  const nowMs = Date.now();
  const { script } = core;
  script.servers.set({
    servers: [server('studio-eu', 'studio-eu'), server('rehearsal', 'Rehearsal', 'rehearsal')],
    chosenId: 'studio-eu',
    protection: 'keychain',
  });
  script.rooms.set({
    serverId: 'studio-eu',
    sight: current(nowMs),
    rooms: [room('town-hall', 6, ['REC', 'CAP']), room('backstage', 2, ['REC']), room('overflow', 0)],
  });
  script.room.set(detail('studio-eu', 'town-hall', cast, nowMs, ['REC', 'CAP']));
  script.jobs.set({ jobs: [recording('studio-eu', 'town-hall', nowMs, 2_462_000)] });
  script.captionSessions.set({ sessions: [session('studio-eu', 'town-hall', nowMs)] });
  return core;
}

/** Stops the time of the page: from here on it passes by `page.clock.runFor` alone, however slow the machine is. */
export async function stopTime(page: Page): Promise<void> {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 10_000); // a moment that is ahead, also where the page is slow to hear of it
}

/** Opens the window. What the page reports as an error, the content security policy included, lands in `errors`. */
export async function openConsole(
  browser: Browser,
  core: ScriptedCore,
  size: { readonly width: number; readonly height: number } = { width: 1440, height: 900 },
): Promise<{ readonly page: Page; readonly errors: string[] }> {
  const context = await browser.newContext({ viewport: size, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.setDefaultTimeout(20_000);
  await page.goto(core.url());
  // The room that the page chooses by itself: before it is there, nothing has a subject, so a key or a focus goes nowhere.
  const { rooms } = core.script.rooms.value;
  const largest = rooms.toSorted((a, b) => b.peopleCount - a.peopleCount || a.name.localeCompare(b.name))[0];
  await page.getByRole('heading', { level: 1, ...(largest && { name: largest.name, exact: true }) }).waitFor();
  return { page, errors };
}
