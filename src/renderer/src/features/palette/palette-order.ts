import type { Command } from '../../commands/registry.ts';
import { words } from '../../text/messages.ts';

/** What is done on air comes first, in this order. */
const first = [
  'job.start',
  'job.stream',
  'captions.start',
  'captions.stop',
  'job.undo-stop-all',
  'job.stop-all',
  'captions.marker',
  'show.start',
];
const { room, show, captions, servers, view, drills } = words.commands.groups;
const groups: readonly string[] = [room, show, captions, servers, view, drills];
const ranks = new Map(first.map((id, rank) => [id, rank - first.length]));

/** The commands as the palette lists them: what is done on air, the rooms, then the pages; what cannot run now stays in its place. */
export function inPaletteOrder(commands: readonly Command[]): readonly Command[] {
  const rankOf = ({ id, group }: Command): number =>
    ranks.get(id) ?? (groups.includes(group) ? groups.indexOf(group) : groups.length);
  return commands.toSorted((a, b) => rankOf(a) - rankOf(b) || Number(isGo(b)) - Number(isGo(a)));
}

/** The rooms themselves stand before what is done to the one that is open. */
const isGo = ({ id }: Command): boolean => id.startsWith('room.go ');
