import { EventEmitter } from 'node:events';
import type { CDPSession } from 'playwright-core';

type CheckHandler = (contents: null, permission: string, origin: string) => boolean;
let check: CheckHandler = () => true; // as in Electron: without a handler everything is granted

export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    setPermissionRequestHandler(): void {},
    setPermissionCheckHandler: (handler: CheckHandler) => void (check = handler),
    setDevicePermissionHandler(): void {},
  }),
};

/** Those of Chromium's permissions that this stand-in sets as main's handler says; Chromium refuses the others by itself. */
const names = ['loopback-network', 'local-network', 'local-network-access', 'geolocation', 'notifications'];

/** Asks main's handler what the page at `electronOrigin` may, and tells Chromium, which knows it as `chromiumOrigin`. */
export async function setPermissions(cdp: CDPSession, electronOrigin: string, chromiumOrigin: string): Promise<void> {
  for (const name of names) {
    const setting = check(null, name, electronOrigin) ? 'granted' : 'denied';
    // Chromium renames permissions now and then: one that it does not know it does not ask for either.
    await cdp.send('Browser.setPermission', { permission: { name }, setting, origin: chromiumOrigin }).catch(() => {});
  }
}
