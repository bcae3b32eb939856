import type { Encoding } from '../model/job-request.ts';
import { refuse, warn, type Finding } from './finding.ts';
import type { Program } from './program.ts';

/** Smaller pictures are refused, and so are odd sides: H.264 halves its colour planes. */
const minSidePx = 16;
/** What streaming platforms take at most; egress' own default for streams. */
const maxStreamKeyFrameS = 4;

/** Encodings that no server takes, and those that do something else than they say. */
export function checkEncoding(program: Program): readonly Finding[] {
  const { encoding, at } = program;
  switch (encoding.use) {
    case 'default':
      return [];
    case 'preset':
      return program.picture === false
        ? [warn(`${at}encoding`, 'A preset is about the picture, and this job records sound only.')]
        : [];
    case 'pass-through':
      return checkPassThrough(program);
    case 'advanced':
      return [...checkNumbers(encoding, `${at}encoding`), ...checkUse(program, encoding)];
  }
}

type Advanced = Extract<Encoding, { use: 'advanced' }>;

function checkNumbers(encoding: Advanced, at: string): readonly Finding[] {
  const found: Finding[] = [];
  for (const side of ['width', 'height'] as const) {
    const sidePx = encoding[side];
    if (sidePx !== 0 && (sidePx < minSidePx || sidePx % 2 === 1))
      found.push(refuse(`${at}.${side}`, `The ${side} must be even, and at least ${minSidePx}.`));
  }
  if ((encoding.width === 0) !== (encoding.height === 0)) {
    const [missing, usual] = encoding.width === 0 ? ['width', 1280] : ['height', 720];
    found.push(warn(`${at}.${missing}`, `Without a ${missing} egress takes ${usual}, whatever the other side is.`));
  }
  if (![0, 8, 16, 24].includes(encoding.depth)) found.push(refuse(`${at}.depth`, 'The depth must be 8, 16 or 24.'));
  return found;
}

function checkUse({ outputs, picture, hasSound, at }: Program, encoding: Advanced): readonly Finding[] {
  const found: Finding[] = [];
  const field = (name: keyof Advanced): string => `${at}encoding.${name}`;
  const { keyFrameIntervalS: keyFrameS, audioFrequencyHz: frequencyHz } = encoding;
  if (outputs.segments && keyFrameS > 0)
    found.push(
      warn(
        field('keyFrameIntervalS'),
        outputs.stream
          ? 'Beside a stream, segments become no longer than this; key frames then come with the segments.'
          : 'It is not used: each segment begins with a key frame.',
      ),
    );
  else if (outputs.stream && keyFrameS > maxStreamKeyFrameS)
    found.push(
      warn(
        field('keyFrameIntervalS'),
        `More than ${maxStreamKeyFrameS} s between key frames: platforms refuse or delay such streams.`,
      ),
    );
  const isOpus = encoding.audioCodec === 'opus' || outputs.file?.fileType === 'ogg';
  if (hasSound && isOpus && frequencyHz !== 0 && frequencyHz !== 48_000)
    found.push(warn(field('audioFrequencyHz'), 'It is not used: Opus is always 48 kHz.'));
  else if (hasSound && frequencyHz === 44_100)
    found.push(
      warn(field('audioFrequencyHz'), 'The sound of a room is 48 kHz and is resampled to 44.1 kHz. 48 kHz keeps it.'),
    );
  if (picture === false && setOf(encoding, pictureFields).length > 0)
    found.push(warn(`${at}encoding`, 'What is set of the picture is not used: this job records sound only.'));
  if (!hasSound && setOf(encoding, soundFields).length > 0)
    found.push(warn(`${at}encoding`, 'What is set of the sound is not used: this job records the picture only.'));
  return found;
}

const pictureFields = ['width', 'height', 'depth', 'framerateFps', 'videoCodec', 'videoBitrateKbps'] as const;
const soundFields = ['audioCodec', 'audioBitrateKbps', 'audioFrequencyHz'] as const;
const setOf = (encoding: Advanced, fields: readonly (keyof Advanced)[]): readonly (keyof Advanced)[] =>
  fields.filter((field) => encoding[field] !== 0 && encoding[field] !== 'default');

function checkPassThrough({ kind, outputs, picture, hasSound, at }: Program): readonly Finding[] {
  const isOneTrack = (kind === 'track-composite' || kind === 'media') && picture !== hasSound;
  if (!isOneTrack)
    return [
      refuse(`${at}encoding`, 'Only one fixed track can be kept as it comes. Take one track, or another encoding.'),
    ];
  const { file, stream, segments, images } = outputs;
  if (!file || stream || segments || images.length > 0 || file.fileType !== 'default')
    return [
      refuse(`${at}outputs`, 'A track as it comes goes into exactly one file, whose type follows from the track.'),
    ];
  return [
    warn(
      `${at}encoding`,
      'Egress 1.14.1 and older do not know this, and make a 720p recording instead without a word of it.',
    ),
  ];
}
