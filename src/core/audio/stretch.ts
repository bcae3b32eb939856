/**
 * Writes `samples` to `output` with `steps` samples more (or, where negative, fewer), spread evenly; returns the new count.
 * Each step is made where two neighbours differ least, so that it is not heard.
 */
export function stretch(samples: Int16Array, steps: number, output: Int16Array): number {
  const parts = Math.abs(steps);
  let written = 0;
  for (let part = 0; part < parts; part++) {
    const from = Math.floor((samples.length * part) / parts);
    const to = Math.floor((samples.length * (part + 1)) / parts);
    const at = quietest(samples, from, to);
    for (let index = from; index < to; index++) {
      if (index === at && steps < 0) continue;
      output[written++] = samples[index] as number;
      if (index === at && steps > 0)
        output[written++] = ((samples[at] as number) + (samples[Math.min(at + 1, to - 1)] as number)) >> 1;
    }
  }
  return written;
}

/** Where a sample differs least from the next. */
function quietest(samples: Int16Array, from: number, to: number): number {
  let best = from;
  let least = Infinity;
  for (let index = from; index < to - 1; index++) {
    const step = Math.abs((samples[index + 1] as number) - (samples[index] as number));
    if (step < least) {
      least = step;
      best = index;
      if (step === 0) break;
    }
  }
  return best;
}
