import type { Attempt } from '@contracts/runs.ts';
import { formatClock } from '@/lib/format.ts';

/** How a request to a model came out, in a word or two. */
export const outcomeOf = ({ status, is_cached: isCached }: Pick<Attempt, 'status' | 'is_cached'>): string => {
  if (isCached) return 'From cache';
  switch (status) {
    case 'running': return 'Under way';
    case 'succeeded': return 'Answered';
    case 'failed': return 'Failed';
    case 'abandoned': return 'Given up';
  }
};

/** What followed from a request that failed; null when nothing did. */
export const wordsAfter = ({ action, retry_at: retryAt }: Pick<Attempt, 'action' | 'retry_at'>): string | null => {
  switch (action) {
    case null: return null;
    case 'retry': return retryAt === null ? 'Tried again.' : `Next attempt at ${formatClock(retryAt)}.`;
    case 'fallback': return 'The next model was asked.';
    case 'compact': return 'Asked again with a shorter conversation.';
    case 'repair': return 'Asked to mend the form of its answer.';
    case 'end': return 'This ended the turn.';
  }
};
