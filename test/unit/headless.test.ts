import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holdDataFolder } from '../../src/core/data-folder.ts';
import { createLog, silentLog } from '../../src/core/live/log.ts';
import { openLogFile } from '../../src/core/log-file.ts';
import { Scope } from '../../src/core/live/scope.ts';
import { openRehearsal, startRehearsal } from '../../src/core/rehearsal-process.ts';
import { parseStartOptions } from '../../src/core/start-options.ts';
import { headlessServices } from '../../src/headless/host.ts';
import { openSecretBox, readPassphrase } from '../../src/headless/secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-host-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('secrets of the headless host', () => {
  it('are sealed under a passphrase, and opened by no other', async () => {
    const box = openSecretBox('correct horse');
    expect(box.protection).toBe('passphrase');
    const [one, two] = [await box.seal('API-secret ü'), await box.seal('API-secret ü')];
    expect(Buffer.from(one).includes('secret')).toBe(false);
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(false);
    expect(await openSecretBox('correct horse').unseal(two)).toBe('API-secret ü');
    await expect(openSecretBox('wrong').unseal(one)).rejects.toMatchObject({ code: 'secret-unreadable' });
    await expect(openSecretBox(null).unseal(one)).rejects.toMatchObject({ code: 'secret-unreadable' });
    const changed = Buffer.from(one);
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
    await expect(box.unseal(changed)).rejects.toMatchObject({ code: 'secret-unreadable' });
    for (const junk of [Buffer.alloc(0), Buffer.from('CDS1'), Buffer.from('what is this')]) {
      await expect(box.unseal(junk)).rejects.toMatchObject({ code: 'secret-unreadable' });
    }
  });

  it('without a passphrase lie in clear, say so, and are still opened once there is one', async () => {
    const box = openSecretBox(null);
    expect(box.protection).toBe('plain-file');
    const sealed = await box.seal('hunter2');
    expect(await box.unseal(sealed)).toBe('hunter2');
    expect(await openSecretBox('later').unseal(sealed)).toBe('hunter2');
  });

  it('take the passphrase from the environment or from a file', async () => {
    const path = join(folder, 'passphrase');
    writeFileSync(path, 'from the file\nrest');
    expect(await readPassphrase({})).toBeNull();
    expect(await readPassphrase({ CUEDESK_PASSPHRASE: 'given' })).toBe('given');
    expect(await readPassphrase({ CUEDESK_PASSPHRASE_FILE: path })).toBe('from the file');
    await expect(readPassphrase({ CUEDESK_PASSPHRASE_FILE: join(folder, 'none') })).rejects.toMatchObject({
      code: 'passphrase',
    });
    writeFileSync(path, '\n');
    await expect(readPassphrase({ CUEDESK_PASSPHRASE_FILE: path })).rejects.toMatchObject({ code: 'passphrase' });
  });
});

it('reads the command line, and says what is wrong with it', () => {
  const plain = {
    dataFolder: null,
    port: 0,
    serverUrl: null,
    scene: 'town-hall',
    hasRehearsal: true,
    hasMetrics: false,
    wantsHelp: false,
  };
  expect(parseStartOptions([])).toEqual(plain);
  const all = ['--data', '/d', '--port=80', '--server', 'wss://x', '--scene', 's', '--no-rehearsal', '--no-open', '-h'];
  expect(parseStartOptions(all)).toEqual({
    dataFolder: '/d',
    port: 80,
    serverUrl: 'wss://x',
    scene: 's',
    hasRehearsal: false,
    hasMetrics: false,
    wantsHelp: true,
  });
  expect(() => parseStartOptions(['--prot', '80'])).toThrow('"--prot" is no option of Cuedesk');
  expect(() => parseStartOptions(['town-hall'])).toThrow('"town-hall" is no option of Cuedesk');
  expect(() => parseStartOptions(['--data'])).toThrow('--data needs a value');
  for (const port of ['-1', 'x', '65536', '1.5'])
    expect(() => parseStartOptions([`--port=${port}`])).toThrow('--port takes');
  expect(parseStartOptions(['.', '--inspect=0', '--data=/d', '--no-sandbox'], 'lenient')).toEqual({
    ...plain,
    dataFolder: '/d',
  });
});

it('holds a data folder for one console alone, and gives it back', async () => {
  const path = join(folder, 'data');
  const hold = holdDataFolder(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(() => holdDataFolder(path)).toThrow(`Another Cuedesk is using ${path}.`);
  await hold.close();
  await hold.close();
  await holdDataFolder(path).close();
});

it('says of a folder that cannot be used what it is, and not that another console holds it', () => {
  const path = join(folder, 'file');
  writeFileSync(path, '');
  for (const place of [path, join(path, 'below')]) {
    expect(() => holdDataFolder(place)).toThrow(`Nothing can be kept in ${place}.`);
  }
  mkdirSync(join(folder, 'taken/lock.db'), { recursive: true }); // SQLite cannot open it
  expect(() => holdDataFolder(join(folder, 'taken'))).toThrow('Nothing can be kept in');
});

it.skipIf(process.platform !== 'linux')('says so too where Node by itself would try for ever', () => {
  // In a process of its own: what never comes back would take this one with it.
  const program = `
    import { holdDataFolder } from ${JSON.stringify(pathToFileURL(resolve('src/core/data-folder.ts')).href)};
    try { holdDataFolder('/proc/cuedesk/data'); } catch (error) { console.log(error.message); }`;
  const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(signal).toBeNull();
  expect(stdout).toMatch(/^Nothing can be kept in \/proc\/cuedesk\/data\. /);
});

it('keeps a log of bounded size, for its owner alone', async () => {
  const file = openLogFile(join(folder, 'logs'), { maxBytes: 1_000, keptFiles: 2 });
  const log = createLog(file.sink);
  for (let line = 0; line < 60; line++) log.info('A line of the log', { line });
  await file.close();
  const names = readdirSync(file.folder).sort();
  expect(names).toEqual(['cuedesk.1.log', 'cuedesk.2.log', 'cuedesk.log']);
  for (const name of names) expect(statSync(join(file.folder, name)).size).toBeLessThanOrEqual(1_000);
  const last = readFileSync(join(file.folder, 'cuedesk.log'), 'utf8').trim().split('\n').at(-1);
  expect(JSON.parse(last ?? '')).toMatchObject({ message: 'A line of the log', line: 59 });
  expect(statSync(join(file.folder, 'cuedesk.log')).mode & 0o777).toBe(0o600);
});

it.skipIf(process.platform !== 'linux')('goes on with the log when a full disk has room again', async () => {
  const path = join(folder, 'cuedesk.log');
  symlinkSync('/dev/full', path);
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const file = openLogFile(folder, { tryAgainAfterMs: 0 });
  const log = createLog(file.sink);
  log.info('A line for the full disk');
  await expect.poll(() => said.mock.calls.join()).toContain('The log cannot be written: ENOSPC');
  rmSync(path);
  log.info('A line for the disk with room');
  await file.close();
  said.mockRestore();
  expect(readFileSync(path, 'utf8')).toContain('A line for the disk with room');
});

it('keeps in the log what a process died of', async () => {
  const program = join(import.meta.dirname, '../programs/crash.ts');
  const child = spawn(process.execPath, [program, folder], { stdio: 'ignore' });
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(JSON.parse(readFileSync(join(folder, 'cuedesk.log'), 'utf8'))).toMatchObject({
    level: 'error',
    error: 'nobody caught this',
  });
});

describe('the rehearsal as a child', () => {
  const program = (text: string): string => {
    const path = join(folder, 'program.mjs');
    writeFileSync(path, text);
    return path;
  };
  const options = (path: string) => ({ program: path, scene: 'town-hall', filesFolder: folder, log: silentLog });
  const connection = {
    scene: 'town-hall',
    livekit: { url: 'ws://127.0.0.1:1', apiKey: 'key', apiSecret: 'secret' },
    gladia: { url: 'http://127.0.0.1:2', key: 'k' },
    control: { url: 'http://127.0.0.1:3', token: 't' },
    roomChild: null,
  };
  const ready = `console.log(JSON.stringify({ ready: true, ...${JSON.stringify(connection)}, args: process.argv.slice(2) }));`;

  it('gives its addresses, and ends when its stdin does', async () => {
    const lines: string[] = [];
    const log = createLog((line) => lines.push(line), { level: 'debug' });
    const path = program(`${ready} console.log('more'); process.stdin.resume();`);
    const child = await openRehearsal({ ...options(path), log });
    expect(child.connection).toEqual(connection);
    await child.close();
    expect(await child.exited).toMatchObject({ code: 0, wasAsked: true, wasKilled: false });
    expect(lines.join()).not.toContain('apiSecret');
  });

  it('does not outlive a console that is killed', async () => {
    const last = join(folder, 'last-word'); // its number alone says little: a dead process may wait to be reaped
    const onExit = `process.on('exit', () => fs.writeFileSync(${JSON.stringify(last)}, 'ended'));`;
    const path = program(`import fs from 'node:fs'; ${onExit} ${ready} process.stdin.resume();`);
    const owner = spawn(process.execPath, [join(import.meta.dirname, '../programs/rehearsal-owner.ts'), path, folder]);
    await once(owner.stdout, 'data');
    expect(existsSync(last)).toBe(false);
    owner.kill('SIGKILL');
    await expect.poll(() => existsSync(last)).toBe(true);
  });

  it('that cannot start is told, and nothing more fails', async () => {
    const problems: string[] = [];
    await using scope = new Scope('test');
    const onProblem = ({ code }: { code: string }): void => void problems.push(code);
    const none = await startRehearsal(scope, { ...options(program('process.exit(1)')), onProblem });
    expect([none, problems]).toEqual([null, ['rehearsal-not-ready']]);
    const given = await startRehearsal(scope, { ...options(program(`${ready} process.stdin.resume();`)), onProblem });
    expect(given).toEqual(connection);
  });

  it.each([
    ['ends', 'process.exit(3)', 'The rehearsal ended before it was ready.'],
    [
      'says something else',
      "console.log('hello'); process.stdin.resume()",
      'The rehearsal said something else than its addresses.',
    ],
    ['says nothing', 'process.stdin.resume()', 'The rehearsal was not ready after 0.3 s.'],
  ])('that %s is refused with a sentence, and nothing of it is left', async (_what, text, sentence) => {
    const path = program(text);
    await expect(
      openRehearsal({ ...options(path), readyMs: text.includes('exit') || text.includes('hello') ? 60_000 : 300 }),
    ).rejects.toMatchObject({ problem: { code: 'rehearsal-not-ready', text: sentence } });
  });
});

it('forks a Node program with its environment but not the passphrase, and ends it', async () => {
  const path = join(folder, 'child.mjs');
  writeFileSync(path, 'console.log(process.env.A, process.env.CUEDESK_PASSPHRASE); setInterval(() => {}, 1000);');
  process.env['CUEDESK_PASSPHRASE'] = 'hunter2';
  try {
    const services = headlessServices({ version: '1', secrets: openSecretBox(null), log: silentLog });
    const lines: string[] = [];
    const child = services.forkNode(path, { env: { A: 'given' }, graceMs: 2_000, onLine: (line) => lines.push(line) });
    await expect.poll(() => lines).toEqual(['given undefined']);
    await child.close();
    expect(await child.exited).toEqual({ code: null });
  } finally {
    delete process.env['CUEDESK_PASSPHRASE'];
  }
});
