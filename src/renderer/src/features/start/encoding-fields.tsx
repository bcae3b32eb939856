import { startWords as text } from '../../text/start-messages.ts';
import { Choices } from '../../ui/field.tsx';
import { Fold } from '../../ui/fold.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { PickRow } from '../../ui/pick-row.tsx';
import { Finds } from './finds.tsx';
import { keysOf } from './keys-of.ts';
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
        <PickRow
          label={text.preset}
          value={choice.preset}
          items={keysOf(text.presets).map((id) => ({ id, label: text.presets[id] }))}
          onPick={(id) => {
            const preset = keysOf(text.presets).find((each) => each === id);
            if (preset) change({ do: 'set', part: { preset } });
          }}
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

/** Each figure that is left empty is egress' own. */
function OwnEncoding({ choice, change }: StartFieldsProps) {
  const { advanced } = choice;
  const set = (part: Partial<AdvancedEncoding>): void =>
    change({ do: 'set', part: { advanced: { ...advanced, ...part } } });
  return (
    <>
      {mayHavePicture(choice) ? (
        <>
          <span className="pair">
            <NumberField
              label={text.width}
              value={advanced.width}
              min={16}
              max={7_680}
              zero="1280"
              onChange={(width) => set({ width })}
            />
            <NumberField
              label={text.height}
              value={advanced.height}
              min={16}
              max={7_680}
              zero="720"
              onChange={(height) => set({ height })}
            />
          </span>
          <span className="pair">
            <NumberField
              label={text.frameRate}
              value={advanced.framerateFps}
              min={1}
              max={120}
              zero="30"
              unit={text.fps}
              onChange={(framerateFps) => set({ framerateFps })}
            />
            <NumberField
              label={text.videoBitrate}
              value={advanced.videoBitrateKbps}
              min={1}
              max={100_000}
              zero="3000"
              unit={text.kbps}
              onChange={(videoBitrateKbps) => set({ videoBitrateKbps })}
            />
          </span>
          <span className="pair">
            <NumberField
              label={text.keyFrames}
              value={advanced.keyFrameIntervalS}
              min={0.1}
              max={60}
              zero="4"
              unit={text.keyFramesUnit}
              hasFraction
              onChange={(keyFrameIntervalS) => set({ keyFrameIntervalS })}
            />
            <NumberField
              label={text.depth}
              value={advanced.depth}
              min={8}
              max={32}
              zero="24"
              unit={text.depthUnit}
              onChange={(depth) => set({ depth })}
            />
          </span>
          <PickRow
            label={text.videoCodec}
            value={advanced.videoCodec}
            items={keysOf(text.videoCodecs).map((id) => ({ id, label: text.videoCodecs[id] }))}
            onPick={(id) => {
              const videoCodec = keysOf(text.videoCodecs).find((each) => each === id);
              if (videoCodec) set({ videoCodec });
            }}
          />
        </>
      ) : null}
      {mayHaveSound(choice) ? (
        <>
          <PickRow
            label={text.audioCodec}
            value={advanced.audioCodec}
            items={keysOf(text.audioCodecs).map((id) => ({ id, label: text.audioCodecs[id] }))}
            onPick={(id) => {
              const audioCodec = keysOf(text.audioCodecs).find((each) => each === id);
              if (audioCodec) set({ audioCodec });
            }}
          />
          <span className="pair">
            <NumberField
              label={text.audioBitrate}
              value={advanced.audioBitrateKbps}
              min={1}
              max={1_000}
              zero="128"
              unit={text.kbps}
              onChange={(audioBitrateKbps) => set({ audioBitrateKbps })}
            />
            <NumberField
              label={text.audioFrequency}
              value={advanced.audioFrequencyHz}
              min={8_000}
              max={192_000}
              zero="44100"
              unit={text.hertz}
              onChange={(audioFrequencyHz) => set({ audioFrequencyHz })}
            />
          </span>
        </>
      ) : null}
    </>
  );
}
