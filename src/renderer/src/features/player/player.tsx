import { useCallback, useRef, useState } from 'react';
import { dialogWords } from '../../text/dialog-messages.ts';
import { usePlaylist } from './use-playlist.ts';

const text = dialogWords.player;

/** Plays what an address of the media plane gives: a file, or a playlist of HLS. What has no picture shows none. */
export function Player({
  name,
  url,
  mimeType,
}: {
  readonly name: string;
  readonly url: string;
  readonly mimeType: string;
}) {
  const [isSound, setSound] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const onFailed = useCallback(() => setFailed(true), []);
  const media = useRef<HTMLVideoElement>(null);
  const isPlaylist = mimeType === 'application/vnd.apple.mpegurl';
  usePlaylist(media, isPlaylist ? url : null, onFailed);
  const Element = isPlaylist || mimeType.startsWith('video/') ? 'video' : 'audio';
  return (
    <>
      <Element
        ref={media}
        className={isSound ? 'player is-sound' : 'player'}
        {...(isPlaylist ? {} : { src: url })}
        controls
        autoPlay
        aria-label={text.label(name)}
        onLoadedMetadata={({ currentTarget }) =>
          setSound(currentTarget instanceof HTMLVideoElement && currentTarget.videoWidth === 0)
        }
        onError={onFailed}
      />
      {hasFailed ? <p role="alert">{text.cannotPlay}</p> : null}
    </>
  );
}
