import { useEffect, type RefObject } from 'react';

/** Plays a playlist of HLS in a video element, where there is one; `onFailed` where this browser cannot, or no segment comes any more. */
export function usePlaylist(video: RefObject<HTMLVideoElement | null>, url: string | null, onFailed: () => void): void {
  useEffect(() => {
    if (url === null) return undefined;
    let end = (): void => {};
    let isGone = false;
    // Chromium reads playlists by itself, and gives up on one that did not grow since it looked last (measured).
    import('hls.js').then(({ default: Hls }) => {
      if (isGone || !video.current) return;
      const hls = new Hls({ enableWorker: false }); // a worker would need a wider content security policy
      end = () => hls.destroy();
      hls.on(Hls.Events.ERROR, (_event, { fatal }) => {
        if (fatal) onFailed();
      });
      hls.loadSource(url);
      hls.attachMedia(video.current);
    }, onFailed);
    return () => {
      isGone = true;
      end();
    };
  }, [video, url, onFailed]);
}
