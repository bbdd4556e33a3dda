// Questions to people and their answers. One function settles a request, whatever door the decision came through.
export { type OpenApproval, requestApproval } from './request-approval.ts';
export { settleApproval, type SettleDeps, withdrawRequests } from './settle-approval.ts';
export { type DecisionSignal, type DecisionTaken, expireApproval, takeDecision } from './take-decision.ts';
