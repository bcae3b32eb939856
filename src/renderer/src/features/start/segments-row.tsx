import type { ReactNode } from 'react';
import { startWords as text } from '../../text/start-messages.ts';
import { Check, Field } from '../../ui/field.tsx';
import { Fold } from '../../ui/fold.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { WordRow } from '../../ui/word-row.tsx';
import { Finds } from './finds.tsx';
import { OutputRow } from './output-row.tsx';
import type { SegmentsOutput } from './outputs.ts';
import type { OutputRowProps } from './outputs-rows.tsx';
import { StoragePick } from './storage-pick.tsx';

const name = text.outputs.segments;

interface SegmentsRowProps extends OutputRowProps {
  readonly segments: SegmentsOutput;
  readonly hint: ReactNode;
}

/** HLS: numbered segments, a playlist of all of them, and one of the newest. */
export function SegmentsRow({ change, findings, segments, hint }: SegmentsRowProps) {
  const set = (part: Partial<SegmentsOutput>): void => change({ do: 'segments', part });
  return (
    <OutputRow
      name={name}
      onRemove={() => change({ do: 'remove', output: 'segments' })}
      first={<StoragePick output={name} value={segments.storageId} onPick={(storageId) => set({ storageId })} />}
    >
      <Field
        label={text.prefix}
        value={segments.filenamePrefix}
        maxLength={512}
        spellCheck="false"
        onChange={(filenamePrefix) => set({ filenamePrefix })}
      />
      <Finds findings={findings} of={['outputs.segments.storageId', 'outputs.segments.filenamePrefix']} />
      {hint}
      <Fold title={text.outputMore(name)}>
        <Field
          label={text.playlist}
          value={segments.playlistName}
          maxLength={512}
          spellCheck="false"
          onChange={(playlistName) => set({ playlistName })}
        />
        <Field
          label={text.livePlaylist}
          value={segments.livePlaylistName}
          maxLength={512}
          spellCheck="false"
          onChange={(livePlaylistName) => set({ livePlaylistName })}
        />
        <span className="wide note">{text.livePlaylistHint}</span>
        <Finds findings={findings} of={['outputs.segments.playlistName', 'outputs.segments.livePlaylistName']} />
        <NumberField
          label={text.length}
          value={segments.segmentDurationS}
          min={1}
          max={600}
          unit={text.seconds}
          onChange={(segmentDurationS) => set({ segmentDurationS })}
        />
        <WordRow
          label={text.numbered}
          words={text.segmentNumbers}
          value={segments.filenameSuffix}
          onPick={(filenameSuffix) => set({ filenameSuffix })}
        />
        <span className="wide">
          <Check isOn={segments.hasManifest} onChange={(hasManifest) => set({ hasManifest })}>
            {text.manifest}
          </Check>
        </span>
      </Fold>
    </OutputRow>
  );
}
