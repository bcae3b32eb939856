// npm start: installs what is missing and opens the console, in Electron's window or in a browser.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { ensureElectron } from './lib/electron.mjs';
import { hasDisplay, root } from './lib/paths.mjs';
import { ensureFfmpeg } from './lib/programs.mjs';
import { main, say, SetupError } from './lib/step.mjs';
import { ensureBuild, ensureNode, ensurePackages, productEnv } from './setup.mjs';

const help = `Cuedesk: the console for recordings, streams and captions of LiveKit rooms.

npm start [-- options]
  --browser          open in the browser even where Electron's window is there
  --no-open          print the address and open nothing
  --port N           port of the address (browser only; a free one by default)
  --data DIR         where settings, journal, logs and recordings go
  --server URL       choose this saved server at the start
  --no-rehearsal     start without the built-in rehearsal
  --scene NAME       scene of the rehearsal (town-hall)
  --metrics          serve figures for Prometheus on the loopback address
  --help             this list

Passphrase for stored secrets in the browser: CUEDESK_PASSPHRASE or CUEDESK_PASSPHRASE_FILE.`;

/** The help is the list of options: what it does not name is refused before anything is installed. */
const options = Object.fromEntries(
  [...help.matchAll(/^ {2}--([a-z-]+) ([A-Z]*)/gm)].map(([, name, value]) => [
    name,
    { type: value ? 'string' : 'boolean' },
  ]),
);

function parseOptions(args) {
  const { values, tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    const word = token.kind === 'option' ? token.rawName : token.value;
    if (token.kind !== 'option' || !Object.hasOwn(options, token.name))
      throw new SetupError(`"${word}" is no option of Cuedesk; "npm start -- --help" lists them.`);
    if (options[token.name].type === 'string' && !token.value) throw new SetupError(`${word} needs a value.`);
  }
  return values;
}

function openBrowser(url) {
  const [file, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', url]]
        : ['xdg-open', [url]];
  const child = spawn(file, args, { stdio: 'ignore', detached: true });
  const fail = () => say('No browser could be opened: open the address yourself.');
  child.once('error', fail);
  child.once('exit', (code) => {
    if (code) fail();
  });
  child.unref();
}

/** Runs a host until it ends; the ends of ours and of its are one. */
function runHost(file, args, env, onLine) {
  const child = spawn(file, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', onLine);
  let isTold = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      isTold = true;
      child.kill('SIGTERM');
    });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(1);
    });
    child.once('close', (code) => resolve(code ?? (isTold ? 0 : 1)));
  });
}

await main(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    say(help);
    return 0;
  }
  const values = parseOptions(args);
  say('Cuedesk is getting ready.');
  await ensurePackages();
  const node = ensureNode();
  await ensureBuild();
  const ffmpeg = await ensureFfmpeg();
  if (ffmpeg.missing)
    say(`Without ffmpeg, recordings of the rehearsal and checks of files do not work. ${ffmpeg.missing}`);
  const wantsBrowser = values.browser || values['no-open'] || values.port !== undefined;
  const electron = wantsBrowser ? { why: 'asked for' } : await ensureElectron(node);
  const env = { ...productEnv(node), ...(ffmpeg.path ? { FFMPEG_PATH: ffmpeg.path } : {}) };
  if (electron.path) {
    say("Opening Electron's window: its binary is here.");
    return runHost(electron.path, [root, ...args], env, say);
  }
  const opens = !values['no-open'] && hasDisplay();
  say(`Opening in the ${opens ? 'default browser' : 'browser, by the address below'}: ${electron.why}.`);
  return runHost(
    node,
    [join(root, 'out/main/headless.js'), ...args.filter((arg) => arg !== '--browser')],
    env,
    (line) => {
      say(line);
      const url = /^Cuedesk is ready: (http\S+)/.exec(line)?.[1];
      if (url && opens) openBrowser(url);
    },
  );
});
