/** A process that was not let run for so long cannot play, hear or record in real time, and nothing is proven by it. */
const stallMs = 250;
const lookMs = 20;
const tries = 3;

/**
 * Runs what plays in real time. Where it fails and the machine stood still meanwhile (other work took the processor from
 * this process), it is run again, at most twice, and says so; a failure on a machine that kept up is a failure at once.
 */
export async function onQuietMachine(run: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const watch = watchStalls();
    try {
      await run();
      return;
    } catch (error) {
      if (watch.longestMs() < stallMs || attempt === tries) throw error;
      const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'it failed';
      process.stderr.write(
        `\n==== The machine stood still for ${Math.round(watch.longestMs())} ms (${reason}); once more ====\n`,
      );
    } finally {
      watch.close();
    }
  }
}

/** The longest time in which this process was not let run, without the time that it used itself. */
function watchStalls(): { longestMs(): number; close(): void } {
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
  return { longestMs: () => longest, close: () => clearInterval(timer) };
}
