import type { ConnectionLimits } from '../../../contracts/connections.ts';
import type { ProviderLimits } from '../language-model.ts';

/** A number from a header as a limit can be: whole, and within what an admin may set. Nothing, 0 and nonsense are no limit. */
const within = (told: number | undefined, least: number, most: number): number | null =>
  told !== undefined && told > 0 ? Math.min(most, Math.max(least, Math.round(told))) : null;

/** Limits per minute that a provider's headers tell; undefined when they tell none. */
export function toLearnedLimits({ requestsPerMinute, tokensPerMinute }: ProviderLimits): ConnectionLimits | undefined {
  const limits = { requests_per_minute: within(requestsPerMinute, 1, 1_000_000), tokens_per_minute: within(tokensPerMinute, 100, 1_000_000_000) };
  return limits.requests_per_minute === null && limits.tokens_per_minute === null ? undefined : limits;
}
