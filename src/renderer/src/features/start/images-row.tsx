import type { ReactNode } from 'react';
import { startWords as text } from '../../text/start-messages.ts';
import { Check, Field } from '../../ui/field.tsx';
import { Fold } from '../../ui/fold.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { WordRow } from '../../ui/word-row.tsx';
import { Finds } from './finds.tsx';
import { OutputRow } from './output-row.tsx';
import type { ImagesOutput } from './outputs.ts';
import type { OutputRowProps } from './outputs-rows.tsx';
import { StoragePick } from './storage-pick.tsx';

interface ImagesRowProps extends OutputRowProps {
  readonly images: ImagesOutput;
  readonly index: number;
  readonly hint: ReactNode;
}

/** One set of still pictures. */
export function ImagesRow({ change, findings, images, index, hint }: ImagesRowProps) {
  const name = text.outputs.imagesOf(index);
  const set = (part: Partial<ImagesOutput>): void => change({ do: 'images', index, part });
  return (
    <OutputRow
      name={name}
      onRemove={() => change({ do: 'remove', output: 'images', index })}
      first={<StoragePick output={name} value={images.storageId} onPick={(storageId) => set({ storageId })} />}
    >
      <NumberField
        label={text.every}
        value={images.captureIntervalS}
        min={1}
        max={86_400}
        unit={text.seconds}
        onChange={(captureIntervalS) => set({ captureIntervalS })}
      />
      <Field
        label={text.prefix}
        value={images.filenamePrefix}
        maxLength={512}
        spellCheck="false"
        onChange={(filenamePrefix) => set({ filenamePrefix })}
      />
      <Finds findings={findings} of={[`outputs.images.${index}`]} />
      {hint}
      <Fold title={text.outputMore(name)}>
        <span className="pair">
          <NumberField
            label={text.width}
            value={images.width}
            min={16}
            max={7_680}
            zero={text.asLarge}
            onChange={(width) => set({ width })}
          />
          <NumberField
            label={text.height}
            value={images.height}
            min={16}
            max={7_680}
            zero={text.asLarge}
            onChange={(height) => set({ height })}
          />
        </span>
        <WordRow
          label={text.numbered}
          words={text.imageNumbers}
          value={images.filenameSuffix}
          onPick={(filenameSuffix) => set({ filenameSuffix })}
        />
        <span className="wide">
          <Check isOn={images.hasManifest} onChange={(hasManifest) => set({ hasManifest })}>
            {text.manifest}
          </Check>
        </span>
      </Fold>
    </OutputRow>
  );
}
