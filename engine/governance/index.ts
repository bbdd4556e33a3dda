// Who acts, which rules are live, and what is written down about both. Calls are judged in engine/safety.
export { type Actor, systemActor, toAuditActor } from './actor.ts';
export {
  type BackTestEnding, type BackTestRunner, cancelBackTest, carryOutBackTest, endBackTest, getBackTest, listBackTestDecisions, listBackTests, startBackTest, sweepBackTest,
} from './back-tests/index.ts';
export { exportAudit } from './audit/export-audit.ts';
export { listAudit } from './audit/list-audit.ts';
export { verifyAudit } from './audit/verify-audit.ts';
export {
  checkPolicy, createPolicy, discardPolicyDraft, getPolicy, insertDemoPolicy, listDecisions, listPolicies, listPoliciesNaming, listPolicySets, listPolicyVersions, needsApproval, publishPolicy, rollBackPolicy, savePolicyDraft, simulateAgent, tryCall, turnOffPolicy,
} from './policies/index.ts';
