import { setTimeout as delay } from 'node:timers/promises';

/** What keeps the process alive, timers included: how many of each kind. */
export function openResources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Of what there is more than before: nothing, as soon as that is so. The other end of a socket closes in its own time. */
export async function risenResources(
  before: Readonly<Record<string, number>>,
  withinMs = 20_000,
): Promise<Readonly<Record<string, number>>> {
  for (const untilMs = performance.now() + withinMs; ; await delay(20)) {
    const risen = Object.entries(openResources())
      .map(([kind, count]) => [kind, count - (before[kind] ?? 0)] as const)
      .filter(([, rise]) => rise > 0);
    if (risen.length === 0 || performance.now() > untilMs) return Object.fromEntries(risen);
  }
}
