import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that was not let run for so long cannot play, hear or record in real time, and nothing is proven by it. */
const stallMs = 100;
/** WebRTC holds some 50 ms of sound here (`real/direct-feed` measures them): what stands still for longer tears a word. */
export const webRtcStallMs = 50;
/** So many programs for each core that want to run, and real-time sound of any of them is torn. */
const busyLoad = 2;
const lookMs = 20;
const tries = 3;
const calmWithinMs = 40_000;

/**
 * Runs what plays in real time. Where it fails and the machine had no time for it (it stood still for this process, or far
 * more programs wanted to run than it has cores), it is run again, at most twice, and says so; a failure on a machine that
 * kept up is a failure at once.
 */
export async function onQuietMachine(run: () => Promise<void>, stalledMs = stallMs): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const watch = watchStalls(stalledMs);
    try {
      await run();
      return;
    } catch (error) {
      const why = watch.whyNothingIsProven();
      if (!why || attempt === tries) throw error;
      const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'it failed';
      process.stderr.write(`\n==== ${why} (${reason}); once more ====\n`);
    } finally {
      watch.close();
    }
    for (const untilMs = Date.now() + calmWithinMs; loadOfCore() > busyLoad / 2 && Date.now() < untilMs;)
      await delay(1_000);
  }
}

/** Programs that want to run, for each core, over the last minute; 0 where the system does not tell. */
const loadOfCore = (): number => (loadavg()[0] ?? 0) / availableParallelism();

/** Watches how long this process is not let run; the time that it used itself does not count. */
function watchStalls(stalledMs: number): { whyNothingIsProven(): string | null; close(): void } {
  let longest = 0;
  let atMs = performance.now();
  let cpu = process.cpuUsage();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const used = process.cpuUsage(cpu);
    longest = Math.max(longest, nowMs - atMs - lookMs - (used.user + used.system) / 1000);
    atMs = nowMs;
    cpu = process.cpuUsage();
  }, lookMs);
  return {
    whyNothingIsProven: () => {
      if (longest >= stalledMs) return `The machine stood still for ${Math.round(longest)} ms`;
      const load = loadOfCore();
      return load > busyLoad ? `The machine had work for ${load.toFixed(1)} times its cores` : null;
    },
    close: () => clearInterval(timer),
  };
}
