import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface RehearseOptions {
  readonly seconds: number;
  readonly out: string;
  readonly room: string;
  readonly scene: string;
  readonly feed: 'direct' | 'track-socket';
  readonly drill: 'refuse-429' | 'refuse-503' | null;
  readonly isJson: boolean;
}

export const help = `The main job without a window: starts the rehearsal, records and captions, checks every word and file.

npm run rehearse -- [options]
  --seconds N     how long to record (60)
  --out DIR       where files, exports and the journal go (out/rehearsal)
  --room NAME     town-hall
  --scene NAME    town-hall
  --feed KIND     direct or track-socket
  --drill NAME    refuse-429 or refuse-503: the server refuses the recording
  --json          the summary as JSON
  --help          this list

Exit code 0 only if all of it is right.`;

/** Null: help was asked for. Throws an Error with a sentence where a value is wrong. */
export function parseRehearseOptions(args: readonly string[]): RehearseOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '60' },
      out: { type: 'string', default: 'out/rehearsal' },
      room: { type: 'string', default: 'town-hall' },
      scene: { type: 'string', default: 'town-hall' },
      feed: { type: 'string', default: 'direct' },
      drill: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const seconds = Number(values.seconds);
  if (!(seconds >= 5 && seconds <= 43_200)) throw new Error('--seconds takes a number from 5 to 43200.');
  const { feed, drill = null } = values;
  if (feed !== 'direct' && feed !== 'track-socket') throw new Error('--feed is direct or track-socket.');
  if (drill !== null && drill !== 'refuse-429' && drill !== 'refuse-503')
    throw new Error('--drill is refuse-429 or refuse-503.');
  return {
    seconds,
    out: resolve(values.out),
    room: values.room,
    scene: values.scene,
    feed,
    drill,
    isJson: values.json,
  };
}
