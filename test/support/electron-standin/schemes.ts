import type { Request as PageRequest, Route } from 'playwright-core';

type Handler = (request: {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
}) => Promise<Response>;
const handlers = new Map<string, Handler>();
let isTooLate = false;

/** Called once Electron would be ready. */
export const closeRegistration = (): void => void (isTooLate = true);

export const protocol = {
  registerSchemesAsPrivileged(): void {
    if (isTooLate) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
  },
  handle: (scheme: string, handler: Handler): void => void handlers.set(scheme, handler),
};

// Chromium knows no app://host/x; it is served as http://host.app.standin.localhost/x, which is a secure context.
const ownHost = /^http:\/\/([^/]+)\.([a-z][\w+-]*)\.standin\.localhost/;
const known = new Set(['http:', 'https:', 'file:', 'data:', 'about:', 'blob:']);

/** From the address that main gives to the one that Chromium opens. */
export function toChromium(url: string): string {
  const match = /^([a-z][\w+.-]*:)\/\/([^/?#]*)(.*)$/i.exec(url);
  if (!match || known.has(match[1] ?? '')) return url;
  return `http://${match[2]}.${match[1]?.slice(0, -1)}.standin.localhost${match[3] || '/'}`;
}
/** And back. */
export const fromChromium = (url: string): string => url.replace(ownHost, '$2://$1');

export const isOwnAddress = (url: string): boolean => ownHost.test(url);

export async function answerOwnScheme(route: Route, request: PageRequest): Promise<void> {
  const handler = handlers.get(ownHost.exec(request.url())?.[2] ?? '');
  if (!handler) return route.fulfill({ status: 404 });
  const headers = new Headers(await request.allHeaders());
  const answer = await handler({ url: fromChromium(request.url()), method: request.method(), headers });
  const body = Buffer.from(await answer.arrayBuffer());
  return route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body });
}
