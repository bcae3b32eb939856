import { RoomEgress } from '@livekit/protocol';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { egressForms } from '../../src/core/livekit/egress-request/egress-forms.ts';
import { roomEgress } from '../../src/core/livekit/egress-request/room-egress.ts';
import { messageOf, methods } from '../support/egress-protobufs.ts';
import { randomAutoEgress, randomRequest, secrets } from '../support/egress-requests.ts';

/** A protobuf message and its type, as the official library has them: what is needed of them here. */
type MessageType = { readonly typeName: string } & Pick<(typeof messageOf)['StartEgress'], 'fields'>;
type FieldInfo = ReturnType<MessageType['fields']['list']>[number];
type AnyMessage = Readonly<Record<string, unknown>> & { getType(): MessageType };
const isMessage = (value: unknown): value is AnyMessage =>
  typeof value === 'object' && value !== null && 'getType' in value;

/** Every field of a message and of the messages in it, as `Message.field`; of an enum every value, as `Message.field=VALUE`. */
function fieldsOf(type: MessageType, known = new Map<string, FieldInfo>()): Map<string, FieldInfo> {
  for (const field of type.fields.list()) {
    const name = `${shortName(type)}.${field.name}`;
    if (known.has(name)) continue;
    known.set(name, field);
    if (field.kind === 'message') fieldsOf(field.T, known);
    // Zero is what a field is that is not set.
    if (field.kind === 'enum')
      for (const { no, name: value } of field.T.values) if (no !== 0) known.set(`${name}=${value}`, field);
  }
  return known;
}
const shortName = (type: MessageType): string => type.typeName.replace(/^livekit\./, '');

/** What of it is set in a message that came over the wire. */
function setIn(message: AnyMessage, seen: Set<string>): void {
  const type = message.getType();
  for (const field of type.fields.list()) {
    const oneof = field.oneof ? (message[field.oneof.localName] as { case?: string; value?: unknown }) : null;
    const value = oneof ? (oneof.case === field.localName ? oneof.value : undefined) : message[field.localName];
    const isSet = oneof ? value !== undefined : Array.isArray(value) ? value.length > 0 : hasValue(value);
    if (!isSet) continue;
    const name = `${shortName(type)}.${field.name}`;
    seen.add(name);
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isMessage(one)) setIn(one, seen);
      if (field.kind === 'enum') seen.add(`${name}=${field.T.findNumber(one as number)?.name}`);
    }
  }
}
const hasValue = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? isMessage(value) || Object.keys(value).length > 0 : Boolean(value);

test('each field of every Start request, and of the egress of a new room, is set by some form, or listed with the reason why not', async () => {
  const all = new Set<string>();
  for (const method of methods) for (const name of fieldsOf(messageOf[method]).keys()) all.add(name);
  for (const name of fieldsOf(RoomEgress).keys()) all.add(name);
  const seen = new Set<string>();
  for (const auto of randomAutoEgress())
    setIn(RoomEgress.fromJsonString(JSON.stringify(roomEgress(auto, secrets))) as unknown as AnyMessage, seen);
  for (let seed = 0; seed < 3_000; seed += 1) {
    const { v1, v2 } = egressForms('hall', randomRequest(seed), secrets);
    for (const form of [v1, v2])
      if (form) setIn(messageOf[form.method].fromJsonString(JSON.stringify(form.body)) as unknown as AnyMessage, seen);
  }
  const [doc = ''] = (await readFile('docs/egress-fields.md', 'utf8')).split('\nOf the other calls:');
  const rows = [...doc.matchAll(/^\| `([\w.=]+)` \| (.+) \|$/gm)].map(([, name = '', why = '']) => ({ name, why }));
  // A row names a whole message, one field of it, or one value of an enum.
  const isListed = (name: string): boolean =>
    rows.some((row) => row.name === name || row.name === name.split('.')[0] || name.startsWith(`${row.name}=`));
  expect([...all].filter((name) => !seen.has(name) && !isListed(name))).toEqual([]);
  for (const { name, why } of rows) {
    const meant = [...all].filter((one) => one === name || one.startsWith(`${name}.`));
    expect(meant, `${name} is a field of the protobufs`).not.toEqual([]);
    expect(
      meant.filter((one) => seen.has(one)),
      `${name} cannot be set`,
    ).toEqual([]);
    expect(why.length, `${name} has a reason`).toBeGreaterThan(20);
  }
});
