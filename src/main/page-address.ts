import { app } from 'electron';

/** The page is served by a scheme of our own, so that it is no file and no web site. */
export const scheme = 'app';
const ownRoot = `${scheme}://cuedesk/`;

/** Where the page comes from: `electron-vite dev` names its server in the environment, which a packaged app does not heed. */
export const pageRoot: string = devRoot() ?? ownRoot;

/** Origins from which the page may dial the media plane. */
export function pageOrigins(): readonly string[] {
  const further = app.isPackaged ? '' : (process.env['CUEDESK_PAGE_ORIGINS'] ?? '');
  return [pageRoot.replace(/\/$/, ''), ...further.split(',').filter((origin) => origin !== '')];
}

function devRoot(): string | null {
  const url = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];
  return url === undefined ? null : new URL('/', url).href;
}
