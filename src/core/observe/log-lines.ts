import { createReadStream, existsSync, readdirSync } from 'node:fs';

/** The log and its older files; none where nothing was logged to a file. */
export const logFiles = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^cuedesk(\.\d+)?\.log$/.test(name))
        .sort()
    : [];

/** A text file in pieces of whole lines, as it is read. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const text = rest + String(chunk);
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    if (end > 0) yield text.slice(0, end);
  }
  if (rest !== '') yield rest;
}
