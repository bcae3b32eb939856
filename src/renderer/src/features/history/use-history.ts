import { useEffect, useState } from 'react';
import type { HistoryFilter, StoryLine } from '../../../../shared/contract/history.ts';
import type { Job } from '../../../../shared/model/job.ts';
import type { Problem } from '../../../../shared/model/common.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { useApi } from '../../api-context.ts';
import { download } from '../../ui/download.ts';

export const pageSize = 50;
/** Letters that come in one go are asked for once. */
const settleMs = 150;

export interface HistoryPage {
  readonly jobs: readonly Job[];
  readonly total: number;
  readonly rooms: readonly string[];
}

/** One page of the history; null until it is there. The page before stays while the next is asked for. */
export function useHistory(
  filter: HistoryFilter,
  offset: number,
): { readonly page: HistoryPage | null; readonly problem: Problem | null } {
  const api = useApi();
  const [page, setPage] = useState<HistoryPage | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const key = JSON.stringify({ filter, offset });
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(() => {
      const asked = JSON.parse(key) as { readonly filter: HistoryFilter; readonly offset: number };
      api
        .run((core) => core.history({ ...asked, limit: pageSize }))
        .then(
          (result) => {
            if (!isWanted) return;
            setPage(result);
            setProblem(null);
          },
          (error: unknown) => isWanted && setProblem(problemOf(error)),
        );
    }, settleMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [api, key]);
  return { page, problem };
}

/** What happened to a job; null until it is there. */
export function useStory(jobId: string): readonly StoryLine[] | null {
  const api = useApi();
  const [lines, setLines] = useState<readonly StoryLine[] | null>(null);
  useEffect(() => {
    let isWanted = true;
    api
      .run((core) => core.jobStory({ jobId }))
      .then(
        (result) => isWanted && setLines(result.lines),
        () => isWanted && setLines([]), // the row itself stays in sight
      );
    return () => {
      isWanted = false;
    };
  }, [api, jobId]);
  return lines;
}

/** Hands what the filter leaves over as a file. Resolves with how many jobs are in it; rejects with a ProblemError. */
export function useExport(): (filter: HistoryFilter, format: 'csv' | 'json') => Promise<number> {
  const api = useApi();
  return async (filter, format) => {
    const file = await api.run((core) => core.exportHistory({ filter, format }));
    download(file.fileName, file.mimeType, file.text);
    return file.count;
  };
}
