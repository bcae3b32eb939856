import type { DrillId } from '../../../../shared/contract/rehearsal.ts';
import { dialogWords } from '../../text/dialog-messages.ts';

type Group = keyof typeof dialogWords.first.drill.groups;

/** When in the life of a job a drill breaks something; the menu has the groups in the order of their first drill. */
const groups: Readonly<Record<DrillId, Group>> = {
  'refuse-429': 'start',
  'refuse-503': 'start',
  'no-v2': 'start',
  'hang-starting': 'start',
  'hang-running': 'run',
  'kill-job': 'run',
  orphan: 'run',
  'session-limit': 'run',
  'black-picture': 'run',
  'silent-rooms': 'run',
  'unheard-stop': 'end',
  'hang-ending': 'end',
  'refuse-storage': 'end',
  'backup-storage': 'end',
  'show-receivers': 'send',
  'drop-destination': 'send',
  'freeze-destination': 'send',
  'drop-feed': 'sound',
  'drop-transcriber': 'sound',
};
const order = Object.keys(groups);

export const groupOf = (id: DrillId): string => dialogWords.first.drill.groups[groups[id]];
export const byGroup = (a: { readonly id: DrillId }, b: { readonly id: DrillId }): number =>
  order.indexOf(a.id) - order.indexOf(b.id);
