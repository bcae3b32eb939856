import type { PlanFigure } from '../../../shared/model/job-plan.ts';
import { isMixedWithoutBrowser, type JobRequest } from '../../../shared/model/job-request.ts';

/** A way to record, as far as its figures differ: a room composite of sound alone is another machine than one with a picture. */
export type WayId =
  | 'room-composite'
  | 'room-composite-sound'
  | 'web'
  | 'web-sound'
  | 'participant'
  | 'track-composite'
  | 'track'
  | 'media'
  | 'pass-through'
  | 'room-sound';

/** What the Cloud counts a minute of it as. */
export type Metering = 'transcoded' | 'track' | 'none';

export interface Way {
  readonly label: string;
  /** From the press of Start to media. */
  readonly starts: PlanFigure;
  /** From the sound in the room to the first byte outside, for streams and sockets; null where nobody measured it. */
  readonly delay: PlanFigure | null;
  readonly metering: Metering;
}

const onReal = 'measured on egress 1.14.1, November 2026';
const inSource = 'default of egress 1.14.1, August 2026';
const measured = (value: string, from = onReal): PlanFigure => ({ value, source: 'measured', from });
const estimated = (value: string, from: string): PlanFigure => ({ value, source: 'estimated', from });

/** Egress mixes behind a wait of 2.75 s, whatever the network does. */
const socketDelay = measured('2.9 s');
/** The pipeline waits 3 s for late packets before it encodes; what the destination adds comes on top. */
const encodedDelay = estimated('3 s and more', inSource);

/** Figures of each way, as declared by measurements elsewhere; what was measured on the server at hand is put beside them. */
export const ways: Readonly<Record<WayId, Way>> = {
  'room-composite': {
    label: 'room composite',
    starts: measured('3 to 5 s'),
    delay: encodedDelay,
    metering: 'transcoded',
  },
  'room-composite-sound': {
    label: 'room composite, sound only',
    starts: measured('1.0 to 1.2 s'),
    delay: encodedDelay,
    metering: 'transcoded',
  },
  web: { label: 'web page', starts: measured('4 to 6 s'), delay: encodedDelay, metering: 'transcoded' },
  'web-sound': {
    label: 'web page, sound only',
    starts: estimated('4 to 6 s', 'as with a picture'),
    delay: encodedDelay,
    metering: 'transcoded',
  },
  participant: { label: 'participant', starts: measured('2 s'), delay: encodedDelay, metering: 'transcoded' },
  'track-composite': {
    label: 'track composite',
    starts: measured('2 s'),
    delay: encodedDelay,
    metering: 'transcoded',
  },
  track: { label: 'track', starts: measured('0.4 to 1.2 s'), delay: socketDelay, metering: 'track' },
  media: {
    label: 'media',
    starts: estimated('2 s', 'as a participant, of which it is made'),
    delay: socketDelay,
    metering: 'transcoded',
  },
  'pass-through': {
    label: 'media, pass-through',
    starts: estimated('0.4 to 1.2 s', 'as a track, of which it is made'),
    delay: null,
    metering: 'track',
  },
  'room-sound': {
    label: 'direct feed',
    starts: measured('under 1 s', 'measured with this console, November 2026'),
    delay: measured('0.06 s', 'measured on livekit-server 1.13.5, November 2026'),
    metering: 'none',
  },
};

export function wayOf(request: JobRequest): WayId {
  switch (request.kind) {
    case 'room-composite':
    case 'template':
      return isMixedWithoutBrowser(request) ? 'room-composite-sound' : 'room-composite';
    case 'web':
      return request.tracks === 'audio' ? 'web-sound' : 'web';
    case 'media':
      return request.output.to === 'outputs' && request.output.encoding.use === 'pass-through'
        ? 'pass-through'
        : 'media';
    case 'participant':
    case 'track-composite':
    case 'track':
    case 'room-sound':
      return request.kind;
  }
}
