import { maxPageSize } from '@contracts/pagination.ts';
import type { Step } from '@contracts/runs.ts';
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/api-client.ts';

interface TracePage {
  /** Where this page starts; null is the beginning of the run. */
  cursor: string | null;
  items: Step[];
  next: string | null;
}

/** The steps of a run as far as they are read; `isWhole` once the last page is in. */
export interface Trace {
  pages: TracePage[];
  isWhole: boolean;
}

/** The last full page is read again too: the turn that gives the answer is renamed to "finish" when the run ends. */
const rereadFullPages = 1;
const isSettled = (step: Step): boolean => step.finished_at !== null && step.status !== 'running' && step.status !== 'waiting';

/** Pages at the start that cannot change any more: full, and every step in them has ended. */
export const settledPages = (pages: TracePage[]): TracePage[] => {
  const open = pages.findIndex((page) => page.next === null || !page.items.every(isSettled));
  return pages.slice(0, Math.max(0, (open < 0 ? pages.length : open) - rereadFullPages));
};

/**
 * The whole trace of a run, read page by page in order. What is read is shown at once; a refresh reads only the pages
 * that may have changed, so that a live run of ten thousand steps costs one or two requests per change and not fifty.
 */
export const traceQuery = (runId: string) =>
  queryOptions<Trace>({
    queryKey: ['listSteps', { params: { run_id: runId } }, 'trace'],
    queryFn: async ({ signal, client, queryKey }) => {
      const before = client.getQueryData<Trace>(queryKey);
      const pages = settledPages(before?.pages ?? []);
      let cursor = pages.at(-1)?.next ?? null;
      // Parts are shown after 1, 2, 4, 8 … pages: each showing builds the tree anew.
      let showAfter = 1;
      for (;;) {
        const answer = await api.call('listSteps', { params: { run_id: runId }, query: { limit: maxPageSize, ...(cursor === null ? {} : { cursor }) }, signal });
        pages.push({ cursor, items: answer.items, next: answer.next_cursor });
        if (answer.next_cursor === null) return { pages, isWhole: true };
        cursor = answer.next_cursor;
        if (before === undefined && pages.length >= showAfter) {
          client.setQueryData<Trace>(queryKey, { pages: [...pages], isWhole: false });
          showAfter *= 2;
        }
      }
    },
  });

/** All steps of a trace in order. */
export const stepsOf = (trace: Trace): Step[] => trace.pages.flatMap((page) => page.items);
