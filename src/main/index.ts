import { app, dialog, type BrowserWindow } from 'electron';
import { join } from 'node:path';
import { openConsole } from '../core/console.ts';
import { defaultDataFolder, holdDataFolder } from '../core/data-folder.ts';
import { createLog } from '../core/live/log.ts';
import { Scope } from '../core/live/scope.ts';
import { logCrashes, openLogFile, outliveTerminal } from '../core/log-file.ts';
import { servePage } from '../core/page/serve-page.ts';
import { startRehearsal } from '../core/rehearsal-process.ts';
import { parseStartOptions } from '../core/start-options.ts';
import { problemOf } from '../shared/model/problem-error.ts';
import { Leaving } from './leaving.ts';
import { setMenu } from './menu.ts';
import { pageOrigins, pageRoot } from './page-address.ts';
import { serveWindowPorts } from './ports.ts';
import { handleScheme, registerScheme } from './scheme.ts';
import { openSecretBox } from './secrets.ts';
import { electronServices } from './services.ts';
import { denyPermissions, openWindow } from './window.ts';

const programs = import.meta.dirname;
const resources = join(programs, '../../resources');
const icon = join(resources, 'icon.png');

outliveTerminal();
registerScheme(); // before any await: afterwards Electron may already be ready
const options = parseStartOptions(process.argv.slice(1), 'lenient');
const dataFolder = options.dataFolder ?? defaultDataFolder();
// A console on a folder of its own has a window state and a single-instance lock of its own.
if (options.dataFolder) app.setPath('userData', join(dataFolder, 'window'));

if (app.requestSingleInstanceLock()) void app.whenReady().then(start).catch(failed);
else app.quit();

async function start(): Promise<void> {
  const scope = new Scope('electron host', {
    onError: (error, name) => process.stderr.write(`${name} did not end well: ${String(error)}\n`),
  });
  scope.use('data folder', holdDataFolder(dataFolder));
  const logFile = scope.use('log', openLogFile(join(dataFolder, 'logs')));
  const log = createLog(logFile.sink);
  logCrashes(log);
  const versions = { electron: process.versions['electron'], node: process.versions.node };
  log.info('Cuedesk starts', { host: 'electron', version: app.getVersion(), ...versions });
  let running = (): readonly string[] => [];
  const leaving = new Leaving({
    icon: join(resources, 'tray.png'),
    log,
    running: () => running(),
    close: () => scope.close(),
  });

  denyPermissions(pageRoot);
  setMenu();
  handleScheme(join(programs, '../renderer'));
  const host = electronServices({ secrets: await openSecretBox(), log });
  const rehearsal = options.hasRehearsal
    ? await startRehearsal(scope, {
        program: join(programs, 'rehearsal.js'),
        scene: options.scene,
        filesFolder: join(dataFolder, 'rehearsal'),
        env: { ELECTRON_RUN_AS_NODE: '1' },
        log,
        onProblem: ({ text }) =>
          host.notify('Cuedesk starts without the rehearsal', `${text} The log has the details.`),
      })
    : null;
  const core = scope.use(
    'console',
    await openConsole({
      dataFolder,
      programs: { rtcChild: join(programs, 'rtc-child.js') },
      host,
      rehearsal,
      allowedOrigins: pageOrigins(),
      serverUrl: options.serverUrl,
      hasMetrics: options.hasMetrics,
      log,
    }),
  );
  running = () => core.running();

  let win: BrowserWindow | null = null;
  const show = async (): Promise<void> => {
    if (win && !win.isDestroyed()) {
      if (win.isMinimized()) win.restore();
      win.show();
      win.focus();
      return;
    }
    win = await openWindow({
      pageRoot,
      icon,
      log,
      onCreated: (created) => {
        leaving.watch(created);
        serveWindowPorts(created, { pageRoot, log, onPort: (port) => servePage(port, core.handlers, log) });
      },
    });
  };
  const showAgain = (): void => void show().catch((error: unknown) => log.error('The window did not open', {}, error));
  app.on('second-instance', showAgain);
  app.on('activate', showAgain);
  await show();
}

function failed(error: unknown): void {
  const problem = problemOf(error);
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  dialog.showErrorBox('Cuedesk cannot start', [problem.text, problem.advice].filter(Boolean).join('\n\n'));
  app.exit(1);
}
