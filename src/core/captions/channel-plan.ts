import type { CaptionBusPort } from './ports.ts';

/** The most channels that the transcriber takes in one session. */
export const busChannels = 8;
/** Transcribers bill channels, silent ones too: how many a session is opened with. */
const channelSteps = [1, 2, 4, 6, 8];

export function holdersOf(bus: CaptionBusPort): readonly (string | null)[] {
  return Array.from({ length: busChannels }, (_, channel) => bus.speakerOf(channel));
}

/** How many of the first channels have to be heard. */
export function channelsNeeded(bus: CaptionBusPort): number {
  if (bus.fit === 'mix') return 1;
  const used = holdersOf(bus).findLastIndex((holder) => holder !== null) + 1;
  return channelSteps.find((step) => step >= used) ?? busChannels;
}
