const jwt = /\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?/g;

/** Takes JSON web tokens out of a text: LiveKit echoes the whole token in its refusals. */
function redactTokens(text: string): string {
  return text.replace(jwt, '{token}');
}

/**
 * The short form that LiveKit itself shows of a stream key: `streamkey` becomes `{str...key}`, so that what a server lists
 * can be matched with what was sent to it.
 */
export function redactIdentifier(id: string): string {
  const length = new TextEncoder().encode(id).length; // LiveKit counts bytes
  for (const shown of [3, 2, 1]) if (length >= 3 * shown) return `{${id.slice(0, shown)}...${id.slice(-shown)}}`;
  return '{...}';
}

const rtmp = /\b(rtmps?:\/\/[^\s"'<>]*\/)([^\s"'<>/]+)/gi;
const shorthand = /\b(mux|twitch):\/\/([^\s"'<>]+)/gi;
/** An RTMP address without its stream key; `mux://` and `twitch://` shorthands are keys alone. */
function redactStreamKeys(text: string): string {
  return text
    .replace(shorthand, (_all, scheme: string, key: string) => `${scheme}://${shorten(key)}`)
    .replace(rtmp, (_all, base: string, key: string) =>
      base.split('/').length > 4 ? base + shorten(key) : base + key,
    );
}
// What a server has shortened already stays as it is.
const shorten = (key: string): string => (/^\{.*\}$/.test(key) ? key : redactIdentifier(key));

const userInfo = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"'<>]+@/gi;
const secretQuery =
  /([?&;#](?:[a-z0-9_.-]*(?:token|secret|pass|passphrase|password|passwd|pwd|jwt|signature|credential|(?:api|access|account)[_-]?key(?:id)?|session|streamid|sig|ticket|auth)|x-amz-[a-z-]+|x-goog-[a-z-]+|key|code|se|sp|sv))=[^&\s"'<>#]+/gi;
/** Whatever its name: a value of this length is more often a token than a word. */
const longQuery = /([?&;#][a-z0-9_.-]+)=[^&\s"'<>#{}]{16,}/gi;
/** Addresses of our own that open by knowing them: where an egress worker dials in, and the tickets of the media plane. */
const ownAddress = /(\/(?:egress|file|set|socket)\/)(?=[\w.-]*[\w-]{32})[\w.-]+/g;
/** Addresses without user names, passwords, one-time tokens, SRT passphrases and the signatures of presigned addresses. */
function redactUrls(text: string): string {
  return text
    .replace(userInfo, '$1{...}@')
    .replace(secretQuery, '$1={...}')
    .replace(longQuery, '$1={...}')
    .replace(ownAddress, '$1{...}');
}

/**
 * One address without its secrets: RTMP by the shortened key that LiveKit lists, every other by names of its query without
 * their values, without what stands after #, and with long parts of its path shortened, as those are tokens mostly.
 * Redacting twice changes nothing, so an address of ours and what a server lists of it come out the same.
 */
export function redactAddress(url: string): string {
  // The key is all behind the last slash, whatever stands in it; within a sentence it would end at a quote.
  const stream = /^(rtmps?:\/\/[^/]+\/.*\/)(\S+)( live=1)?$/i.exec(url);
  if (stream) return redactUrls(stream[1] ?? '') + shorten(stream[2] ?? '') + (stream[3] ?? '');
  if (/^(?:rtmps?|mux|twitch):/i.test(url)) return redactUrls(redactStreamKeys(url));
  const [, path = '', query = '', hash = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(redactUrls(url)) ?? [];
  return (
    path.replace(/(?<=\/)[\w.~-]{24,}(?=\/|$)/g, (part, at: number) =>
      at < path.indexOf('//') + 3 ? part : shorten(part),
    ) +
    query.replace(/([?&])([^=&]*=)?[^&]*/g, '$1$2{...}') +
    (hash === '' || hash === '#' ? hash : '#{...}')
  );
}

/** Fields, headers and settings that hold a secret, also within JSON that was quoted once more. */
const named =
  /(\b(?:[\w-]{0,24}(?:authorization|cookie|secret|password|passwd|passphrase|(?:access|account|private|signing|secret)[_-]?key|(?:access|session|security|auth|api)[_-]?token|external[_-]?id)|x-gladia-key|token)\\?["']?\s*[:=]\s*)(?:(\\?["'])((?:(?!\2).)*)\2|(?:(?:Bearer|Basic)\s+)?[^\s"'\\,;}{&]+)/gi;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs;
const bearer = /\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]{6,}/g;
/** The last guard before a log or a page: every kind of secret that is known by its form. */
export function redactSecrets(text: string): string {
  // Stream keys first: LiveKit counts a query as part of the key.
  return redactUrls(redactStreamKeys(redactTokens(text)))
    .replace(privateKey, '{private key}')
    .replace(named, '$1$2{...}$2')
    .replace(bearer, '$1 {...}');
}

/** `••••••••••3f`: the last two characters behind bullets. A secret shorter than eight characters shows none. */
export function secretHint(secret: string): string {
  return '•'.repeat(10) + (secret.length >= 8 ? secret.slice(-2) : '');
}
