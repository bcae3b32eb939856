import type { EgressRequest, Encoding, Outputs } from '../model/job-request.ts';

/** What an encoded job holds: what its outputs and its encoding are checked against. */
export interface Program {
  readonly kind: EgressRequest['kind'];
  /** `maybe`: whoever is recorded decides; egress makes room for a picture all the same. */
  readonly picture: boolean | 'maybe';
  readonly hasSound: boolean;
  readonly encoding: Encoding;
  readonly outputs: Outputs;
  /** Where `encoding` and `outputs` lie in the request: empty, or `output.`. */
  readonly at: string;
}

/** The encoded program of a request; null for one track, and for sound to a WebSocket. */
export function programOf(request: EgressRequest): Program | null {
  switch (request.kind) {
    case 'room-composite':
    case 'web':
      return program(request, { picture: request.tracks !== 'audio', hasSound: request.tracks !== 'video' });
    case 'participant':
      return program(request, { picture: 'maybe', hasSound: true });
    case 'track-composite':
      return program(request, { picture: request.videoTrackSid !== null, hasSound: request.audioTrackSid !== null });
    case 'template':
      return request.output.to === 'outputs'
        ? program(
            { ...request.output, kind: request.kind },
            { picture: request.tracks !== 'audio', hasSound: request.tracks !== 'video', at: 'output.' },
          )
        : null;
    case 'media':
      return request.output.to === 'outputs'
        ? program(
            { ...request.output, kind: request.kind },
            { picture: request.video.by !== 'none', hasSound: request.audio.by !== 'none', at: 'output.' },
          )
        : null;
    case 'track':
      return null;
  }
}

const program = (
  { kind, encoding, outputs }: Pick<Program, 'kind' | 'encoding' | 'outputs'>,
  more: Pick<Program, 'picture' | 'hasSound'> & { readonly at?: string },
): Program => ({ kind, encoding, outputs, at: '', ...more });
