import { Meter } from './meter.ts';
import { MixWindow } from './mix.ts';
import { SourceTimeline, type SourceTimelineOptions } from './timeline.ts';

/** The sound part as other parts of the core take it. */
export const soundTools = {
  placer: (options: SourceTimelineOptions): SourceTimeline => new SourceTimeline(options),
  sum: (capacity: number, base: number): MixWindow => new MixWindow(capacity, base),
  level: (): Meter => new Meter(),
};
