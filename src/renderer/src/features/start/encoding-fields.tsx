import { startWords as text } from '../../text/start-messages.ts';
import { Choices } from '../../ui/field.tsx';
import { Fold } from '../../ui/fold.tsx';
import { NumberField, type NumberFieldProps } from '../../ui/number-field.tsx';
import { WordRow } from '../../ui/word-row.tsx';
import { Finds } from './finds.tsx';
import { keysOf } from '../../text/keys-of.ts';
import {
  isToWebsocket,
  mayHavePicture,
  mayHaveSound,
  type AdvancedEncoding,
  type StartChoice,
} from './start-choice.ts';
import type { StartFieldsProps } from './start-form.tsx';

/** What is encoded how: left to LiveKit, a preset, or one's own figures. One track is never encoded anew. */
export function EncodingFields(props: StartFieldsProps) {
  const { choice, change, findings } = props;
  if (choice.kind === 'track' || isToWebsocket(choice)) return null;
  const uses = keysOf(text.encodings).filter((use) => use !== 'pass-through' || choice.kind === 'media');
  const use = uses.find((each) => each === choice.encoding) ?? 'default';
  return (
    <Fold title={text.encoding} now={nowOf(choice, use)}>
      <Choices
        label={text.encoding}
        value={use}
        choices={uses.map((value) => ({ value, label: text.encodings[value] }))}
        onChange={(encoding) => change({ do: 'set', part: { encoding } })}
      />
      {use === 'default' || use === 'pass-through' ? (
        <span className="wide note">{text.encodingHints[use]}</span>
      ) : null}
      {use === 'preset' ? (
        <WordRow
          label={text.preset}
          words={text.presets}
          value={choice.preset}
          onPick={(preset) => change({ do: 'set', part: { preset } })}
        />
      ) : null}
      {use === 'advanced' ? <OwnEncoding {...props} /> : null}
      <Finds findings={findings} of={['encoding']} />
    </Fold>
  );
}

function nowOf(choice: StartChoice, use: keyof typeof text.encodings): string {
  if (use === 'preset') return text.presets[choice.preset];
  const { width, height, videoBitrateKbps } = choice.advanced;
  if (use !== 'advanced') return text.encodings[use];
  const size = width > 0 && height > 0 ? `${width}x${height}` : '';
  return [text.encodings.advanced, size, videoBitrateKbps > 0 ? `${videoBitrateKbps} ${text.kbps}` : '']
    .filter((part) => part !== '')
    .join(', ');
}

type FigureName = Exclude<keyof AdvancedEncoding, 'videoCodec' | 'audioCodec'>;
type Figure = Omit<NumberFieldProps, 'value' | 'onChange'> & { readonly name: FigureName };

/** In pairs, as they stand beside each other. `zero` is what egress takes where a figure is left empty. */
const pictureFigures: readonly (readonly Figure[])[] = [
  [
    { name: 'width', label: text.width, min: 16, max: 7_680, zero: '1280' },
    { name: 'height', label: text.height, min: 16, max: 7_680, zero: '720' },
  ],
  [
    { name: 'framerateFps', label: text.frameRate, min: 1, max: 120, zero: '30', unit: text.fps },
    { name: 'videoBitrateKbps', label: text.videoBitrate, min: 1, max: 100_000, zero: '3000', unit: text.kbps },
  ],
  [
    {
      name: 'keyFrameIntervalS',
      label: text.keyFrames,
      min: 0.1,
      max: 60,
      zero: '4',
      unit: text.keyFramesUnit,
      hasFraction: true,
    },
    { name: 'depth', label: text.depth, min: 8, max: 32, zero: '24', unit: text.depthUnit },
  ],
];
const soundFigures: readonly (readonly Figure[])[] = [
  [
    { name: 'audioBitrateKbps', label: text.audioBitrate, min: 1, max: 1_000, zero: '128', unit: text.kbps },
    { name: 'audioFrequencyHz', label: text.audioFrequency, min: 8_000, max: 192_000, zero: '44100', unit: text.hertz },
  ],
];

/** One's own figures and codecs. */
function OwnEncoding({ choice, change }: StartFieldsProps) {
  const { advanced } = choice;
  const set = (part: Partial<AdvancedEncoding>): void =>
    change({ do: 'set', part: { advanced: { ...advanced, ...part } } });
  const pairs = (figures: readonly (readonly Figure[])[]) =>
    figures.map((pair) => (
      <span key={pair[0]?.name} className="pair">
        {pair.map(({ name, ...field }) => (
          <NumberField
            key={name}
            {...field}
            value={advanced[name]}
            onChange={(value) => set({ ...advanced, [name]: value })}
          />
        ))}
      </span>
    ));
  return (
    <>
      {mayHavePicture(choice) ? (
        <>
          {pairs(pictureFigures)}
          <WordRow
            label={text.videoCodec}
            words={text.videoCodecs}
            value={advanced.videoCodec}
            onPick={(videoCodec) => set({ videoCodec })}
          />
        </>
      ) : null}
      {mayHaveSound(choice) ? (
        <>
          <WordRow
            label={text.audioCodec}
            words={text.audioCodecs}
            value={advanced.audioCodec}
            onPick={(audioCodec) => set({ audioCodec })}
          />
          {pairs(soundFigures)}
        </>
      ) : null}
    </>
  );
}
