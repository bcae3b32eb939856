import { join } from 'node:path';
import { openConsole } from '../core/console.ts';
import { defaultDataFolder, holdDataFolder } from '../core/data-folder.ts';
import { withDeadline } from '../core/live/deadline.ts';
import { createLog } from '../core/live/log.ts';
import { Scope } from '../core/live/scope.ts';
import { logCrashes, openLogFile, outliveTerminal } from '../core/log-file.ts';
import { servePage } from '../core/page/serve-page.ts';
import { startRehearsal } from '../core/rehearsal-process.ts';
import { parseStartOptions, type StartOptions } from '../core/start-options.ts';
import { ProblemError } from '../shared/model/problem-error.ts';
import { headlessServices } from './host.ts';
import { openPageServer } from './http.ts';
import { openSecretBox, readPassphrase } from './secrets.ts';
import packageFile from '../../package.json' with { type: 'json' };

const help = `Cuedesk in a browser: the console on a loopback address of this computer.

  --port N           port of the address (a free one by default)
  --data DIR         where settings, journal, logs and recordings go
  --server URL       choose this saved server at the start
  --no-rehearsal     start without the built-in rehearsal
  --scene NAME       scene of the rehearsal (town-hall)
  --metrics          serve figures for Prometheus on the loopback address
  --help             this list

Passphrase for stored secrets: CUEDESK_PASSPHRASE or CUEDESK_PASSPHRASE_FILE.`;

const { version } = packageFile;
/** How long everything may take to end after SIGINT or SIGTERM. */
const endLimitMs = 10_000;
/** The built programs and the page lie beside this one. */
const programs = import.meta.dirname;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function run(options: StartOptions, scope: Scope): Promise<void> {
  const dataFolder = options.dataFolder ?? defaultDataFolder();
  scope.use('data folder', holdDataFolder(dataFolder));
  const logFile = scope.use('log', openLogFile(join(dataFolder, 'logs')));
  const log = createLog(logFile.sink);
  logCrashes(log);
  log.info('Cuedesk starts', { host: 'headless', version, node: process.versions.node });

  const secrets = openSecretBox(await readPassphrase(process.env));
  if (secrets.protection === 'plain-file') {
    say('No passphrase is set: stored secrets stay readable in a file that only you may open.');
  }
  const rehearsal = options.hasRehearsal
    ? await startRehearsal(scope, {
        program: join(programs, 'rehearsal.js'),
        scene: options.scene,
        filesFolder: join(dataFolder, 'rehearsal'),
        log,
        onProblem: ({ text }) => say(`${text} Cuedesk starts without it; the log has the details.`),
      })
    : null;
  const pages = scope.use(
    'pages',
    await openPageServer({
      root: join(programs, '../renderer'),
      port: options.port,
      log,
      onTokenUsed: (nextUrl) => say(`A browser has been let in. For another one: ${nextUrl}`),
    }),
  );
  const core = scope.use(
    'console',
    await openConsole({
      dataFolder,
      programs: { rtcChild: join(programs, 'rtc-child.js') },
      host: headlessServices({ version, secrets, log }),
      rehearsal,
      allowedOrigins: pages.origins,
      serverUrl: options.serverUrl,
      hasMetrics: options.hasMetrics,
      log,
    }),
  );
  pages.onPort((port) => servePage(port, core.handlers, log));
  if (core.metricsUrl) say(`Metrics: ${core.metricsUrl}`);
  say(`Cuedesk is ready: ${pages.issueUrl()}`);
}

async function main(): Promise<void> {
  outliveTerminal();
  const options = parseStartOptions(process.argv.slice(2));
  if (options.wantsHelp) return say(help);
  const scope = new Scope('headless host', {
    onError: (error, name) => process.stderr.write(`${name} did not end well: ${sentence(error)}\n`),
  });
  const end = async (): Promise<void> => {
    const isInTime = await withDeadline('Ending', endLimitMs, undefined, () => scope.close()).then(
      () => true,
      () => false, // what hangs ends with the process
    );
    process.exit(isInTime ? (process.exitCode ?? 0) : 1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void end());
  try {
    await run(options, scope);
  } catch (error) {
    if (scope.isClosing) return; // it was told to end while it started
    process.exitCode = 1;
    process.stderr.write(`${sentence(error)}\n`);
    await end();
  }
}

function sentence(error: unknown): string {
  if (error instanceof ProblemError) return [error.message, error.problem.advice].filter(Boolean).join(' ');
  return error instanceof Error ? error.message : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`${sentence(error)}\n`);
  process.exitCode = 1;
});
