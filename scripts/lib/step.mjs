import { spawn } from 'node:child_process';

/** A failure with a sentence for the user; the stack helps nobody. */
export class SetupError extends Error {}

export const say = (line) => process.stdout.write(`${line}\n`);

/** Names what is being done, and how long it took where that was more than 2 s. */
export async function step(name, work) {
  say(`${name} ...`);
  const began = Date.now();
  const result = await work();
  const seconds = (Date.now() - began) / 1000;
  if (seconds > 2) say(`  done in ${seconds.toFixed(0)} s`);
  return result;
}

/**
 * Runs a program to its end. Its output is kept and shown only when it fails; with `show` the terminal is the program's,
 * and a signal is its to answer. `limitMs` ends one that gets nowhere: where `progress` is given, one whose figure has not
 * changed for so long.
 */
export function run(file, args, { env = process.env, cwd, limitMs = 900_000, progress, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd,
      env,
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && !file.endsWith('.exe'),
    });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    // Ctrl-C reaches every program of the terminal, so it is only not died of; the others go to one process alone.
    const signals = show
      ? { SIGINT: () => {}, SIGTERM: () => child.kill('SIGTERM'), SIGHUP: () => child.kill('SIGTERM') }
      : {};
    for (const [signal, listener] of Object.entries(signals)) process.on(signal, listener);
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    let reached = progress?.();
    const look = () => {
      const now = progress?.();
      if (now === reached) return child.kill('SIGKILL');
      reached = now;
      timer = setTimeout(look, limitMs);
    };
    let timer = setTimeout(look, limitMs);
    const end = (code, error) => {
      clearTimeout(timer);
      for (const [signal, listener] of Object.entries(signals)) process.off(signal, listener);
      resolve({ ok: code === 0, code, output: error ? String(error.message) : output });
    };
    child.once('error', (error) => end(null, error));
    child.once('close', (code) => end(code));
  });
}

/** The last lines of a program's output that say something. */
export const lastLines = (output, count = 8) =>
  output
    .split('\n')
    .filter((line) => line.trim() && !line.startsWith('npm warn'))
    .slice(-count)
    .map((line) => `  ${line}`)
    .join('\n');

/** Runs the main function of a script; a SetupError is a sentence, anything else a defect of ours. */
export async function main(work) {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}); // nobody reads it any more
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    process.stderr.write(`${error instanceof SetupError ? error.message : (error.stack ?? error)}\n`);
    process.exitCode = 1;
  }
}
