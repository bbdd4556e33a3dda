import type { Step } from '@contracts/runs.ts';

/**
 * Sums over steps. Open steps are kept as count and sum of their starts, so that a row's time at any `now` is one
 * multiplication and no walk through the tree.
 */
export interface Figures {
  closedMs: number;
  openSteps: number;
  openStartsSum: number;
  modelCalls: number;
  inputTokens: number;
  outputTokens: number;
  /** Model calls whose tokens or price nobody knows: their sums are unknown, not smaller. */
  callsWithoutTokens: number;
  callsWithoutCost: number;
  costMicroUsd: number;
}

export const noFigures = (): Figures => ({
  closedMs: 0, openSteps: 0, openStartsSum: 0, modelCalls: 0, inputTokens: 0, outputTokens: 0, callsWithoutTokens: 0, callsWithoutCost: 0, costMicroUsd: 0,
});

/** Adds a step to sums it belongs to. */
export const addStep = (sums: Figures, step: Step): void => {
  if (step.finished_at === null) {
    sums.openSteps += 1;
    sums.openStartsSum += Date.parse(step.started_at);
  } else sums.closedMs += step.duration_ms ?? Math.max(0, Date.parse(step.finished_at) - Date.parse(step.started_at));
  if (step.usage === null) return;
  sums.modelCalls += 1;
  if (step.usage.input_tokens === null || step.usage.output_tokens === null) sums.callsWithoutTokens += 1;
  else {
    sums.inputTokens += step.usage.input_tokens;
    sums.outputTokens += step.usage.output_tokens;
  }
  if (step.cost_micro_usd === null) sums.callsWithoutCost += 1;
  else sums.costMicroUsd += step.cost_micro_usd;
};

/** Milliseconds at `now`, open steps counted up to it. */
export const durationAt = (sums: Figures, now: number): number => sums.closedMs + Math.max(0, sums.openSteps * now - sums.openStartsSum);

/** Tokens in and out together: undefined where no model was called, null where a count is unknown. */
export const tokensOf = (sums: Figures): number | null | undefined =>
  sums.modelCalls === 0 ? undefined : sums.callsWithoutTokens > 0 ? null : sums.inputTokens + sums.outputTokens;

/** Cost in micro-dollars: undefined where no model was called, null where a price is unknown. */
export const costOf = (sums: Figures): number | null | undefined =>
  sums.modelCalls === 0 ? undefined : sums.callsWithoutCost > 0 ? null : sums.costMicroUsd;
