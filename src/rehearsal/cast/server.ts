import { createHmac } from 'node:crypto';

/** The real server of a cast: tokens for its people, and the one call that they cannot make themselves. */
export interface CastServer {
  readonly wsUrl: string;
  joinToken(room: string, identity: string, name: string): string;
  /** False where the server refuses, as most do for an unmute. */
  mute(room: string, identity: string, trackSid: string, muted: boolean): Promise<boolean>;
}

const tokenLifeS = 6 * 3600;
const callLimitMs = 5_000;

export function castServer(options: {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}): CastServer {
  const httpUrl = options.url.replace(/^ws/, 'http').replace(/\/$/, '');
  const token = (claims: Readonly<Record<string, unknown>>): string => {
    const nowS = Math.floor(Date.now() / 1000);
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: options.apiKey, nbf: nowS - 10, exp: nowS + tokenLifeS, ...claims })}`;
    return `${head}.${createHmac('sha256', options.apiSecret).update(head).digest('base64url')}`;
  };
  return {
    wsUrl: httpUrl.replace(/^http/, 'ws'),
    joinToken: (room, identity, name) =>
      token({ sub: identity, name, video: { room, roomJoin: true, canSubscribe: false } }),
    async mute(room, identity, trackSid, muted) {
      const response = await fetch(`${httpUrl}/twirp/livekit.RoomService/MutePublishedTrack`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token({ video: { room, roomAdmin: true } })}`,
        },
        body: JSON.stringify({ room, identity, track_sid: trackSid, muted }),
        signal: AbortSignal.timeout(callLimitMs),
      });
      await response.arrayBuffer();
      return response.ok;
    },
  };
}
