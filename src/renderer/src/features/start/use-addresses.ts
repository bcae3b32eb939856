import type { PickLine } from './room-picks.ts';

/** What an address is for: pages that are recorded, templates, destinations of a stream, sockets for sound. */
export type AddressUse = 'page' | 'template' | 'rtmp' | 'srt' | 'websocket';

const none: readonly PickLine[] = [];

/** The addresses that are kept for this use. */
export function useAddresses(_use: AddressUse): readonly PickLine[] {
  return none;
}
