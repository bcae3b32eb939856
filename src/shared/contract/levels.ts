import { z } from 'zod';
import { call } from '../rpc/contract.ts';

export const levels = {
  /**
   * A one-time WebSocket address on the media plane. It carries, at 20 Hz, the levels of every person of a room that is
   * joined for them: first a text message `{"people":["identity", ...]}` whenever the set changes, then binary messages.
   * Binary, little-endian: for the program (index 0) and each person in that order 4 bytes: int16 peak and int16 RMS in
   * tenths of a decibel below full scale (-32768: no sound arrives from this person). The room is joined while at least
   * one such socket is open.
   */
  levels: call(z.object({ serverId: z.string(), roomName: z.string() }), z.object({ url: z.string() })),
};
