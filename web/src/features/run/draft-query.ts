import type { Step } from '@contracts/runs.ts';
import { type QueryClient, skipToken, useQuery } from '@tanstack/react-query';
import { type Trace, traceQuery } from '@/components/trace/trace-query.ts';
import { type Draft, draftOf, furthestDraft, mergeDelta } from '@/lib/live/draft.ts';
import type { TextDelta } from '@/lib/live/live-channel.ts';

/** Least time between readings for a gap: what was lost for good is missing the next time too, and words come seven times a second. */
const betweenRereadsMs = 1_000;

const draftKey = (stepId: string) => ['draft', stepId] as const;

/** What a turn has said so far: what the trace was read with, and what was heard since. Null when there is nothing to show of it. */
export const useDraft = (step: Step): Draft | null => {
  const { data } = useQuery<Draft>({ queryKey: draftKey(step.id), queryFn: skipToken });
  return draftOf(step, data ?? null);
};

const readDraft = (trace: Trace, stepId: string): Draft | null => {
  for (const page of trace.pages.toReversed()) {
    const step = page.items.find((one) => one.id === stepId);
    if (step !== undefined) return step.draft;
  }
  return null;
};

/** Runs whose trace is going to be read again. */
const planned = new Set<string>();

/**
 * Reads the trace of a run again, soon. Always in the end, since the piece that showed the gap may have been the last for a while. A reading
 * under way is waited for, as it may have begun before the piece was written; cancelled, on a slow line none would ever finish.
 */
const readAgain = (client: QueryClient, runId: string): void => {
  if (planned.has(runId)) return;
  planned.add(runId);
  const { queryKey } = traceQuery(runId);
  const read = (): void => {
    if (client.isFetching({ queryKey }) > 0) {
      setTimeout(read, betweenRereadsMs);
      return;
    }
    planned.delete(runId);
    void client.invalidateQueries({ queryKey }, { cancelRefetch: false });
  };
  setTimeout(read, Math.max(0, (client.getQueryState(queryKey)?.dataUpdatedAt ?? 0) + betweenRereadsMs - Date.now()));
};

/**
 * Adds pieces that arrived to the drafts of runs whose trace is on screen or was a moment ago; of others nothing is kept. A run of which
 * something was missed is read again.
 */
export const applyDeltas = (client: QueryClient, deltas: readonly TextDelta[]): void => {
  const missed = new Set<string>();
  for (const { run_id: runId, data } of deltas) {
    if (runId === null) continue;
    const trace = client.getQueryState(traceQuery(runId).queryKey);
    if (trace?.data === undefined) {
      if (trace?.fetchStatus === 'fetching') missed.add(runId);
      continue;
    }
    const key = draftKey(data.step_id);
    const merged = mergeDelta(furthestDraft(client.getQueryData<Draft>(key) ?? null, readDraft(trace.data, data.step_id)), data);
    if (merged === 'gap') missed.add(runId);
    else client.setQueryData<Draft>(key, merged);
  }
  for (const runId of missed) readAgain(client, runId);
};
