/**
 * Share of runs that completed among those that came to an end by themselves. A run a person cancelled says nothing about
 * the agent and is left out; runs that timed out count as failed. Null when nothing ended.
 */
export const toSuccessRate = (completed: number, failed: number): number | null =>
  completed + failed === 0 ? null : completed / (completed + failed);
