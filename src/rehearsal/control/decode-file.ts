import { spawn } from 'node:child_process';
import type { Ffmpeg } from '../ffmpeg.ts';
import type { SceneShow } from '../scene/show.ts';
import { type DecodedWord, decoderSampleRateHz, ToneDecoder } from '../tones/decode.ts';
import { ControlRefusal } from './control-server.ts';

export interface FileWords {
  /** By start; `atMs` counts from the start of the file. */
  readonly words: readonly { readonly identity: string; readonly word: string; readonly atMs: number }[];
  /** What began like a word and was none. */
  readonly rejected: number;
  readonly durationMs: number;
}

const limitMs = 60_000;
/** Whose words a file holds is told by what was said in these last two hours. */
const searchedMs = 2 * 3_600_000;
const errorTail = 300;

/** The words in the sound of a media file. Refuses with a sentence what ffmpeg cannot read. */
export async function decodeFile(
  path: string,
  ffmpeg: Ffmpeg | null,
  show: SceneShow,
  nowMs: number,
): Promise<FileWords> {
  if (!ffmpeg) throw new ControlRefusal(503, 'Decoding a file needs ffmpeg, and there is none on this machine.');
  const decoder = new ToneDecoder();
  const heard: DecodedWord[] = [];
  let sampleCount = 0;
  let odd: Buffer = Buffer.alloc(0);
  await readSound(ffmpeg, path, (chunk) => {
    const bytes = odd.length > 0 ? Buffer.concat([odd, chunk]) : chunk;
    const samples = new Int16Array(bytes.length >> 1);
    for (let i = 0; i < samples.length; i += 1) samples[i] = bytes.readInt16LE(i * 2);
    odd = bytes.subarray(samples.length * 2);
    sampleCount += samples.length;
    heard.push(...decoder.push(samples));
  });
  // A last word is told only once some silence follows it.
  heard.push(...decoder.push(new Int16Array(decoderSampleRateHz / 5)));
  const toMs = (samples: number): number => (samples * 1000) / decoderSampleRateHz;
  const voices = roomOf(heard, show, nowMs);
  const words = heard
    .map((word) => ({
      identity: voices.get(word.band) ?? '',
      word: show.lexicon[word.word] ?? '',
      atMs: toMs(word.startSample),
    }))
    .filter(({ identity, word }) => identity !== '' && word !== '')
    .sort((a, b) => a.atMs - b.atMs);
  return { words, rejected: decoder.rejected + heard.length - words.length, durationMs: toMs(sampleCount) };
}

/** Who spoke, by band: those of the room whose people have said most of these words. A file does not say its room. */
function roomOf(heard: readonly DecodedWord[], show: SceneShow, nowMs: number): ReadonlyMap<number, string> {
  let best: ReadonlyMap<number, string> = new Map();
  let bestCount = -1;
  const sinceMs = Math.max(show.startedAtMs, nowMs - searchedMs);
  for (const room of show.rooms) {
    const voices = voicesOf(room, show, nowMs);
    const said = new Set(show.spoken(room, sinceMs, nowMs).map(({ identity, word }) => `${identity} ${word}`));
    const count = heard.filter((one) => said.has(`${voices.get(one.band)} ${show.lexicon[one.word]}`)).length;
    if (count > bestCount) [best, bestCount] = [voices, count];
  }
  return best;
}

/** Everybody who has been in the room so far, by band. */
function voicesOf(room: string, show: SceneShow, nowMs: number): ReadonlyMap<number, string> {
  const voices = new Map<number, string>();
  const maxEvents = 100; // a round of a scene has some fifteen; everybody has come by the second
  let atMs: number | null = show.startedAtMs;
  for (let seen = 0; atMs !== null && atMs <= nowMs && seen < maxEvents; seen += 1) {
    for (const person of show.people(room, atMs)) voices.set(person.band, person.identity);
    atMs = show.nextEvent(atMs)?.atMs ?? null;
  }
  return voices;
}

function readSound(ffmpeg: Ffmpeg, path: string, onChunk: (chunk: Buffer) => void): Promise<void> {
  const input = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe', '-i', path];
  const output = ['-vn', '-f', 's16le', '-ac', '1', '-ar', String(decoderSampleRateHz), 'pipe:1'];
  const child = spawn(ffmpeg.path, [...input, ...output], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', onChunk);
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-errorTail)));
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  return new Promise((resolve, reject) => {
    child.once('error', () => reject(new ControlRefusal(503, 'ffmpeg did not start.')));
    child.once('close', (code) => {
      clearTimeout(limit);
      if (code === 0) resolve();
      else reject(new ControlRefusal(422, `ffmpeg could not read that file: ${said.trim() || 'it took too long'}`));
    });
  });
}
