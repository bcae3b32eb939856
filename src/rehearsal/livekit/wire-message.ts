/** What is needed of a generated protobuf class, whichever it is. */
export interface WireMessage {
  toJson(options?: { emitDefaultValues?: boolean; useProtoFieldName?: boolean }): unknown;
  toBinary(): Uint8Array;
  getType(): { readonly fields: { list(): readonly WireField[] } };
}

export interface WireMessageType<T extends WireMessage> {
  fromJsonString(text: string, options: { ignoreUnknownFields: boolean }): T;
  fromBinary(bytes: Uint8Array): T;
}

interface WireField {
  readonly name: string;
  readonly localName: string;
  readonly kind: 'scalar' | 'enum' | 'message' | 'map';
  readonly repeated?: boolean;
  readonly oneof?: { readonly localName: string } | undefined;
}

/** JSON as LiveKit's server answers it: snake_case, every default, int64 as strings, messages that are not set as null. */
export function answerJson(message: WireMessage): Record<string, unknown> {
  const json = message.toJson({ emitDefaultValues: true, useProtoFieldName: true }) as Record<string, unknown>;
  addNulls(message, json);
  return json;
}

/** JSON as LiveKit's webhooks carry it: camelCase, defaults left out, int64 as strings. */
export function webhookJson(message: WireMessage): unknown {
  return message.toJson();
}

// Go's protojson prints null for an unset message outside of a oneof; the JavaScript library leaves it out.
function addNulls(message: WireMessage, json: Record<string, unknown>): void {
  const values = message as unknown as Record<string, unknown>; // generated classes keep their fields as plain properties
  for (const field of message.getType().fields.list()) {
    if (field.kind !== 'message') continue;
    const value = field.oneof ? oneofValue(values[field.oneof.localName], field.localName) : values[field.localName];
    const inner = json[field.name];
    if (field.repeated) {
      const list = value as readonly WireMessage[];
      list.forEach((entry, index) => addNulls(entry, (inner as Record<string, unknown>[])[index] ?? {}));
    } else if (value === undefined) {
      if (!field.oneof) json[field.name] = null;
    } else addNulls(value as WireMessage, inner as Record<string, unknown>);
  }
}

function oneofValue(oneof: unknown, localName: string): unknown {
  const choice = oneof as { readonly case?: string; readonly value?: unknown };
  return choice.case === localName ? choice.value : undefined;
}
