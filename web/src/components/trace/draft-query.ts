import type { MaestroEvent } from '@contracts/events.ts';
import type { Step } from '@contracts/runs.ts';
import { type QueryClient, skipToken, useQuery } from '@tanstack/react-query';
import { type Draft, furthestDraft, mergeDelta } from '@/lib/live/draft.ts';
import type { Trace } from './trace-query.ts';
import { traceQuery } from './trace-query.ts';

const draftKey = (stepId: string) => ['draft', stepId] as const;

/** What an open turn has said so far: what the trace was read with, and what was heard since. Null when it is not open. */
export const useDraft = (step: Step): Draft | null => {
  const { data } = useQuery<Draft>({ queryKey: draftKey(step.id), queryFn: skipToken });
  return step.status === 'running' && step.kind === 'reasoning' ? furthestDraft(step.draft, data ?? null) : null;
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
export const applyDeltas = (client: QueryClient, events: readonly MaestroEvent[]): void => {
  const missed = new Set<string>();
  for (const event of events) {
    if (event.type !== 'text-delta' || event.run_id === null) continue;
    const trace = client.getQueryData(traceQuery(event.run_id).queryKey);
    if (trace === undefined) continue;
    const key = draftKey(event.data.step_id);
    const merged = mergeDelta(furthestDraft(client.getQueryData<Draft>(key) ?? null, readDraft(trace, event.data.step_id)), event.data);
    if (merged === 'gap') missed.add(event.run_id);
    else client.setQueryData<Draft>(key, merged);
  }
  for (const runId of missed) void client.invalidateQueries({ queryKey: traceQuery(runId).queryKey }, { cancelRefetch: false });
};
