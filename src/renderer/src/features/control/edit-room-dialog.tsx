import { useEffect, useState } from 'react';
import type { Problem } from '../../../../shared/model/common.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { controlWords } from '../../text/control-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { TextBox } from '../../ui/text-box.tsx';
import { closeControl } from './control-view.ts';
import { bytesOf, isBrokenJson, isTooLong, metadataBytes } from './lengths.ts';
import { ProblemLines } from './problem-lines.tsx';
import { useAsk, useSend } from './use-send.ts';
import { Waited } from './waited.tsx';

const text = controlWords.room;

/** The metadata of a room as it is now, to be changed. */
export function EditRoomDialog({ roomName }: { readonly roomName: string }) {
  const ask = useAsk();
  const [metadata, setMetadata] = useState<string | null>(null);
  const [unread, setUnread] = useState<Problem | null>(null);
  const { sinceMs, problem, send } = useSend();
  useEffect(() => {
    let isOpen = true;
    ask((core, serverId) => core.roomFacts({ serverId, roomName })).then(
      (facts) => isOpen && setMetadata(facts.metadata),
      (error: unknown) => isOpen && setUnread(problemOf(error)),
    );
    return () => {
      isOpen = false;
    };
    // oxlint-disable-next-line react/exhaustive-deps -- asked once when it opens: what is typed must not be taken away
  }, []);
  const isLong = metadata !== null && isTooLong(metadata, metadataBytes);
  const save = (): void => {
    if (metadata === null || isLong) return;
    void send((core, serverId) => core.editRoomMetadata({ serverId, roomName, metadata }), closeControl);
  };
  return (
    <DialogBox
      title={text.title(roomName)}
      onClose={closeControl}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={closeControl}>
            {words.common.cancel}
          </Btn>
          <Btn isBig look="first" isDisabled={metadata === null || isLong} onPress={save}>
            {sinceMs === null ? text.save : <Waited sinceMs={sinceMs} words={text.saving} />}
          </Btn>
        </>
      }
    >
      {metadata === null ? (
        <output className="sub">{unread === null ? text.asking : ''}</output>
      ) : (
        <div className="form">
          <TextBox label={text.label} value={metadata} rows={8} isBad={isLong} onChange={setMetadata} />
          <p className="wide note">
            {text.size(bytesOf(metadata), metadataBytes)} {isBrokenJson(metadata) ? text.notJson : ''}
          </p>
          <p className="wide note">{text.hint}</p>
        </div>
      )}
      <ProblemLines problem={unread ?? problem} />
    </DialogBox>
  );
}
