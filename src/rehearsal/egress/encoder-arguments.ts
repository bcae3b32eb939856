import type { FileEnding } from './file-name.ts';

/** What one ffmpeg makes, all at once, of the sound that it is given. */
export interface EncoderOutputs {
  /** Null: sound alone. */
  readonly picture: { readonly width: number; readonly height: number } | null;
  /** False for a video track: the sound is then only the clock. */
  readonly hasSound: boolean;
  readonly audio: { readonly codec: 'aac' | 'opus' | 'mp3'; readonly rateHz: number; readonly kbps: number };
  readonly file: FileEnding | null;
  readonly segmentS: number | null;
  readonly images: readonly { readonly everyS: number; readonly width: number; readonly height: number }[];
  /** The container of the live stream on standard output. */
  readonly live: 'flv' | 'mpegts' | null;
}

/** Names inside the work folder. */
export const made = {
  file: (ending: FileEnding): string => `recording${ending}`,
  /** CSV of the finished segments: name, start, end in seconds. */
  segmentList: 'segments.csv',
  /** Texts that ffmpeg reads at every frame: who is there, and what is drawn over all. */
  names: 'names.txt',
  curtain: 'curtain.txt',
  image: (output: number, index: number): string => `image${output}_${String(index).padStart(5, '0')}.jpeg`,
};

/** A rehearsal's picture is small and slow, so that several at once fit a machine of two cores. */
const framesPerS = 10;
const keyFrameS = 2;
const muxerOf = { '.mp4': 'mp4:movflags=+faststart', '.ogg': 'ogg', '.mp3': 'mp3', '.webm': 'webm' } as const;

export function encoderArguments(outputs: EncoderOutputs, font: string | null): string[] {
  const input = ['-hide_banner', '-loglevel', 'error', '-y', '-f', 's16le', '-ar', '48000', '-ac', '2', '-i', 'pipe:0'];
  const slaves = slavesOf(outputs);
  const hasMain = slaves.length > 0;
  const args = [...input, '-filter_complex_threads', '1', '-filter_complex', graphOf(outputs, font, hasMain)];
  if (hasMain) {
    if (outputs.picture) args.push('-map', '[picture]', ...videoCodec(outputs));
    if (outputs.hasSound) args.push('-map', '[sound]', ...audioCodec(outputs));
    // Encoded once for all of them; each takes what it needs.
    args.push('-f', 'tee', slaves.join('|'));
  }
  outputs.images.forEach((_image, index) => {
    const frames = ['-map', `[image${index}]`, '-q:v', '8', '-f', 'image2', '-start_number', '0'];
    args.push(...frames, '-atomic_writing', '1', `image${index}_%05d.jpeg`);
  });
  return args;
}

function slavesOf(outputs: EncoderOutputs): string[] {
  const annexB = outputs.picture ? ':bsfs/v=dump_extra=freq=keyframe' : '';
  // One muxer for all segments, so that its counters go on from one to the next.
  const list = `segment_list=${made.segmentList}:segment_list_type=csv:individual_header_trailer=0`;
  return [
    ...(outputs.file ? [`[f=${muxerOf[outputs.file]}]${made.file(outputs.file)}`] : []),
    ...(outputs.segmentS === null
      ? []
      : [
          `[f=segment:segment_time=${outputs.segmentS}:segment_format=mpegts:segment_format_options=mpegts_flags=+resend_headers:${list}${annexB}]segment_%05d.ts`,
        ]),
    ...(outputs.live === 'flv' ? ['[f=flv:flvflags=no_duration_filesize:flush_packets=1]pipe\\:1'] : []),
    ...(outputs.live === 'mpegts' ? [`[f=mpegts:flush_packets=1${annexB}]pipe\\:1`] : []),
  ];
}

/** More and longer lines than fit any picture. */
export const curtain = Array.from({ length: 20 }, () => 'M'.repeat(60)).join('\n');

/** The wave is drawn from the sound, so the picture runs on the sound's clock and ends with it. */
function graphOf(outputs: EncoderOutputs, font: string | null, hasMain: boolean): string {
  const { picture, hasSound, images } = outputs;
  const isHeard = hasMain && hasSound;
  if (!picture) return '[0:a]anull[sound]';
  const { width, height } = picture;
  const waveHeight = even(height / 4.5);
  const escaped = font?.replaceAll('\\', '/').replaceAll(':', '\\:');
  const place = `fontsize=${even(height / 18)}:line_spacing=${even(height / 36)}:fontcolor=white:x=${even(width / 20)}:y=${even(height / 13)}`;
  // The box of a text that is wider than the picture covers it whole; one of a single space lies beside it.
  const cover = `fontsize=${even(height / 12)}:fontcolor=black:box=1:boxcolor=black:x=if(gt(tw\\,w)\\,0\\,-w):y=0`;
  const names = escaped
    ? `,drawtext=fontfile='${escaped}':textfile=${made.names}:reload=1:expansion=none:${place},drawtext=fontfile='${escaped}':textfile=${made.curtain}:reload=1:expansion=none:${cover}`
    : '';
  const seen = [...(hasMain ? ['[picture]'] : []), ...images.map((_image, index) => `[frame${index}]`)];
  return [
    isHeard ? '[0:a]asplit=2[sound][seen]' : '[0:a]anull[seen]',
    `[seen]showwaves=s=${width}x${waveHeight}:mode=cline:rate=${framesPerS}:colors=0x6cb6ff[wave]`,
    `color=c=0x14171c:s=${width}x${height}:r=${framesPerS}[back]`,
    `[back][wave]overlay=x=0:y=${height - waveHeight - even(height / 22)}:shortest=1${names},format=yuv420p,split=${seen.length}${seen.join('')}`,
    ...images.map((image, index) => {
      const size = image.width && image.height ? `,scale=${image.width}:${image.height}` : '';
      // Frames that follow each other: no muxer then fills the time between them with copies.
      const pick = `select='isnan(prev_selected_t)+gte(t-prev_selected_t\\,${image.everyS})',setpts=N/(${framesPerS}*TB)`;
      return `[frame${index}]${pick}${size}[image${index}]`;
    }),
  ].join(';');
}

function videoCodec(outputs: EncoderOutputs): string[] {
  if (outputs.file === '.webm') {
    return ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '200k', '-g', '20'];
  }
  const keyFrames = String(framesPerS * Math.min(keyFrameS, outputs.segmentS ?? keyFrameS));
  const speed = ['-preset', 'ultrafast', '-crf', '32', '-g', keyFrames, '-threads', '1'];
  return ['-c:v', 'libx264', ...speed, '-sc_threshold', '0', '-flags', '+global_header'];
}

function audioCodec({ audio }: EncoderOutputs): string[] {
  const encoder = { aac: 'aac', opus: 'libopus', mp3: 'libmp3lame' }[audio.codec];
  return ['-c:a', encoder, '-b:a', `${audio.kbps}k`, '-ac', '2', '-ar', String(audio.rateHz)];
}

function even(value: number): number {
  return Math.max(2, 2 * Math.round(value / 2));
}
