// The life of policies: drafts, what goes live and what is taken back, what a call would get, and what was decided. Cedar itself is engine/safety's.
export { checkPolicy } from './checking/check-policy.ts';
export { createPolicy } from './drafts/create-policy.ts';
export { discardPolicyDraft } from './drafts/discard-draft.ts';
export { getPolicy } from './reading/get-policy.ts';
export { insertDemoPolicy } from './going-live/insert-demo-policy.ts';
export { listDecisions } from './reading/list-decisions.ts';
export { listPolicies } from './reading/list-policies.ts';
export { listPoliciesNaming } from './reading/list-policies-naming.ts';
export { listPolicySets } from './reading/list-sets.ts';
export { listPolicyVersions } from './reading/list-versions.ts';
export { needsApproval } from './trying/judge-tool.ts';
export { publishPolicy } from './going-live/publish-policy.ts';
export { rollBackPolicy } from './going-live/roll-back-policy.ts';
export { savePolicyDraft } from './drafts/save-draft.ts';
export { simulateAgent } from './trying/simulate-agent.ts';
export { tryCall } from './trying/try-call.ts';
export { turnOffPolicy } from './going-live/turn-off-policy.ts';
