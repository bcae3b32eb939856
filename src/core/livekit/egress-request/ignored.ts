import type { EgressCall } from './forms.ts';

/** Where the first info of an egress repeats the request. */
const echoOf: Readonly<Record<EgressCall['method'], string>> = {
  StartEgress: 'egress',
  StartRoomCompositeEgress: 'room_composite',
  StartWebEgress: 'web',
  StartParticipantEgress: 'participant',
  StartTrackCompositeEgress: 'track_composite',
  StartTrackEgress: 'track',
};
const enumName = /^[A-Z][A-Z0-9_]+$/;

/**
 * What of a request the server has not understood, as paths of the wire: it drops fields that it does not know, and takes an
 * unknown name of an enum for the default, without a word (measured). Its first answer repeats the request with all
 * fields that it knows, so what is not in there was ignored. Secrets come back hidden and are not compared. Nothing is said
 * of an answer that repeats nothing.
 */
export function ignoredFields({ method, body }: EgressCall, info: unknown): readonly string[] {
  const echo = isRecord(info) ? info[echoOf[method]] : undefined;
  return isRecord(echo) ? missing(body, echo, '') : [];
}

function missing(sent: unknown, got: unknown, path: string): string[] {
  if (Array.isArray(sent)) {
    const list: readonly unknown[] = Array.isArray(got) ? got : [];
    return sent.flatMap((one, index) => missing(one, list[index], `${path}[${index}]`));
  }
  if (isRecord(sent)) {
    if (!isRecord(got)) return [path];
    return Object.entries(sent).flatMap(([key, value]) =>
      missing(value, got[key], path === '' ? key : `${path}.${key}`),
    );
  }
  if (got === undefined || got === null) return [path];
  if (typeof sent !== 'string' || !enumName.test(sent) || sent === got) return [];
  const isHidden = typeof got === 'string' && got.startsWith('{');
  return isHidden ? [] : [path];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
