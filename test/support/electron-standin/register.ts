// `import 'electron'` resolves to a synthetic module with every name that Electron's main process has; a name without a
// stand-in throws when it is used.
import { registerHooks } from 'node:module';
import * as provided from './electron.ts';
import { takeOrders } from './orders.ts';

const names = (
  'app autoUpdater BaseWindow BrowserWindow clipboard contentTracing crashReporter desktopCapturer dialog ' +
  'globalShortcut ipcMain Menu MenuItem MessageChannelMain nativeImage nativeTheme net netLog Notification ' +
  'powerMonitor powerSaveBlocker protocol safeStorage screen session shell systemPreferences Tray utilityProcess ' +
  'View webContents WebContentsView webFrameMain'
).split(' ');

function missing(name: string): unknown {
  const fail = (what: string): never => {
    throw new Error(`electron stand-in: ${what} is not provided`);
  };
  return new Proxy(function () {}, {
    get: (_target, key) => (typeof key === 'symbol' || key === 'then' ? undefined : fail(`${name}.${key}`)),
    construct: () => fail(`new ${name}`),
  });
}

const electron = Object.fromEntries(
  names.map((name) => [name, (provided as Record<string, unknown>)[name] ?? missing(name)]),
);
Object.assign(globalThis, { electronStandin: electron });
Object.defineProperty(process.versions, 'electron', { value: 'stand-in', enumerable: true });

const source = `const all = globalThis.electronStandin; export default all; export const { ${names.join(', ')} } = all;`;
registerHooks({
  resolve: (specifier, context, next) =>
    /^electron(\/(main|common))?$/.test(specifier)
      ? { url: 'standin:electron', format: 'module', shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url === 'standin:electron' ? { format: 'module', source, shortCircuit: true } : next(url, context),
});
takeOrders(electron);
