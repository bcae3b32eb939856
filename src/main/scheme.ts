import { protocol } from 'electron';
import { pageFile } from '../core/page/page-files.ts';
import { scheme } from './page-address.ts';

/** Must run before `ready`, and so before any await. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page under app://cuedesk/, with the same headers as the headless host. */
export function handleScheme(root: string): void {
  protocol.handle(scheme, async (request) => {
    const url = new URL(request.url);
    const file = await pageFile(root, url.host === 'cuedesk' ? url.pathname : '');
    return new Response(file.body, { status: file.status, headers: { ...file.headers } });
  });
}
