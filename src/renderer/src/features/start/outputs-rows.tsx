import type { ReactNode } from 'react';
import './start.css';
import type { Finding } from '../../../../shared/checks/finding.ts';
import type { Outputs } from '../../../../shared/model/job-request.ts';
import { startWords as text } from '../../text/start-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { FileRow } from './file-row.tsx';
import { Finds } from './finds.tsx';
import { ImagesRow } from './images-row.tsx';
import {
  maxImageSets,
  outputNames,
  type FileOutput,
  type ImagesOutput,
  type OutputName,
  type OutputsChange,
  type SegmentsOutput,
} from './outputs.ts';
import { SegmentsRow } from './segments-row.tsx';
import { StreamRow } from './stream-row.tsx';

const words = text.outputs;

export interface OutputRowProps {
  readonly change: (change: OutputsChange) => void;
  /** What is known to be wrong, by its fields as `placed` names them. */
  readonly findings: readonly Finding[];
}
interface OutputsRowsProps extends OutputRowProps {
  readonly outputs: Outputs;
  /** What this kind of job makes; the others are looked past. */
  readonly takes: readonly OutputName[];
  /** What is said under the names, where a job is about to begin. */
  readonly hints?: {
    readonly file: (file: FileOutput) => ReactNode;
    readonly segments: (segments: SegmentsOutput) => ReactNode;
    readonly images: (images: ImagesOutput) => ReactNode;
  };
}

/** Where a job goes: a row for each output, and what may be added. */
export function OutputsRows({ outputs, takes, hints, change, findings }: OutputsRowsProps) {
  const row = { change, findings };
  const { file, segments, stream, images } = onlyOf(outputs, takes);
  const isFull: Readonly<Record<OutputName, boolean>> = {
    file: file !== null,
    segments: segments !== null,
    stream: stream !== null,
    images: images.length >= maxImageSets,
  };
  return (
    <>
      {file === null && segments === null && stream === null && images.length === 0 ? (
        <>
          <span className="l">{text.sections.where}</span>
          <span className="note">{words.none}</span>
        </>
      ) : null}
      {file === null ? null : <FileRow {...row} file={file} hasType={takes.length > 1} hint={hints?.file(file)} />}
      {segments === null ? null : <SegmentsRow {...row} segments={segments} hint={hints?.segments(segments)} />}
      {stream === null ? null : <StreamRow {...row} stream={stream} />}
      {images.map((each, index) => (
        <ImagesRow key={index} {...row} images={each} index={index} hint={hints?.images(each)} />
      ))}
      <Finds
        findings={findings.filter(({ field }) => field === 'outputs' || field === 'outputs.images')}
        of={['outputs']}
      />
      {takes.every((output) => isFull[output]) ? null : (
        <span className="wide">
          <MenuButton
            label={words.addMenu}
            trigger={
              <Btn>
                {words.add}
                <Icon name="chev" isSmall />
              </Btn>
            }
            entries={takes.map((output) => ({
              id: output,
              label: words[output],
              detail: words.hints[output],
              isDisabled: isFull[output],
              onAction: () => change({ do: 'add', output }),
            }))}
          />
        </span>
      )}
    </>
  );
}

/** Without what this kind does not make. */
function onlyOf(outputs: Outputs, takes: readonly OutputName[]): Outputs {
  const left = outputNames.filter((name) => !takes.includes(name));
  return { ...outputs, ...Object.fromEntries(left.map((name) => [name, name === 'images' ? [] : null])) };
}
