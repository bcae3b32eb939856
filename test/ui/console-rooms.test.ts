// The rooms of a server, with how fresh the sight of them is; and what is said where there is nothing to see.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import type { ScriptedCore } from '../support/scripted-core.ts';
import { cast, current, detail, recording, room, session, stale } from '../support/scripted-scene.ts';

describeWith('chromium', 'rooms in the console', () => {
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

  it('lists rooms with their people and tally, and shows the fullest one', async () => {
    const { page, errors } = await openConsole(browser, core);
    const rooms = page.getByRole('grid', { name: 'Rooms' });
    await expect.poll(() => rooms.getByRole('row', { name: /, \d+ p/ }).count()).toBe(3);
    await expect
      .poll(() => rooms.getByRole('row', { name: 'town-hall, 6 people, REC CAP' }).getAttribute('aria-selected'))
      .toBe('true');
    await expect.poll(() => page.getByRole('navigation', { name: 'Rooms' }).innerText()).toContain('8 people');
    await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('town-hall');
    expect(errors).toEqual([]);
  });

  it('chooses another room by the arrow keys, and asks for that room', async () => {
    const { page } = await openConsole(browser, core);
    await page.getByRole('row', { name: /^town-hall/ }).click();
    await page.keyboard.press('ArrowUp'); // rooms with people stand first, by name: backstage, town-hall
    await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('backstage');
    core.script.room.set(detail('studio-eu', 'backstage', cast.slice(0, 2), Date.now()));
    await expect.poll(() => page.getByRole('grid', { name: 'People' }).getByRole('row').count()).toBe(3);
  });

  it('finds and sorts rooms', async () => {
    const { page } = await openConsole(browser, core);
    const rooms = page.getByRole('grid', { name: 'Rooms' });
    await page.getByRole('button', { name: 'Find a room' }).click();
    await page.getByRole('searchbox', { name: 'Find a room' }).fill('BACK');
    await expect.poll(() => rooms.getByRole('row').count()).toBe(1);
    await page.getByRole('searchbox', { name: 'Find a room' }).fill('nowhere');
    await page.getByText('No room has “nowhere” in its name').waitFor();
    await page.getByRole('searchbox', { name: 'Find a room' }).fill('');
    await page.getByRole('button', { name: /Sort rooms/ }).click();
    await page.getByRole('option', { name: 'By people' }).click();
    await expect.poll(() => rooms.getByRole('row').first().innerText()).toContain('town-hall');
  });

  it('keeps old rooms in their place, with their age, and asks again on Try now', async () => {
    const { page } = await openConsole(browser, core);
    const asOfMs = Date.now() - 30_000; // a slow machine shows it later: any age of two figures will do
    core.script.rooms.update((list) => ({ ...list, sight: stale(asOfMs, Date.now() + 60_000) }));
    const panel = page.getByRole('navigation', { name: 'Rooms' });
    await panel.getByText('studio-eu does not answer').waitFor();
    await expect.poll(() => panel.innerText()).toMatch(/[345]\d s old/);
    await expect.poll(() => panel.innerText()).toMatch(/ETIMEDOUT since \d\d:\d\d:\d\d UTC. Try 5 in \d+ s/);
    await expect.poll(() => panel.getByRole('row', { name: /^town-hall/ }).innerText()).toContain('REC ?');
    await expect.poll(() => page.getByRole('alert').filter({ hasText: 'studio-eu does not answer' }).count()).toBe(1);
    await expect.poll(() => page.getByRole('contentinfo').innerText()).toMatch(/no answer, [345]\d s/);
    await panel.getByRole('button', { name: 'Try now' }).click();
    expect(await core.called('lookNow')).toEqual({ serverId: 'studio-eu' });
    core.script.rooms.update((list) => ({ ...list, sight: current(Date.now()) }));
    await panel.getByText('studio-eu does not answer').waitFor({ state: 'detached' });
  });

  it('says of a server that was never seen why, and leads to its address and secret', async () => {
    const { page } = await openConsole(browser, core);
    const problem = {
      code: 'wrong-secret',
      fault: 'yours',
      retryable: false,
      text: 'The API secret is wrong.',
    } as const;
    const never = { ...stale(0, Date.now() + 60_000), asOfMs: null };
    core.script.rooms.set({ serverId: 'studio-eu', rooms: [], sight: { ...never, problem } });
    const panel = page.getByRole('navigation', { name: 'Rooms' });
    await panel.getByText('studio-eu does not let Cuedesk in').waitFor();
    await expect.poll(() => panel.innerText()).toMatch(/The API secret is wrong\.\s+Try 5 in \d+ s/);
    await expect.poll(() => page.getByRole('contentinfo', { name: 'Status' }).innerText()).toContain('refused');
    core.script.rooms.set({ serverId: 'studio-eu', rooms: [], sight: never });
    await panel.getByText('studio-eu has not answered yet').waitFor();
    await panel.getByRole('button', { name: 'Change studio-eu' }).click();
    await page.getByRole('dialog', { name: /studio-eu/ }).waitFor();
  });

  it('says so where a server has no rooms, and where there is no server', async () => {
    const { page } = await openConsole(browser, core);
    core.script.rooms.update((list) => ({ ...list, rooms: [], sight: current(Date.now()) }));
    await page.getByText('No rooms on studio-eu').waitFor();
    await page
      .getByText(/Asked \d+ s ago. A room appears here when the first person joins, or when you create one/)
      .waitFor();
    core.script.servers.set({ servers: [], chosenId: null, protection: 'keychain' });
    await page.getByText('No server is chosen').waitFor();
    await page.getByRole('contentinfo', { name: 'Status' }).getByText('no server').waitFor();
    await page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: 'Connect a server' }).click();
    await page.getByRole('dialog', { name: 'Connect a server' }).waitFor();
  });

  it('shows that Cuedesk has gone, all that it shows as seen last, and goes on by itself when it is back', async () => {
    const { page } = await openConsole(browser, core);
    await page.getByText('connected').waitFor();
    await page.getByRole('row', { name: /Bảo Nguyễn speaks/ }).waitFor();
    core.drop();
    await page.getByRole('alert').filter({ hasText: 'Cuedesk does not answer' }).waitFor();
    await expect.poll(() => page.getByRole('contentinfo').innerText()).toMatch(/Cuedesk away, \d+ s/);
    await expect.poll(() => page.getByRole('contentinfo').innerText()).toMatch(/REC \?/);
    const hall = page.getByRole('region', { name: 'town-hall' });
    await expect.poll(() => hall.innerText()).toContain('ON AIR ?');
    await expect.poll(() => hall.innerText()).toContain('Cuedesk does not answer: this is what was seen last.');
    await expect.poll(() => page.getByRole('row', { name: /^Ada Lindqvist/ }).innerText()).toMatch(/REC \?\s*CAP \?/);
    await expect.poll(() => page.getByRole('row', { name: /Bảo Nguyễn speaks/ }).count()).toBe(0);
    await expect
      .poll(() => page.getByRole('navigation', { name: 'Rooms' }).innerText())
      .toContain('start it again where it ran');
    core.script.rooms.update((list) => ({ ...list, rooms: [...list.rooms, room('late', 3)] }));
    core.welcome();
    await page.getByRole('row', { name: /^late, 3 people/ }).waitFor();
    await page.getByText('connected').waitFor();
    await page.getByRole('alert').filter({ hasText: 'Cuedesk does not answer' }).waitFor({ state: 'detached' });
    await expect.poll(() => hall.innerText()).not.toContain('ON AIR ?');
  });

  it('says what to do where Cuedesk was started anew and does not know the window', async () => {
    const { page } = await openConsole(browser, core);
    await page.getByText('connected').waitFor();
    await page.context().clearCookies(); // what a new start has forgotten
    core.drop();
    core.welcome();
    await page.getByRole('alert').filter({ hasText: 'Cuedesk was started anew' }).waitFor();
    const panel = page.getByRole('navigation', { name: 'Rooms' });
    await expect.poll(() => panel.innerText()).toContain('Open the whole address that it printed when it started.');
  });

  it('tells that no sound arrives while a recording here waits for a server that does not answer', async () => {
    const nowMs = Date.now();
    core.script.jobs.set({
      jobs: [
        recording('studio-eu', 'town-hall', nowMs, 60_000, {
          engine: 'desk',
          egress: null,
          desk: {
            status: 'recording',
            startedAtMs: nowMs - 60_000,
            endedAtMs: null,
            peopleCount: 6,
            holes: [],
            text: '',
          },
        }),
      ],
    });
    const { page } = await openConsole(browser, core);
    const figure = page.getByRole('figure');
    await figure.getByText('Sound of 6 people').waitFor();
    core.script.rooms.update((list) => ({ ...list, sight: stale(nowMs - 5_000, nowMs + 60_000) }));
    await figure.getByText('No sound arrives').waitFor();
    await expect.poll(() => figure.innerText()).toContain('ON AIR ?');
    // This computer does record still, and says so.
    await expect.poll(() => page.getByRole('contentinfo').innerText()).toMatch(/DESK\s+1/);
  });

  it('keeps what runs at another server in sight, and goes there', async () => {
    const nowMs = Date.now();
    core.script.jobs.set({ jobs: [recording('studio-eu', 'town-hall', nowMs, 60_000)] });
    core.script.captionSessions.set({ sessions: [session('studio-eu', 'town-hall', nowMs)] });
    core.script.servers.update((value) => ({ ...value, chosenId: 'rehearsal' }));
    const { page } = await openConsole(browser, core);
    const bar = page.getByRole('contentinfo');
    const way = bar.getByRole('button', { name: 'Show studio-eu' });
    await way.waitFor();
    await expect.poll(async () => (await bar.innerText()).replace(/\s+/g, ' ')).toContain(' studio-eu REC 1 CAP 1 ');
    await way.click();
    expect(await core.called('chooseServer')).toEqual({ serverId: 'studio-eu' });
    await way.waitFor({ state: 'detached' });
  });

  it('says that a server has no egress instead of a number of its sessions', async () => {
    core.script.servers.update((value) => ({
      ...value,
      servers: value.servers.map((each) => ({ ...each, egress: 'absent' as const })),
    }));
    core.script.limits.update((value) => ({
      ...value,
      limits: value.limits.map((each) =>
        each.id === 'egress' ? { ...each, inUse: 0, limit: null, full: null } : each,
      ),
    }));
    const { page } = await openConsole(browser, core);
    const panel = page.getByRole('region', { name: 'Limits' });
    await panel.getByText('this server has no egress').waitFor();
    await expect.poll(() => page.getByRole('contentinfo').innerText()).toMatch(/slots\s+none/);
  });

  it('shows 200 rooms, and names that are long, right to left or markup, as they are', async () => {
    const names = ['<img src=x onerror=alert(1)>', 'قاعة البلدية', `room-${'x'.repeat(200)}`];
    const many = Array.from({ length: 200 }, (_, n) => room(`room ${n}`, n % 5));
    core.script.rooms.update((list) => ({ ...list, rooms: [...names.map((name) => room(name, 9)), ...many] }));
    const { page, errors } = await openConsole(browser, core);
    const rooms = page.getByRole('grid', { name: 'Rooms' });
    for (const name of names) {
      await rooms.getByRole('row').filter({ hasText: name }).click();
      await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe(name);
    }
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1440);
    await expect.poll(() => page.locator('img').count()).toBe(0);
    expect(errors).toEqual([]);
  });
});
