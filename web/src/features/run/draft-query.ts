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

/** Reads the trace of a run again, soon. Always in the end, since the piece that showed the gap may have been the last for a while. */
const readAgain = (client: QueryClient, runId: string): void => {
  if (planned.has(runId)) return;
  planned.add(runId);
  const { queryKey } = traceQuery(runId);
  const readAt = client.getQueryState(queryKey)?.dataUpdatedAt ?? 0;
  setTimeout(() => {
    planned.delete(runId);
    // A reading under way may have begun before the piece was written: it does not count.
    void client.invalidateQueries({ queryKey });
  }, Math.max(0, readAt + betweenRereadsMs - Date.now()));
};

/**
 * Adds pieces that arrived to the drafts of runs whose trace is on screen or was a moment ago; of others nothing is kept. A run of which
 * something was missed is read again.
 */
export const applyDeltas = (client: QueryClient, deltas: readonly TextDelta[]): void => {
  const missed = new Set<string>();
  for (const { run_id: runId, data } of deltas) {
    const trace = runId === null ? undefined : client.getQueryData(traceQuery(runId).queryKey);
    if (runId === null || trace === undefined) continue;
    const key = draftKey(data.step_id);
    const merged = mergeDelta(furthestDraft(client.getQueryData<Draft>(key) ?? null, readDraft(trace, data.step_id)), data);
    if (merged === 'gap') missed.add(runId);
    else client.setQueryData<Draft>(key, merged);
  }
  for (const runId of missed) readAgain(client, runId);
};
