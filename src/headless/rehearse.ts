import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openConsole } from '../core/console.ts';
import { createLog } from '../core/live/log.ts';
import { Scope } from '../core/live/scope.ts';
import { openLogFile } from '../core/log-file.ts';
import { servePage } from '../core/page/serve-page.ts';
import { openRehearsal } from '../core/rehearsal-process.ts';
import { contract } from '../shared/contract/index.ts';
import { connect } from '../shared/rpc/connect.ts';
import { memoryPortPair } from '../shared/rpc/memory-port.ts';
import { headlessServices } from './host.ts';
import { RehearsalControl } from './rehearse/control.ts';
import { runMainJob } from './rehearse/main-job.ts';
import { help, parseRehearseOptions, type RehearseOptions } from './rehearse/options.ts';
import { textOf, type Summary } from './rehearse/summary.ts';
import { openSecretBox } from './secrets.ts';
import packageFile from '../../package.json' with { type: 'json' };

const programs = import.meta.dirname;
/** Six speakers by track-socket take six sessions, and the recording one. */
const egressLimit = 8;

async function rehearse(options: RehearseOptions, scope: Scope, say: (line: string) => void): Promise<Summary> {
  mkdirSync(options.out, { recursive: true });
  const logFile = scope.use('log', openLogFile(join(options.out, 'logs')));
  const log = createLog(logFile.sink);
  say('Starting the rehearsal.');
  const rehearsal = scope.use(
    'rehearsal',
    await openRehearsal({
      program: join(programs, 'rehearsal.js'),
      scene: options.scene,
      filesFolder: options.out,
      egressLimit,
      log,
    }),
  );
  const core = scope.use(
    'console',
    await openConsole({
      dataFolder: join(options.out, 'data'),
      recordingsFolder: options.out,
      programs: { rtcChild: join(programs, 'rtc-child.js') },
      host: headlessServices({ version: packageFile.version, secrets: openSecretBox(null), log }),
      rehearsal: rehearsal.connection,
      allowedOrigins: [],
      serverUrl: null,
      log,
    }),
  );
  const [near, far] = memoryPortPair();
  scope.add('port', () => near.close());
  servePage(far, core.handlers, log);
  return runMainJob(connect(near, contract), new RehearsalControl(rehearsal.connection.control), options, say);
}

async function main(): Promise<void> {
  const options = parseRehearseOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(`${help}\n`);
    return;
  }
  const scope = new Scope('rehearse', {
    onError: (error, name) => process.stderr.write(`${name}: ${String(error)}\n`),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void scope.close().then(() => process.exit(130)));
  const say = (line: string): void => void (options.isJson || process.stdout.write(`${line}\n`));
  try {
    const summary = await rehearse(options, scope, say);
    const text = JSON.stringify(summary, null, 2);
    writeFileSync(join(options.out, 'summary.json'), `${text}\n`);
    process.stdout.write(`${options.isJson ? text : textOf(summary)}\n`);
    process.exitCode = summary.isRight ? 0 : 1;
  } finally {
    await scope.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
