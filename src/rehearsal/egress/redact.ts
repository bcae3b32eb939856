import type { StreamOutput } from '@livekit/protocol';

/** `streamkey` -> `{str...key}`, as LiveKit's `RedactIdentifier` does. */
function redactIdentifier(id: string): string {
  for (const kept of [3, 2, 1]) {
    if (Buffer.byteLength(id) >= 3 * kept) return `{${id.slice(0, kept)}...${id.slice(-kept)}}`;
  }
  return '{...}';
}

const rtmpUrl = /^(rtmps?:\/\/)(.*\/)(.*\/)(\S*)( live=1)?$/;

/** The stream key hidden as egress hides it. Only RTMP: SRT and WebSocket URLs go in clear on the wire (measured). */
export function redactStreamUrl(url: string): string {
  const parts = rtmpUrl.exec(url);
  return parts ? `${parts[1]}${parts[2]}${parts[3]}${redactIdentifier(parts[4] ?? '')}` : url;
}

export function isRtmpUrl(url: string): boolean {
  return rtmpUrl.test(url);
}

export function redactStreams(streams: readonly StreamOutput[]): void {
  for (const stream of streams) stream.urls = stream.urls.map(redactStreamUrl);
}

interface Upload {
  accessKey?: string;
  secret?: string;
  sessionToken?: string;
  credentials?: string;
  accountName?: string;
  accountKey?: string;
}

/** Storage secrets replaced by their names, empty ones left empty. */
export function redactUpload(upload: Upload | undefined): void {
  if (!upload) return;
  if (upload.accessKey) upload.accessKey = '{access_key}';
  if (upload.secret) upload.secret = '{secret}';
  if (upload.sessionToken) upload.sessionToken = '{session_token}';
  if (upload.credentials) upload.credentials = '{credentials}';
  if (upload.accountName) upload.accountName = '{account_name}';
  if (upload.accountKey) upload.accountKey = '{account_key}';
}
