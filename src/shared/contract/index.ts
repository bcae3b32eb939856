import { addresses } from './addresses.ts';
import { captions, transcript } from './captions.ts';
import { control } from './control.ts';
import { destinations } from './destinations.ts';
import { files } from './files.ts';
import { history } from './history.ts';
import { incidents } from './incidents.ts';
import { jobs } from './jobs.ts';
import { levels } from './levels.ts';
import { limits } from './limits.ts';
import { observability } from './observability.ts';
import { prices } from './prices.ts';
import { rehearsal } from './rehearsal.ts';
import { rooms } from './rooms.ts';
import { rules } from './rules.ts';
import { servers } from './servers.ts';
import { settings } from './settings.ts';
import { shows } from './shows.ts';
import { storages } from './storages.ts';
import { system } from './system.ts';

/** The whole conversation between a page and the core. A new call is one entry here and one handler in the core. */
export const contract = {
  ...servers,
  ...rooms,
  ...control,
  ...rules,
  ...jobs,
  ...history,
  ...addresses,
  ...storages,
  ...files,
  ...shows,
  ...destinations,
  ...limits,
  ...prices,
  ...captions,
  ...transcript,
  ...levels,
  ...incidents,
  ...settings,
  ...system,
  ...observability,
  ...rehearsal,
};
export type ConsoleContract = typeof contract;
