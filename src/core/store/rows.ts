import type { z } from 'zod';
import type { Log } from '../live/log.ts';

/** Reads a JSON column. A row that cannot be read stays in the file, is told to the log, and is left out. */
export function readJson<T extends z.ZodType>(
  schema: T,
  rows: readonly Record<string, unknown>[],
  column: string,
  log: Log,
): z.output<T>[] {
  const values: z.output<T>[] = [];
  for (const row of rows) {
    const parsed = schema.safeParse(parseText(row[column]));
    if (parsed.success) values.push(parsed.data);
    else
      log.warn('A row of the journal could not be read', {
        column,
        id: typeof row['id'] === 'string' ? row['id'] : '',
      });
  }
  return values;
}

function parseText(text: unknown): unknown {
  try {
    return JSON.parse(String(text)) as unknown;
  } catch {
    return undefined; // no JSON: the schema refuses it, and the row is named in the log
  }
}
