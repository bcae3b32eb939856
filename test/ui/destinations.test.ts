// The address book and the destinations of a running stream: each state in words, what can be done about it, and nothing secret.
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Address } from '../../src/shared/model/address.ts';
import type { Job } from '../../src/shared/model/job.ts';
import type { JobDestination } from '../../src/shared/model/job-destination.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import { refusal, type ScriptedCore } from '../support/scripted-core.ts';
import { recording } from '../support/scripted-scene.ts';

const address = (id: string, name: string, part: Partial<Address> = {}): Address => ({
  id,
  name,
  kind: 'rtmp',
  url: `rtmps://${id}.example/live/{abc...${id}}`,
  protection: 'keychain',
  isMissing: false,
  followsLayout: false,
  warnings: [],
  ...part,
});
const book: Address[] = [
  address('adr_hall', 'Hall wall', {
    kind: 'srt',
    url: 'srt://10.0.0.5:9000?passphrase={...}',
    warnings: ['Egress gives an SRT stream up at its first error; Cuedesk adds it again.'],
  }),
  address('adr_own', 'Own template', { kind: 'template', url: 'https://show.example/layout', followsLayout: true }),
  address('adr_vimeo', 'Vimeo Enterprise'),
  address('adr_yt', 'YouTube main'),
  address('adr_yt2', 'YouTube backup', { isMissing: true, protection: 'this-run' }),
];
const refused = 'Connection refused: Could not connect to a.rtmp.youtube.example: Connection refused';
const at = (part: Partial<JobDestination>): JobDestination => ({
  id: 'adr_vimeo',
  addressId: 'adr_vimeo',
  url: 'rtmps://adr_vimeo.example/live/{abc...adr_vimeo}',
  state: 'live',
  sinceMs: Date.now() - 2_431_000,
  nextTryAtMs: null,
  tries: 0,
  meaning: '',
  said: '',
  replaces: null,
  canRetry: false,
  canDrop: true,
  ...part,
});
const waiting = (part: Partial<JobDestination> = {}): JobDestination =>
  at({
    id: 'adr_yt',
    addressId: 'adr_yt',
    url: 'rtmps://adr_yt.example/live/{abc...adr_yt}',
    state: 'waiting',
    sinceMs: Date.now() - 4_000,
    nextTryAtMs: Date.now() + 8_000,
    tries: 3,
    meaning: 'Nothing listens at its address.',
    said: refused,
    canRetry: true,
    ...part,
  });
const streaming = (destinations: JobDestination[], part: Partial<Job> = {}): Job => {
  const program = programRequest('{room_name}-{time}.mp4');
  const stream = {
    protocol: 'rtmp' as const,
    destinationIds: destinations.flatMap(({ addressId }) => addressId ?? []),
  };
  const request = { ...program, outputs: { ...program.outputs, stream } };
  return recording('studio-eu', 'town-hall', Date.now(), 2_462_000, {
    title: 'Restream',
    request,
    destinations,
    ...part,
  });
};

describeWith('chromium', 'destinations', () => {
  let browser: Browser;
  let core: ScriptedCore;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    core = await openTownHall();
    core.script.addresses.set({ addresses: book });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await core.close();
  });

  const card = (page: Page) => page.getByRole('article', { name: 'Restream' });
  const row = (page: Page, name: string) => card(page).getByRole('listitem', { name });
  const axe = async (page: Page) =>
    (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes[0]?.html]);

  /** Which of these texts are anywhere in the page. */
  const shownOf = (page: Page, texts: readonly string[]) =>
    page.locator('html').evaluate((html, all) => all.filter((text) => html.outerHTML.includes(text)), texts);

  it('say on the card how each is, and offer Retry now only where egress has let go', async () => {
    core.script.jobs.set({
      jobs: [
        streaming([
          at({}),
          waiting(),
          at({
            id: 'x',
            addressId: null,
            url: 'rtmp://other/app/{k...y}',
            state: 'reconnecting',
            sinceMs: Date.now() - 12_000,
          }),
        ]),
      ],
    });
    const { page, errors } = await openConsole(browser, core);
    await row(page, 'Vimeo Enterprise').getByText('Live', { exact: true }).waitFor();
    await expect.poll(() => row(page, 'Vimeo Enterprise').innerText()).toMatch(/00:4[0-4]:\d\d/);
    const hurt = row(page, 'YouTube main');
    await expect.poll(() => hurt.innerText()).toMatch(/Reconnecting \(\d+ s\)/);
    await expect.poll(() => hurt.innerText()).toContain('Nothing listens at its address.');
    await expect.poll(() => hurt.innerText()).toContain('Given up 3 times.');
    await expect.poll(() => hurt.innerText()).toContain(`egress: “${refused}”`);
    const byEgress = row(page, 'rtmp://other/app/{k...y}');
    await expect.poll(() => byEgress.innerText()).toMatch(/Reconnecting \(egress, \d+ of 30 s\)/);
    await expect.poll(() => byEgress.innerText()).toContain('adding it again now would break the job');
    await expect.poll(() => byEgress.getByRole('button', { name: /Retry/ }).count()).toBe(0);
    await page.getByText('1 live, 2 retry').waitFor();

    await hurt.getByRole('button', { name: 'Retry now: YouTube main' }).click();
    expect(await core.called('retryDestination')).toEqual({ jobId: 'job-1', destinationId: 'adr_yt' });
    await hurt.getByRole('button', { name: 'Drop YouTube main' }).click();
    expect(await core.called('dropDestination')).toEqual({ jobId: 'job-1', destinationId: 'adr_yt' });
    expect(await axe(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('on air are dropped only after a question, and a refusal is told', async () => {
    core.script.jobs.set({ jobs: [streaming([at({})])] });
    const { page } = await openConsole(browser, core);
    const drop = async (): Promise<void> => {
      await row(page, 'Vimeo Enterprise').getByRole('button', { name: 'More for Vimeo Enterprise' }).click();
      await page.getByRole('menuitem', { name: 'Drop…' }).click();
    };
    await drop();
    const dialog = page.getByRole('alertdialog', { name: 'Drop Vimeo Enterprise?' });
    await dialog.waitFor();
    await page.keyboard.press('Enter'); // on Keep it
    await dialog.waitFor({ state: 'detached' });
    expect(core.calls.some(({ name }) => name === 'dropDestination')).toBe(false);
    core.answer('dropDestination', () => {
      throw refusal('This is the last destination.', { advice: 'Stop the job.' });
    });
    await drop();
    await dialog.getByRole('button', { name: 'Drop it' }).click();
    await dialog.getByRole('alert').getByText('This is the last destination. Stop the job.').waitFor();
  });

  it('join a running stream, or take the place of one', async () => {
    core.script.jobs.set({ jobs: [streaming([at({})])] });
    const { page } = await openConsole(browser, core);
    await card(page).getByRole('button', { name: 'Add a destination' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a destination to Restream' });
    await dialog.getByRole('button', { name: /Destination/ }).click();
    await expect
      .poll(async () => (await page.getByRole('option').allInnerTexts()).map((text) => text.split('\n')[0]))
      .toEqual(['YouTube main', 'New address…']);
    await page.getByRole('option', { name: 'YouTube main' }).click();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    expect(await core.called('addDestination')).toEqual({ jobId: 'job-1', addressId: 'adr_yt' });
    await dialog.waitFor({ state: 'detached' });

    await row(page, 'Vimeo Enterprise').getByRole('button', { name: 'More for Vimeo Enterprise' }).click();
    await page.getByRole('menuitem', { name: 'Replace…' }).click();
    const replace = page.getByRole('dialog', { name: 'Replace Vimeo Enterprise' });
    await replace.getByText('if the new one cannot connect, the old one goes on').waitFor();
    await replace.getByRole('button', { name: /Destination/ }).click();
    await page.getByRole('option', { name: 'YouTube main' }).click();
    await replace.getByRole('button', { name: 'Replace', exact: true }).click();
    expect(await core.called('replaceDestination')).toEqual({
      jobId: 'job-1',
      destinationId: 'adr_vimeo',
      addressId: 'adr_yt',
    });
  });

  it('alone make a job LIVE and Streaming: nothing of it is kept', async () => {
    const job = streaming([at({})]);
    const request =
      job.request.kind === 'room-composite'
        ? { ...job.request, outputs: { ...job.request.outputs, file: null } }
        : job.request;
    core.script.jobs.set({ jobs: [{ ...job, request }] });
    const { page } = await openConsole(browser, core);
    await card(page).getByText('LIVE', { exact: true }).waitFor();
    await card(page).getByRole('button', { name: 'Restream: Streaming. Hold for 1 s to stop.' }).waitFor();
    await page.getByText('Streamed, not recorded').waitFor();
    await page.getByRole('region', { name: 'Coverage' }).getByText('Nothing is recorded').waitFor();
    core.script.jobs.set({ jobs: [{ ...job, request, destinations: [waiting()] }] });
    await card(page).getByRole('button', { name: 'Restream: Reconnecting. Hold for 1 s to stop.' }).waitFor();
  });

  it('are without name and address while the screen is shared', async () => {
    core.script.settings.update((settings) => ({ ...settings, screenShareMode: true }));
    core.script.jobs.set({ jobs: [streaming([at({}), waiting()])] });
    const { page } = await openConsole(browser, core);
    await row(page, 'Destination 2').getByRole('button', { name: 'Retry now: Destination 2' }).waitFor();
    await page.getByRole('button', { name: 'Addresses' }).click();
    await page.getByRole('dialog', { name: 'Address book' }).getByText('Address 1').waitFor();
    const names = [...book.flatMap(({ name, url }) => [name, url]), 'youtube.example'];
    expect(await shownOf(page, names)).toEqual([]);
  });

  it('layout: says whether it can be followed before it is sent', async () => {
    core.script.jobs.set({ jobs: [streaming([at({})])] });
    const { page } = await openConsole(browser, core);
    await card(page).getByRole('button', { name: 'Layout' }).click();
    const dialog = page.getByRole('dialog', { name: 'Layout of Restream' });
    await dialog.getByText('the server takes the change, and the picture stays').waitFor();
    await dialog.getByRole('button', { name: 'Layout' }).click();
    await page.getByRole('option', { name: 'Grid', exact: true }).click();
    await dialog.getByRole('button', { name: 'Send' }).click();
    expect(await core.called('changeLayout')).toEqual({ jobId: 'job-1', layout: 'grid' });
    const job = streaming([at({})]);
    const request = job.request.kind === 'room-composite' ? { ...job.request, templateId: 'adr_own' } : job.request;
    core.script.jobs.set({ jobs: [{ ...job, request, layoutSent: 'stage' }] });
    await dialog.getByText('Its template follows a change of the layout').waitFor();
    await dialog.getByText('Sent: stage.').waitFor();
  });

  it('are kept in the address book: added, changed, copied after a question, removed unless in use', async () => {
    core.script.jobs.set({ jobs: [streaming([at({})])] });
    const { page, errors } = await openConsole(browser, core);
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('address book');
    await page.keyboard.press('Enter');
    const list = page.getByRole('dialog', { name: 'Address book' });
    const entry = (name: string) => list.getByRole('row', { name: new RegExp(`^${name}`) });
    await entry('Vimeo Enterprise').getByText('Restream').waitFor();
    await expect.poll(() => list.getByRole('button', { name: 'Remove Vimeo Enterprise' }).isDisabled()).toBe(true);
    await entry('YouTube backup').getByText('must be entered again').waitFor();
    expect(await axe(page)).toEqual([]);

    await list.getByRole('button', { name: 'New address…' }).click();
    const form = page.getByRole('dialog', { name: 'New address' });
    await form.getByRole('textbox', { name: 'Called' }).fill('Stage');
    await form.getByRole('textbox', { name: 'Address' }).fill('rtmp://host/key');
    core.answer('saveAddress', () => {
      throw refusal('The address of the stream is incomplete.', { advice: 'Write it as rtmp://host/app/key.' });
    });
    await page.keyboard.press('Enter');
    await form.getByRole('alert').getByText('Write it as rtmp://host/app/key.').waitFor();
    core.answer('saveAddress', async () => address('adr_stage', 'Stage'));
    await form.getByRole('textbox', { name: 'Address' }).fill('rtmp://host/app/key');
    await form.getByRole('button', { name: 'Save' }).click();
    await list.waitFor();
    await core.called('saveAddress');
    expect(await core.called('saveAddress')).toEqual({
      name: 'Stage',
      kind: 'rtmp',
      url: 'rtmp://host/app/key',
      followsLayout: false,
      keep: 'stored',
    });

    core.answer('copyAddress', async () => ({ url: 'rtmps://adr_yt.example/live/abc-secret-yt' }));
    await entry('YouTube main').getByRole('button', { name: 'Copy the address of YouTube main' }).click();
    await list.getByText('with its key or password').waitFor();
    expect(core.calls.some(({ name }) => name === 'copyAddress')).toBe(false);
    await list.getByRole('button', { name: 'Copy it' }).click();
    await list.getByText('Copied.').waitFor();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toBe('rtmps://adr_yt.example/live/abc-secret-yt');
    expect(await shownOf(page, ['abc-secret'])).toEqual([]);

    await list.getByRole('button', { name: 'Remove YouTube main' }).click();
    await list.getByRole('button', { name: 'Remove it' }).click();
    expect(await core.called('removeAddress')).toEqual({ addressId: 'adr_yt' });

    await list.getByRole('button', { name: 'Change Vimeo Enterprise' }).click();
    const change = page.getByRole('dialog', { name: 'Change Vimeo Enterprise' });
    await expect.poll(() => change.getByRole('textbox', { name: 'Address' }).isDisabled()).toBe(true);
    await change.getByText('A job that runs uses it').waitFor();
    expect(errors).toEqual([]);
  });
});
