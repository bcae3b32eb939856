// A small main program of the parts of src/main that no page shows: run by the launcher, looked at through `parts`.
import { app, BrowserWindow } from 'electron';
import { silentLog } from '../../src/core/live/log.ts';
import { Leaving } from '../../src/main/leaving.ts';
import { openSecretBox } from '../../src/main/secrets.ts';
import { electronServices } from '../../src/main/services.ts';

await app.whenReady();
const secrets = await openSecretBox();
const parts = {
  running: [] as string[],
  closedCount: 0,
  lines: [] as string[],
  secrets,
  services: electronServices({ secrets, log: silentLog }),
};
export type MainParts = typeof parts;
Object.assign(globalThis, { parts });
const leaving = new Leaving({
  icon: '',
  log: silentLog,
  running: () => parts.running,
  close: async () => {
    parts.closedCount++;
  },
});
const win = new BrowserWindow({ show: true });
leaving.watch(win);
await win.loadURL('data:text/html,<title>parts</title>');
