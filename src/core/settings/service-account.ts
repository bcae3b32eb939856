import { z } from 'zod';

const ServiceAccount = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(3).max(320),
  private_key: z.string().min(1),
});

/** The service account of a key file of Google; null where it is none. Its e-mail address is no secret, its key is. */
export function serviceAccountOf(json: string | undefined): { readonly email: string } | null {
  if (json === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null; // no JSON: no account
  }
  const read = ServiceAccount.safeParse(value);
  return read.success ? { email: read.data.client_email } : null;
}
