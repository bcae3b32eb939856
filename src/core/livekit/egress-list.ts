import { z } from 'zod';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { parseEgressInfo, unclearEgress, type EgressSnapshot } from './egress-info.ts';
import type { ListReader } from './kept-reader.ts';
import { readAnswer } from './read-answer.ts';

/** Far more than a server keeps of a day. */
const maxParts = 100;

type Body = Readonly<Record<string, unknown>>;

/**
 * Reads a whole list of egress. A server of one's own tells it in one answer (measured); the protocol allows parts, and half a
 * list would say that the jobs of the other half are gone. Rejects as `ask` does, or with a ProblemError.
 */
export async function readEgressList(
  body: Body,
  ask: (body: Body) => Promise<string>,
  read: ListReader<EgressSnapshot | null> = (items) => items.map(readEgress),
): Promise<readonly EgressSnapshot[]> {
  const list: unknown[] = [];
  let token = '';
  for (let part = 1; part <= maxParts; part++) {
    const { items, next_page_token: next } = readAnswer(
      parsePart,
      await ask(token === '' ? body : { ...body, page_token: { token } }),
    );
    list.push(...items);
    if (!next?.token) return read(list).filter((item) => item !== null);
    if (next.token === token) break;
    token = next.token;
  }
  throw new ProblemError({
    code: 'list-endless',
    fault: 'server',
    retryable: true,
    text: 'The list of jobs of this server has no end.',
  });
}

const Part = z.object({
  items: z.array(z.unknown()).default([]),
  next_page_token: z.object({ token: z.string().default('') }).nullish(),
});

const parsePart = (value: unknown): z.infer<typeof Part> | null => Part.safeParse(value).data ?? null;

/** An entry that cannot be read hides no other, and is there all the same: left out, it would be taken for gone. */
export const readEgress = (item: unknown): EgressSnapshot | null => parseEgressInfo(item) ?? unclearEgress(item);
