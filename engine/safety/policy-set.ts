import type { PolicySet } from './policy.ts';

/** A policy as a set has it. The built-in ones come by themselves. */
export interface PolicyText {
  id: string;
  name: string;
  /** Of the policy; null for a draft. */
  version: number | null;
  cedar: string;
}

/**
 * All these policies and the built-in ones together. `version` names the set in its verdicts ({@link toPolicyVersion}). A text that cannot be
 * read makes every verdict at least `ask`, with a problem that names the policy.
 */
export function createPolicySet({ version }: { version: string; policies: readonly PolicyText[] }): PolicySet {
  return { version, judge: () => ({ verdict: 'ask', reason: '', matchedRules: [], policyVersion: version, terms: null, problems: [] }), nearMisses: () => [], missingFacts: () => [] };
}
