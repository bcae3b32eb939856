const jwt = /eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?/g;
const query = /((?:access_)?token=)[^&\s"']+/gi;

/** Takes join tokens out of a foreign text: LiveKit's errors and its client's carry them whole. */
export const withoutTokens = (text: string, maxChars = 500): string =>
  text.replace(jwt, '{token}').replace(query, '$1{token}').slice(0, maxChars);
