import type { Person } from '../model/room.ts';
import type { ServerKind } from '../model/server.ts';

/** What is wrong with a request, known before it is sent. */
export interface Finding {
  /** Where in the request, as a path: `outputs.file.fileType`. */
  readonly field: string;
  /** `refuse`: the server would refuse it, or a worker would break on it. `warn`: it is not what one might think. */
  readonly severity: 'refuse' | 'warn';
  /** One sentence, and what to do where that is not plain. */
  readonly text: string;
}

/** What is known of where the request goes; what is left out is not checked. */
export interface CheckContext {
  readonly people?: readonly Pick<Person, 'identity' | 'tracks'>[];
  readonly serverKind?: ServerKind;
}

export const refuse = (field: string, text: string): Finding => ({ field, severity: 'refuse', text });
export const warn = (field: string, text: string): Finding => ({ field, severity: 'warn', text });
