// The life of policies: drafts, what goes live and what is taken back, what a call would get, and what was decided. Cedar itself is engine/safety's.
export { checkPolicy } from './check-policy.ts';
export { createPolicy } from './create-policy.ts';
export { discardPolicyDraft } from './discard-draft.ts';
export { getPolicy } from './get-policy.ts';
export { insertDemoPolicy } from './insert-demo-policy.ts';
export { listDecisions } from './list-decisions.ts';
export { listPolicies } from './list-policies.ts';
export { listPolicySets } from './list-sets.ts';
export { listPolicyVersions } from './list-versions.ts';
export { needsApproval } from './judge-tool.ts';
export { publishPolicy } from './publish-policy.ts';
export { rollBackPolicy } from './roll-back-policy.ts';
export { savePolicyDraft } from './save-draft.ts';
export { simulateAgent } from './simulate-agent.ts';
export { tryCall } from './try-call.ts';
export { turnOffPolicy } from './turn-off-policy.ts';
