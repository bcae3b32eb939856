import { useEffect, useState } from 'react';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { useApi } from '../../api-context.ts';
import { closeDialog } from '../../stores/view.ts';
import { dialogWords } from '../../text/dialog-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { Player } from './player.tsx';

const text = dialogWords.player;

/** Plays a file of a job, or a playlist, from its address on the media plane. */
export function PlayerDialog({
  jobId,
  fileId,
  name,
}: {
  readonly jobId: string;
  readonly fileId: string;
  readonly name: string;
}) {
  const api = useApi();
  const [address, setAddress] = useState<{ readonly url: string; readonly mimeType: string } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    const stopping = new AbortController();
    api
      .run((core) => core.fileAddress({ jobId, fileId }, { signal: stopping.signal }))
      .then(setAddress, (error: unknown) => {
        if (!stopping.signal.aborted) setFailure(problemOf(error).text);
      });
    return () => stopping.abort();
  }, [api, jobId, fileId]);
  return (
    <DialogBox
      title={text.title(name)}
      size="wide"
      onClose={closeDialog}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={closeDialog}>
            {words.common.close}
          </Btn>
        </>
      }
    >
      {failure === null ? null : <p role="alert">{words.common.failed(failure)}</p>}
      {address === null ? (
        <p className="sub">{failure === null ? text.asking : ''}</p>
      ) : (
        <Player name={name} {...address} />
      )}
    </DialogBox>
  );
}
