import type { RunRow } from '../../db/repositories/runs.repository.ts';
import type { ResolvedModel } from '../llm/index.ts';
import type { Failure } from './after-failure.ts';

export interface BudgetFacts {
  run: Pick<RunRow, 'limits' | 'input_tokens' | 'output_tokens' | 'cost_micro_usd'>;
  resolved: Pick<ResolvedModel, 'estimateCostMicroUsd' | 'model'>;
  /** Estimated tokens of the call. */
  inputTokens: number;
  outputTokens: number;
  /** A dearer model was passed over for its cost, so that one without a price will not do. */
  mustHavePrice: boolean;
}

const count = (tokens: number): string => tokens.toLocaleString('en-US');
const dollars = (microUsd: number): string => `$${(microUsd / 1e6).toFixed(microUsd < 10_000 ? 6 : 4)}`;

/** Why a call would exceed what is left of the run's limits, by the estimate; undefined when it may be made. Unknown cost counts as none. */
export function checkBudget({ run, resolved, inputTokens, outputTokens, mustHavePrice }: BudgetFacts): Failure | undefined {
  const { max_tokens: maxTokens, max_cost_micro_usd: maxCost } = run.limits;
  const used = run.input_tokens + run.output_tokens;
  const next = inputTokens + outputTokens;
  if (used + next > maxTokens) {
    return { code: 'LIMIT_TOKENS', message: `The run used ${used} of ${maxTokens} tokens, and the next call needs about ${count(next)}. Raise the limit of tokens, or make the task smaller.` };
  }
  if (maxCost === null) return undefined;
  const cost = resolved.estimateCostMicroUsd(inputTokens, outputTokens);
  if (cost === undefined) return mustHavePrice ? { code: 'LIMIT_COST', message: `What a call of ${resolved.model} costs is not known, so it cannot stand in for a dearer model.` } : undefined;
  if (run.cost_micro_usd + cost <= maxCost) return undefined;
  return {
    code: 'LIMIT_COST',
    message: `The run spent ${dollars(run.cost_micro_usd)} of its limit of ${dollars(maxCost)}, and the next call of ${resolved.model} would cost about ${dollars(cost)}. Raise the limit, or give the agent a cheaper fallback model.`,
  };
}
