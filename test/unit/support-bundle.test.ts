import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { linesOf, logFiles } from '../../src/core/observe/log-lines.ts';
import { saveBundle, type BundlePart } from '../../src/core/observe/support-bundle.ts';
import { unzip } from '../support/unzip.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-support-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const atMs = Date.UTC(2026, 10, 29, 7, 2, 30);
const part = (name: string, text: BundlePart['text'], holds = `What ${name} is.`): BundlePart => ({
  name,
  holds,
  text,
});
const save = (parts: readonly BundlePart[]) => saveBundle({ folder: join(folder, 'support'), atMs, parts });

test('is one zip of its list and its parts, for its owner alone', async () => {
  const long = Array.from({ length: 20_000 }, (_, index) => `line ${index} of ü\n`).join('');
  const saved = await save([part('versions.json', () => ['{}\n']), part('logs/cuedesk.log', () => [long, 'end\n'])]);
  expect(saved.fileName).toBe('cuedesk support 2026-11-29T07-02-30.zip');
  const { size, mode } = statSync(saved.path);
  expect(size).toBe(saved.sizeBytes);
  if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600);
  const texts = unzip(saved.path);
  expect([...texts.keys()]).toEqual(['contents.txt', 'versions.json', 'logs/cuedesk.log']);
  expect(texts.get('logs/cuedesk.log')).toBe(`${long}end\n`);
  expect(texts.get('contents.txt')).toContain('logs/cuedesk.log\n    What logs/cuedesk.log is.');
  expect(readdirSync(join(folder, 'support'))).toEqual([saved.fileName]);
  // Another program's opinion of the format, where there is one.
  const python = spawnSync('python3', ['-m', 'zipfile', '-t', saved.path], { encoding: 'utf8' });
  if (process.platform === 'linux' && !python.error)
    expect([python.status, python.stdout]).toEqual([0, 'Done testing\n']);
});

test('takes every part through the guard of the log, and says where one cannot be read', async () => {
  const gone = join(folder, 'gone.json');
  const { path } = await save([
    part('a', () => ['{"apiSecret":"hunter2hunter2"}\n', 'srt://h:1?passphrase=hunter2\n']),
    part('b', () => linesOf(gone)),
    part('c', () => {
      throw new Error('database is malformed, token: hunter2');
    }),
  ]);
  const texts = unzip(path);
  expect(texts.get('a')).toBe('{"apiSecret":"{...}"}\nsrt://h:1?passphrase={...}\n');
  expect(texts.get('b')).toMatch(/^This could not be read: ENOENT/);
  expect(texts.get('c')).toBe('This could not be read: database is malformed, token: {...}\n');
});

test('leaves nothing where it cannot be written', async () => {
  writeFileSync(join(folder, 'support'), 'no folder');
  await expect(save([])).rejects.toMatchObject({ code: 'EEXIST' });
  rmSync(join(folder, 'support'));
  await expect(
    saveBundle({
      folder: join(folder, 'support'),
      atMs,
      parts: [{ ...part('a', () => []), name: 'x'.repeat(70_000) }],
    }),
  ).rejects.toThrow(RangeError); // no name of a zip is as long
  expect(readdirSync(join(folder, 'support'))).toEqual([]);
});

test('a log is read in pieces of whole lines, with its older files', async () => {
  const lines = Array.from({ length: 9_000 }, (_, index) => `{"line":${index},"ü":true}\n`);
  writeFileSync(join(folder, 'cuedesk.log'), `${lines.join('')}{"unfinished`);
  for (const name of ['cuedesk.1.log', 'other.log', 'cuedesk.log.gz']) writeFileSync(join(folder, name), '');
  expect(logFiles(folder)).toEqual(['cuedesk.1.log', 'cuedesk.log']);
  const pieces: string[] = [];
  for await (const piece of linesOf(join(folder, 'cuedesk.log'))) pieces.push(piece);
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.slice(0, -1).every((piece) => piece.endsWith('\n'))).toBe(true);
  expect(pieces.join('')).toBe(`${lines.join('')}{"unfinished`);
});
