// Verdicts on tool calls: facts in, allow, ask or deny out. Who may then decide, and how, lives in hitl; who changes policies, in governance.
export { checkToolCall } from './check-tool-call.ts';
export { type Circumstances, findCircumstances } from './circumstances.ts';
export { createPolicies } from './create-policies.ts';
export { type JudgeDeps, judgeCall, type Judgement } from './judge-call.ts';
export type { NearMiss, Policies, PolicyQuestion, PolicySet, PolicyVerdict } from './policy.ts';
