// Verdicts on tool calls: facts in, allow, ask or deny out. Who may then decide, and how, lives in hitl; who changes policies, in governance.
export { type BuiltInPolicy, builtInPolicies, toPolicyVersion } from './built-in-policies.ts';
export { checkPolicySource, type PolicySource } from './cedar/check-policy-source.ts';
export { describePolicy } from './cedar/describe-policy.ts';
export { goesByName, type NamedThing } from './cedar/goes-by-name.ts';
export { listQuorumDemands } from './cedar/list-quorum-demands.ts';
export { strictness } from './cedar/effect-of.ts';
export { compareTerms, isAtLeastAsStrict } from './compare-terms.ts';
export { checkToolCall } from './check-tool-call.ts';
export { findAgentCircumstances, findCircumstances, newRun } from './circumstances.ts';
export { createPolicies } from './create-policies.ts';
export { withEscalations } from './escalated-requirements.ts';
export { toCircumstanceFacts } from './facts/to-facts.ts';
export { listPolicyFacts } from './facts/list-policy-facts.ts';
export { askingPerson, cannotBeMade, isStillSaid, type JudgeDeps, judgeCall, type Judgement, prepareJudge } from './judge-call.ts';
export { applyJudgement, recordJudgement } from './record-judgement.ts';
export type { NearMiss, Policies, PolicyQuestion, PolicySet, PolicyVerdict } from './policy.ts';
export { findPolicyEngineOutage, logPolicyEngineBreakdowns } from './policy-engine.ts';
export { createPolicySet, type PolicyText } from './policy-set.ts';
