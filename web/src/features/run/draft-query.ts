import type { Step } from '@contracts/runs.ts';
import { type QueryClient, skipToken, useQuery } from '@tanstack/react-query';
import { type Trace, traceQuery } from '@/components/trace/trace-query.ts';
import { type Draft, draftOf, furthestDraft, mergeDelta } from '@/lib/live/draft.ts';
import type { TextDelta } from '@/lib/live/live-channel.ts';

/** How long after a reading a gap is left alone: what was lost for good is not there the next time either, and words come seven times a second. */
const rereadAfterMs = 2_000;

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
  for (const runId of missed) {
    const { queryKey } = traceQuery(runId);
    if (Date.now() - (client.getQueryState(queryKey)?.dataUpdatedAt ?? 0) >= rereadAfterMs) void client.invalidateQueries({ queryKey }, { cancelRefetch: false });
  }
};
