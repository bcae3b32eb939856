import { z } from 'zod';
import { permissionsDenied, TwirpError } from './twirp-error.ts';
import type { Claims, Grants } from './token.ts';
import type { WireMessage, WireMessageType } from './wire-message.ts';

/** One method of a service, ready to be called with a body of either format. Throws a TwirpError. */
export type Rpc = (body: Buffer, format: 'json' | 'protobuf', claims: Claims | null) => Promise<WireMessage>;
export type Service = Readonly<Record<string, Rpc>>;

/** Decodes, checks the grant, and calls: in that order, as livekit-server does. */
export function rpc<T extends WireMessage>(
  type: WireMessageType<T>,
  isPermitted: (grants: Grants, request: T) => boolean,
  handle: (request: T) => Promise<WireMessage> | WireMessage,
): Rpc {
  return async (body, format, claims) => {
    const request = decode(type, body, format);
    if (!isPermitted(claims?.video ?? {}, request)) throw permissionsDenied();
    return handle(request);
  };
}

const JsonObject = z.record(z.string(), z.unknown());

function decode<T extends WireMessage>(type: WireMessageType<T>, body: Buffer, format: 'json' | 'protobuf'): T {
  try {
    if (format === 'protobuf') return type.fromBinary(body);
    const text = body.toString('utf8');
    JsonObject.parse(JSON.parse(text));
    return type.fromJsonString(text, { ignoreUnknownFields: true });
  } catch {
    // Whatever the parser dislikes, livekit-server says no more than this.
    throw new TwirpError('malformed', `the ${format} request could not be decoded`);
  }
}
