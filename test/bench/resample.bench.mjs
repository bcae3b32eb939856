// Our resampler from 48 to 16 kHz against ffmpeg's swr with its default settings, on the same input in the same run.
// The time of ffmpeg is of the filter alone: a run that resamples less a run that only reads and writes the same samples.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Resampler48To16 } from '../../src/core/audio/resample.ts';

/** What ffmpeg must be told to reach our quality: as many taps, the same window, sums of more than 16 bits. */
const equalFilter =
  'aresample=16000:filter_size=98:filter_type=kaiser:kaiser_beta=10:cutoff=0.9375:internal_sample_fmt=fltp';
const seconds = 300;
const rounds = 5;
const ffmpeg = process.env.FFMPEG_PATH || 'ffmpeg';
const folder = await mkdtemp(join(tmpdir(), 'cuedesk-bench-'));
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const decibels = (ratio) => 20 * Math.log10(Math.max(ratio, 1e-9));

/** Noise with two voices of tones in it: nothing that a filter could skip. */
function input(length) {
  let seed = 1;
  return Int16Array.from({ length }, (_value, index) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return 6_000 * Math.sin(index / 20) + 6_000 * Math.sin(index / 7) + 8_000 * (seed / 2_147_483_647 - 0.5);
  });
}

/** CPU time of one run in milliseconds, as ffmpeg measures itself. */
async function ffmpegMs(path, filter) {
  const args = ['-v', 'info', '-benchmark', '-threads', '1', '-filter_threads', '1', '-f', 's16le', '-ar', '48000'];
  const child = spawn(ffmpeg, [...args, '-ac', '1', '-i', path, ...filter, '-f', 'null', '-'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  await once(child, 'close');
  const match = /utime=([\d.]+)s/.exec(said);
  if (!match) throw new Error(`ffmpeg did not measure itself: ${said.slice(-500)}`);
  return Number(match[1]) * 1000;
}
async function resampleByFfmpeg(samples, filter) {
  const args = [
    '-v',
    'error',
    '-f',
    's16le',
    '-ar',
    '48000',
    '-ac',
    '1',
    '-i',
    '-',
    ...filter,
    '-ar',
    '16000',
    '-f',
    's16le',
    '-',
  ];
  const child = spawn(ffmpeg, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const parts = [];
  child.stdout.on('data', (part) => parts.push(part));
  child.stdin.end(Buffer.from(samples.buffer));
  await once(child, 'close');
  const all = Buffer.concat(parts);
  return new Int16Array(all.buffer, all.byteOffset, all.length >> 1);
}
function resampleByUs(samples) {
  const output = new Int16Array(Math.ceil(samples.length / 3));
  const resampler = new Resampler48To16();
  for (let at = 0, written = 0; at < samples.length; at += 480)
    written += resampler.process(samples.subarray(at, at + 480), output, written);
  return output;
}

/** Amplitude of one frequency, without the settling of the filters. */
function amplitudeAt(samples, hz) {
  const steady = samples.subarray(400, 16_400);
  let cos = 0;
  let sin = 0;
  steady.forEach((value, index) => {
    cos += value * Math.cos((2 * Math.PI * hz * index) / 16_000);
    sin += value * Math.sin((2 * Math.PI * hz * index) / 16_000);
  });
  return (2 * Math.hypot(cos, sin)) / steady.length;
}
/** The most that anything between 8.1 and 11 kHz leaves behind: where a short filter leaks. */
async function worstAliasDb(resample) {
  let worst = -Infinity;
  let seed = 1;
  // A step and a half of noise, so that what is left is not lost in rounding where it is less than a step.
  const noise = () => 3 * ((seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5);
  for (let hz = 8_100; hz <= 11_000; hz += 290) {
    const tone = Int16Array.from({ length: 60_000 }, (_value, index) =>
      Math.round(30_000 * Math.sin((2 * Math.PI * hz * index) / 48_000) + noise()),
    );
    worst = Math.max(worst, decibels(amplitudeAt(await resample(tone), Math.abs(16_000 - hz)) / 30_000));
  }
  return worst;
}

try {
  const samples = input(seconds * 48_000);
  const path = join(folder, 'input.pcm');
  await writeFile(path, Buffer.from(samples.buffer));
  resampleByUs(samples.subarray(0, 480_000)); // warm
  const ours = [];
  const theirs = [];
  const theirsEqual = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    resampleByUs(samples);
    ours.push(process.cpuUsage(before).user / 1000);
    const idleMs = await ffmpegMs(path, []);
    theirs.push((await ffmpegMs(path, ['-ar', '16000'])) - idleMs);
    theirsEqual.push((await ffmpegMs(path, ['-af', equalFilter])) - idleMs);
  }
  const ms = median(ours);
  const print = (row) => process.stdout.write(`${JSON.stringify(row)}\n`);
  const speed = (peer, peerMs, target) =>
    print({
      name: 'resampling 48 to 16 kHz, one voice',
      figure: Math.round((seconds * 1000) / ms),
      unit: 'times real time on one core',
      peer,
      ratio: Number((Math.max(1, peerMs) / ms).toFixed(2)),
      target,
    });
  speed('ffmpeg swr at our quality (294 taps, float, SIMD)', median(theirsEqual), 'ratio above 1');
  speed('ffmpeg swr, default (96 taps, int16, SIMD)', median(theirs), 'shown for scale: see its alias');
  const alias = await worstAliasDb(resampleByUs);
  const quality = async (peer, filter, target) => {
    const peerAlias = await worstAliasDb((samples) => resampleByFfmpeg(samples, filter));
    const ratio = Number((alias / peerAlias).toFixed(2));
    print({ name: 'worst alias of 8.1 to 11 kHz', figure: Number(alias.toFixed(1)), unit: 'dB', peer, ratio, target });
  };
  await quality('ffmpeg swr at our quality', ['-af', equalFilter], 'below -90 dB, ratio of 0.95 or more');
  await quality('ffmpeg swr, default', [], 'below -90 dB, ratio above 1');
} finally {
  await rm(folder, { recursive: true, force: true });
}
