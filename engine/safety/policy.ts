import type { ApprovalTerms, MatchedRule, PolicyEffect } from '../../contracts/approvals.ts';
import type { RiskLevel, ToolEffect, ToolFacts } from '../../contracts/tools.ts';

/**
 * What is judged. `facts` is everything the verdict may rest on, as the ledger keeps it: what the tool says of the call, and under
 * `agent`, `run`, `taint`, `at` and `environment` who acts, what the run did so far, and when. A recorded question can be asked again.
 */
export interface PolicyQuestion {
  toolName: string;
  riskLevel: RiskLevel;
  effect: ToolEffect;
  facts: ToolFacts;
  /** The call's arguments are not known yet: policies that look at them do not decide and are near misses, and no fact of theirs is missed. */
  isBeforeArguments?: boolean;
}

/** What the policies say about one call. */
export interface PolicyVerdict {
  verdict: PolicyEffect;
  /** A sentence a person reads. */
  reason: string;
  matchedRules: MatchedRule[];
  policyVersion: string;
  /** Of the approval it asks for; null unless the verdict is `ask`. */
  terms: ApprovalTerms | null;
  /** Facts that were missing or of the wrong type: the verdict is then at least `ask`. */
  problems: string[];
}

/** A policy that was about this agent and tool, but whose conditions did not hold. */
export interface NearMiss {
  id: string;
  name: string;
  effect: PolicyEffect;
  description: string;
}

/** All live policies as they were at one moment. Judges from facts alone, so that every verdict can be judged again later. */
export interface PolicySet {
  version: string;
  judge(question: PolicyQuestion): PolicyVerdict;
  /** Policies that were about this agent and tool and did not decide because their conditions did not hold. */
  nearMisses(question: PolicyQuestion): NearMiss[];
  /** Facts that a policy about this agent and tool reads and the record lacks, although every such call has them today. */
  missingFacts(question: PolicyQuestion): string[];
}

/** The policies of this system; what goes live counts everywhere within two seconds. */
export interface Policies {
  /** Name of this installation (`production`, `staging`, …), a fact of every call. */
  environment: string;
  /**
   * Never call it inside a transaction: it may ask the database.
   * @param options.maxAgeMs how old the look may be, default 1,500; 0: what went live before this call is seen.
   */
  current(options?: { maxAgeMs?: number }): Promise<PolicySet>;
  /** The next {@link current} of this process sees what went live just now. */
  forget(): void;
}
