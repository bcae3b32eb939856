import { startWords as text } from '../../text/start-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { AddressPick } from './address-pick.tsx';
import { Finds } from './finds.tsx';
import { FileRow } from './file-row.tsx';
import { ImagesRow } from './images-row.tsx';
import { SegmentsRow } from './segments-row.tsx';
import { StreamRow } from './stream-row.tsx';
import { isToWebsocket, maxImageSets } from './start-choice.ts';
import type { StartFieldsProps } from './start-form.tsx';

const words = text.outputs;

/** Where it goes: a row for each output, and what may be added. */
export function OutputFields(props: StartFieldsProps) {
  const { choice, change, findings } = props;
  const { file, segments, stream, images } = choice.outputs;
  if (isToWebsocket(choice))
    return (
      <>
        <AddressPick
          label={text.websocket}
          use="websocket"
          value={choice.websocketId}
          onPick={(websocketId) => change({ do: 'set', part: { websocketId } })}
        />
        <span className="wide note">{text.websocketHint}</span>
      </>
    );
  const isTrack = choice.kind === 'track'; // one track goes to one file, and to nothing else beside it
  const isEmpty = file === null && (isTrack || (segments === null && stream === null && images.length === 0));
  return (
    <>
      {isEmpty ? (
        <>
          <span className="l">{text.sections.where}</span>
          <span className="note">{words.none}</span>
        </>
      ) : null}
      {file === null ? null : <FileRow {...props} file={file} />}
      {isTrack || segments === null ? null : <SegmentsRow {...props} segments={segments} />}
      {isTrack || stream === null ? null : <StreamRow {...props} stream={stream} />}
      {isTrack ? null : images.map((each, index) => <ImagesRow key={index} {...props} images={each} index={index} />)}
      <Finds
        findings={findings.filter(({ field }) => field === 'outputs' || field === 'outputs.images')}
        of={['outputs']}
      />
      {isTrack && file !== null ? null : <AddOutput {...props} isTrack={isTrack} />}
    </>
  );
}

function AddOutput({ choice, change, isTrack }: StartFieldsProps & { readonly isTrack: boolean }) {
  const { file, segments, stream, images } = choice.outputs;
  const isFull = {
    file: file !== null,
    segments: isTrack || segments !== null,
    stream: isTrack || stream !== null,
    images: isTrack || images.length >= maxImageSets,
  };
  return (
    <span className="wide">
      <MenuButton
        label={words.addMenu}
        trigger={
          <Btn>
            {words.add}
            <Icon name="chev" isSmall />
          </Btn>
        }
        entries={(['file', 'segments', 'stream', 'images'] as const).map((output) => ({
          id: output,
          label: words[output],
          detail: words.hints[output],
          isDisabled: isFull[output],
          onAction: () => change({ do: 'add', output }),
        }))}
      />
    </span>
  );
}
