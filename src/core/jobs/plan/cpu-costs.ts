import type { CpuKind } from '../../../shared/model/capacity.ts';
import type { WayId } from './ways.ts';

export interface CpuCost {
  readonly label: string;
  readonly cores: number;
}

/** Whole cores that egress keeps free before it takes a job; its own defaults. Its README still prints older ones. */
export const cpuCosts: Readonly<Record<CpuKind, CpuCost>> = {
  'room-composite': { label: 'Room composite', cores: 4 },
  'audio-room-composite': { label: 'Room composite, sound only', cores: 1 },
  web: { label: 'Web page', cores: 4 },
  'audio-web': { label: 'Web page, sound only', cores: 1 },
  participant: { label: 'Participant, media', cores: 2 },
  'track-composite': { label: 'Track composite', cores: 1 },
  track: { label: 'Track, pass-through', cores: 0.5 },
};
export const cpuCostsFrom = 'default of egress 1.14.1, August 2026';
/** Of the cores that a worker shares out; the rest is reserve. Its own default. */
export const cpuShare = 0.8;
/** A job with a browser needs this share of the sound server free: 4 clients of its default of 60. */
export const pulseShare = 4 / 60;

export const cpuKindOf: Readonly<Record<Exclude<WayId, 'room-sound'>, CpuKind>> = {
  'room-composite': 'room-composite',
  'room-composite-sound': 'audio-room-composite',
  web: 'web',
  'web-sound': 'audio-web',
  participant: 'participant',
  'track-composite': 'track-composite',
  track: 'track',
  media: 'participant',
  'pass-through': 'track',
};
/** Kinds that run a browser at the worker. */
export const browserKinds: readonly CpuKind[] = ['room-composite', 'web', 'audio-web'];
