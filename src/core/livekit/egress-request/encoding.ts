import type { Encoding } from '../../../shared/model/job-request.ts';
import { message, type Fields } from './forms.ts';

const audioCodecs = { default: undefined, opus: 'OPUS', aac: 'AAC', mp3: 'AC_MP3' } as const;
const videoCodecs = {
  default: undefined,
  'h264-baseline': 'H264_BASELINE',
  'h264-main': 'H264_MAIN',
  'h264-high': 'H264_HIGH',
} as const;

/** The fields of a request that say how it is encoded; none where that is left to egress. */
export function encodingFields(encoding: Encoding): Fields {
  switch (encoding.use) {
    case 'default':
      return {};
    case 'preset':
      return { preset: encoding.preset };
    case 'pass-through':
      return { preset: 'PASSTHROUGH' };
    case 'advanced':
      return {
        advanced: message({
          width: encoding.width,
          height: encoding.height,
          depth: encoding.depth,
          framerate: encoding.framerateFps,
          audio_codec: audioCodecs[encoding.audioCodec],
          audio_bitrate: encoding.audioBitrateKbps,
          audio_frequency: encoding.audioFrequencyHz,
          video_codec: videoCodecs[encoding.videoCodec],
          video_bitrate: encoding.videoBitrateKbps,
          key_frame_interval: encoding.keyFrameIntervalS,
        }),
      };
  }
}
