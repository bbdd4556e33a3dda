// Runs, steps and approval requests as people see them, and figures over many of them. Reads only; whoever changes a run does it elsewhere.
export { countApprovals } from './approval-counts.ts';
export { getApproval, listApprovals } from './approvals.ts';
export { getAttemptRequest, listAttempts } from './attempts.ts';
export { getDashboard } from './dashboard.ts';
export { getObservability } from './observability.ts';
export { countRuns, getRun, listRuns } from './runs.ts';
export { getStep, listSteps } from './steps.ts';
export { toDraft } from './to-draft.ts';
