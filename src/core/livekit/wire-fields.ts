import { z } from 'zod';

/**
 * The API answers in snake_case with all defaults, webhooks and some proxies send camelCase without them: both become
 * snake_case here, so that one schema reads both. Depth and size are bounded by what was read from the wire.
 */
export function snakeCaseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCaseKeys);
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value))
    result[key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = snakeCaseKeys(
      (value as Record<string, unknown>)[key],
    );
  return result;
}

/** A text that may be left out or null. */
export const Text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
export const Flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
/** An int64, which JSON carries as a string. */
export const Int64 = z
  .union([z.string().regex(/^-?\d{1,19}$/), z.number().int()])
  .nullish()
  .transform((value) => BigInt(value ?? 0));

/** Nanoseconds to whole Unix milliseconds; null for the zero that means "not yet". */
export const msOrNull = (ns: bigint): number | null => (ns > 0n ? Number(ns / 1_000_000n) : null);
