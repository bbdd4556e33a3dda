// Questions to people and their answers: who may decide, by when, on what terms. One function settles a request, whatever door the decision
// came through. asking/ puts questions and looks again before a call is made, rules/ say who may decide and on what terms, settling/ writes what was
// decided. Does not live here: what is asked and why (safety), and how people are told (notices).
export { decideInBulk } from './settling/decide-in-bulk.ts';
export { type Ballot, concerns, countVotes, escalatedApprovers, mayApprove } from './rules/eligibility.ts';
export { type Electorate, loadElectorate } from './rules/electorate.ts';
export { extendApproval } from './extend-approval.ts';
export { judgeAgain } from './asking/judge-again.ts';
export { type OpenApproval, requestApproval } from './asking/request-approval.ts';
export { settleApproval, withdrawRequests } from './settling/settle-approval.ts';
export type { SettleDeps, Settlement } from './settling/settlement.ts';
export { type DecisionSignal, type DecisionTaken, expireApproval, takeDecision } from './take-decision.ts';
export { listDeciderIds } from './tell-of-request.ts';
export { ballotOf, extendableUntil, termsOf } from './rules/terms.ts';
