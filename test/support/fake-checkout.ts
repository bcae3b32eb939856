import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** The packages that a fake `npm ci` brings: a build that writes a host, and an Electron that cannot be downloaded. */
const packages: Readonly<Record<string, string>> = {
  'electron-vite/bin/electron-vite.js': `
    const { appendFileSync, cpSync, mkdirSync } = require('node:fs');
    appendFileSync('tried.log', 'build\\n');
    mkdirSync('out/main', { recursive: true });
    cpSync('host.js', 'out/main/headless.js');`,
  'electron/install.js': `
    const { appendFileSync } = require('node:fs');
    appendFileSync('tried.log', 'electron ' + process.pid + '\\n');
    if (process.env.DOWNLOAD_HANGS) setInterval(() => {}, 1000);
    else if (process.env.DOWNLOAD_PARTS) {
      const { mkdirSync, writeFileSync } = require('node:fs');
      let parts = Number(process.env.DOWNLOAD_PARTS);
      setInterval(() => {
        appendFileSync(require('node:os').tmpdir() + '/electron.zip', 'part of it');
        if (--parts > 0) return;
        mkdirSync(__dirname + '/dist');
        writeFileSync(__dirname + '/dist/electron', '');
        writeFileSync(__dirname + '/path.txt', 'electron');
        process.exit(0);
      }, 100);
    } else process.exit(1);`,
};

const host = `
  const end = () => { process.stdout.write('The host has ended.\\n'); process.exit(0); };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
  process.stdout.write('Cuedesk is ready: http://127.0.0.1:9/?token=once\\n');
  setInterval(() => {}, 1000);`;

const programs: Readonly<Record<string, string>> = {
  npm: 'echo "npm $1" >> tried.log\n[ -n "$NPM_FAILS" ] && { echo "npm error network is away"; exit 1; }\ncp -R packages node_modules',
  'xdg-open': 'echo "open $1" >> "$TRIED"',
  'apt-get': 'echo "E: no network"; exit 100',
};

interface Finished {
  readonly code: number | null;
  readonly output: string;
}
interface Running {
  /** Resolves with all that was printed so far, once a line of it holds the text. */
  printed(text: string): Promise<string>;
  interrupt(): void;
  readonly finished: Promise<Finished>;
}

/**
 * The project's scripts in a folder of their own, with a fake npm, build, host, browser and Electron, so that they can be
 * tried without a network. Only what is named in `env` reaches them.
 */
export interface FakeCheckout {
  readonly folder: string;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running;
  /** Runs a line of JavaScript as a module of the folder. */
  evaluate(source: string, env?: Readonly<Record<string, string>>): Promise<Finished>;
  /** What the fake programs were asked for, in order. */
  tried(): string[];
  close(): void;
}

export function fakeCheckout(): FakeCheckout {
  const root = join(import.meta.dirname, '../..');
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-checkout-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.node-version', 'electron.vite.config.ts'])
    cpSync(join(root, name), join(folder, name));
  write('src/page.ts', '// a source\n');
  write('host.js', host);
  write('packages/package.json', '{}'); // CommonJS
  for (const [name, text] of Object.entries(packages)) write(join('packages', name), text);
  for (const [name, text] of Object.entries(programs)) {
    write(join('bin', name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  const own = {
    PATH: [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter),
    HOME: folder,
    CUEDESK_CACHE: join(folder, 'cache'),
    FFMPEG_PATH: process.execPath, // any program: it is only looked for
    TRIED: join(folder, 'tried.log'),
  };
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Running => {
    const child = spawn(process.execPath, args, { cwd: folder, env: { ...own, ...env }, detached: true });
    let output = '';
    let look = (): void => {};
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      look();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const finished = new Promise<Finished>((resolve) => child.once('close', (code) => resolve({ code, output })));
    return {
      finished,
      printed: (text) =>
        new Promise((resolve, reject) => {
          look = () => {
            if (output.includes(text)) resolve(output);
          };
          look();
          void finished.then(() => reject(new Error(`It ended without "${text}":\n${output}`)));
        }),
      // As Ctrl-C does: to every process of the terminal.
      interrupt: () => child.pid !== undefined && process.kill(-child.pid, 'SIGINT'),
    };
  };
  const log = join(folder, 'tried.log');
  return {
    folder,
    start: (args, env) => run(['scripts/start.mjs', ...args], env),
    evaluate: (source, env) => run(['--input-type=module', '-e', source], env).finished,
    tried: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
