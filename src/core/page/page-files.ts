import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { pageHeaders } from './page-policy.ts';

/** Addresses that are views of the one page. */
const views: ReadonlySet<string> = new Set(['/', '/captions']);

const mimeTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer> | string;
}

/** One file of the built page by the path of its address, with the headers of the page; nothing outside `root` is ever read. */
export async function pageFile(root: string, pathname: string): Promise<PageAnswer> {
  const file = fileOf(root, pathname);
  const type = file && mimeTypes[extname(file)];
  if (!file || !type) return notFound;
  try {
    return { status: 200, headers: { ...pageHeaders, 'content-type': type }, body: await readFile(file) };
  } catch {
    return notFound; // not in the build: whoever asked hears 404
  }
}

const notFound: PageAnswer = {
  status: 404,
  headers: { ...pageHeaders, 'content-type': 'text/plain; charset=utf-8' },
  body: 'There is nothing at this address.',
};

function fileOf(root: string, pathname: string): string | null {
  try {
    const path = decodeURIComponent(views.has(pathname) ? '/index.html' : pathname);
    const file = join(root, path);
    return file.startsWith(root + sep) && !path.includes('\0') ? file : null;
  } catch {
    return null; // a percent sign that means nothing
  }
}
