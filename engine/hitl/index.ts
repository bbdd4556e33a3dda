// Questions to people and their answers: who may decide, by when, on what terms. One function settles a request, whatever door the decision
// came through. Does not live here: what is asked and why (safety), and how people are told (notices).
export { decideInBulk } from './decide-in-bulk.ts';
export { type Ballot, concernOf, countVotes, escalatedApprovers, isNamed, mayApprove } from './eligibility.ts';
export { type Electorate, loadElectorate } from './electorate.ts';
export { extendApproval } from './extend-approval.ts';
export { judgeAgain } from './judge-again.ts';
export { type OpenApproval, requestApproval } from './request-approval.ts';
export { settleApproval, withdrawRequests } from './settle-approval.ts';
export type { SettleDeps, Settlement } from './settlement.ts';
export { type DecisionSignal, type DecisionTaken, expireApproval, takeDecision } from './take-decision.ts';
export { extendableUntil, termsOf } from './terms.ts';
