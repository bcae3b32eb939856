// npm start in a fake checkout: what it installs, what it does not do twice, what it says. No network is asked.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseStartOptions } from '../../src/core/start-options.ts';
import { fakeCheckout, type FakeCheckout } from '../support/fake-checkout.ts';

describe.skipIf(process.platform === 'win32')('npm start', () => {
  let checkout: FakeCheckout;
  beforeEach(() => {
    checkout = fakeCheckout();
  });
  afterEach(() => checkout.close());

  async function startAndEnd(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string> {
    const running = checkout.start(args, env);
    await running.printed('Cuedesk is ready');
    running.interrupt();
    const { code, output } = await running.finished;
    expect(code).toBe(0);
    return output;
  }

  it('lists options, every one of which the console knows, and installs nothing for it', async () => {
    const { code, output } = await checkout.start(['--help']).finished;
    expect(code).toBe(0);
    const names = [...output.matchAll(/^ {2}(--[a-z-]+) ([A-Z]*)/gm)].filter((match) => match[1] !== '--browser');
    expect(names.length).toBeGreaterThan(6);
    for (const [, name, value] of names) {
      const given = { N: '1', '': '' }[value ?? ''] ?? 'x';
      expect(() => parseStartOptions(given ? [String(name), given] : [String(name)])).not.toThrow();
    }
    expect(checkout.tried()).toEqual([]);
  });

  it.each([
    [['--colour'], '"--colour" is no option of Cuedesk'],
    [['7000'], '"7000" is no option of Cuedesk'],
    [['--port'], '--port needs a value.'],
    [['--data='], '--data needs a value.'],
  ])('says of %j: %s, before anything is installed', async (args, sentence) => {
    const { code, output } = await checkout.start(args).finished;
    expect(code).toBe(1);
    expect(output).toContain(sentence);
    expect(output).not.toContain('    at '); // no stack
    expect(checkout.tried()).toEqual([]);
  });

  it('names each step, does none twice, builds again after a change, and ends with its host at Ctrl-C', async () => {
    const first = await startAndEnd(['--no-open']);
    const lines = [
      'Cuedesk is getting ready.',
      'Installing packages',
      'Building',
      'Opening in the browser',
      'is ready',
    ];
    expect(lines.map((line) => first.indexOf(line))).toEqual(
      lines.map((line) => first.indexOf(line)).toSorted((a, b) => a - b),
    );
    for (const line of lines) expect(first).toContain(line);
    expect(first).toContain('The host has ended.');
    expect(checkout.tried()).toEqual(['npm ci', 'build']);

    await startAndEnd(['--no-open']);
    expect(checkout.tried()).toEqual(['npm ci', 'build']);

    writeFileSync(join(checkout.folder, 'src/page.ts'), '// another source\n');
    await startAndEnd(['--no-open']);
    expect(checkout.tried()).toEqual(['npm ci', 'build', 'build']);

    writeFileSync(join(checkout.folder, 'package-lock.json'), '{}');
    await startAndEnd(['--no-open']);
    expect(checkout.tried()).toEqual(['npm ci', 'build', 'build', 'npm ci', 'build']);
  });

  it('says why packages could not be installed, and tries again at the next start', async () => {
    const { code, output } = await checkout.start(['--no-open'], { NPM_FAILS: '1' }).finished;
    expect(code).toBe(1);
    expect(output).toContain('npm ci failed:\n  npm error network is away');
    await startAndEnd(['--no-open']);
    expect(checkout.tried()).toEqual(['npm ci', 'npm ci', 'build']);
  });

  it('opens the default browser where there is a display and no Electron', async () => {
    const running = checkout.start([], { DISPLAY: ':99' });
    const output = await running.printed('Cuedesk is ready');
    expect(output).toContain("Opening in the default browser: Electron's binary could not be downloaded.");
    await expect.poll(() => checkout.tried().at(-1)).toBe('open http://127.0.0.1:9/?token=once');
    running.interrupt();
    await running.finished;
  });

  it('goes on without ffmpeg, and says what that means', async () => {
    const output = await startAndEnd(['--no-open'], { FFMPEG_PATH: '/nowhere/ffmpeg' });
    expect(output).toMatch(/Without ffmpeg, .*\. FFMPEG_PATH names \/nowhere\/ffmpeg, and no program is there\./);
  });
});

it.skipIf(process.platform === 'win32').each([
  ['azurite', './scripts/lib/azurite.mjs', 'ensureAzurite'],
  ['livekit-server', './scripts/livekit.mjs', 'installLivekit'],
])('says that %s is missing where no cache can be written', async (name, file, install) => {
  const checkout = fakeCheckout();
  const source = `import { ${install} } from '${file}'; console.log((await ${install}()).missing);`;
  const nowhere = { CUEDESK_CACHE: '/dev/null/cache', LIVEKIT_SERVER: '/nowhere' };
  const { code, output } = await checkout.evaluate(source, nowhere);
  checkout.close();
  expect(code).toBe(0);
  expect(output).toContain(`${name} could not be installed`);
});

describe.skipIf(process.platform === 'win32')("Electron's binary", () => {
  let checkout: FakeCheckout;
  beforeEach(async () => {
    checkout = fakeCheckout();
    await checkout.evaluate("import { ensurePackages } from './scripts/setup.mjs'; await ensurePackages();");
  });
  afterEach(() => checkout.close());

  const ensure = (limitMs: number, env: Readonly<Record<string, string>>) =>
    checkout.evaluate(
      `import { ensureElectron } from './scripts/lib/electron.mjs'; console.log(JSON.stringify(await ensureElectron(process.execPath, ${limitMs})));`,
      env,
    );
  const stamp = (): string => join(checkout.folder, 'cache/electron-download-tried');
  const tries = (): number => checkout.tried().filter((line) => line.startsWith('electron')).length;

  it('is not asked for where there is no display', async () => {
    expect((await ensure(60_000, {})).output).toContain('this computer has no display');
    expect(tries()).toBe(0);
  });

  it('that could not be downloaded is not tried again for a day', async () => {
    const env = { DISPLAY: ':99' };
    expect((await ensure(60_000, env)).output).toContain('could not be downloaded"');
    expect((await ensure(60_000, env)).output).toContain('less than a day ago');
    expect(tries()).toBe(1);
    writeFileSync(stamp(), String(Date.now() - 25 * 3_600_000));
    await ensure(60_000, env);
    expect(tries()).toBe(2);
  });

  it('is tried again at each start where no cache can be written, and that is no reason not to start', async () => {
    const { code, output } = await ensure(60_000, { DISPLAY: ':99', CUEDESK_CACHE: '/dev/null/cache' });
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('could not be downloaded"') });
  });

  it('is waited for as long as something of it arrives', async () => {
    // Longer in all than it may bring nothing; for a busy machine, whose parts come late, with more of both.
    let output = '';
    for (let limitMs = 600; !output.includes('dist/electron"') && limitMs < 20_000; limitMs *= 3) {
      rmSync(stamp(), { force: true });
      ({ output } = await ensure(limitMs, { DISPLAY: ':99', DOWNLOAD_PARTS: String(limitMs / 50) }));
    }
    expect(output).toContain('node_modules/electron/dist/electron"');
    expect(existsSync(join(checkout.folder, 'node_modules/.cuedesk-electron'))).toBe(false);
  });

  it('whose download gets nowhere is given up, and its program ended', async () => {
    // A busy machine may not even have begun the download by then: more time, until it has.
    for (let limitMs = 600; tries() === 0; limitMs *= 3) {
      rmSync(stamp(), { force: true });
      const { output } = await ensure(limitMs, { DISPLAY: ':99', DOWNLOAD_HANGS: '1' });
      expect(output).toContain("Electron's binary could not be downloaded");
    }
    const pid = Number(checkout.tried().at(-1)?.split(' ')[1]);
    expect(pid).toBeGreaterThan(0);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
