/** Where egress sends the short forms of two services to: it lists them by these addresses. */
const muxIngest = 'rtmps://global-live.mux.com:443/app/';
const twitchIngest = /^rtmps?:\/\/[^/]*\.contribute\.live-video\.net(?::\d+)?\/app\/(.+)$/;

/** True where an address of ours and one of the server's list are the same; both without their secrets. */
export function isSameStream(ours: string, listed: string): boolean {
  if (ours === listed) return true;
  const mux = /^mux:\/\/(.+)$/.exec(ours)?.[1];
  if (mux !== undefined) return listed === muxIngest + mux;
  // Egress sends whatever goes to Twitch to the ingest that is best at that moment.
  const twitch = /^twitch:\/\/(.+)$/.exec(ours)?.[1] ?? twitchIngest.exec(ours)?.[1];
  return twitch !== undefined && twitchIngest.exec(listed)?.[1] === twitch;
}
