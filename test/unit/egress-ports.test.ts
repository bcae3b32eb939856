// Egress of a server, as the jobs call it.
import { expect, test } from 'vitest';
import { jobEgress } from '../../src/core/console/egress-ports.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';

type Parts = Parameters<typeof jobEgress>[0];

test('a server known without egress is not asked to start, unless its list says that it has some by now', async () => {
  const asked: string[] = [];
  let hasEgress = false;
  const api = {
    listEgress: async () => {
      asked.push('list');
      if (hasEgress) return [];
      throw new ProblemError({ code: 'egress-not-connected', fault: 'server', retryable: false, text: 'No egress.' });
    },
    startEgress: async () => {
      asked.push('start');
      return { snapshot: {}, ignored: [] };
    },
  };
  const port = jobEgress({
    servers: { find: () => ({ kind: 'local', egress: 'absent' }) },
    access: { api: async () => api },
  } as unknown as Parts)('s'); // as much of them as a start asks for
  const start = async () => port?.start('hall', programRequest('a'), new AbortController().signal);
  await expect(start()).rejects.toMatchObject({ problem: { code: 'egress-not-connected' } });
  expect(asked).toEqual(['list']);
  hasEgress = true;
  await start();
  expect(asked).toEqual(['list', 'list', 'start']);
});
