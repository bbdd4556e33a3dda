// Runs from creation to end: start, control, finish, keep true. The loop in between is the workflow's.
export type { AgentRuns, AgentRunStart } from './agent-runs.ts';
export { cancelRun, pauseRun, resumeRun, steerRun } from './control-run.ts';
export { createRun } from './create-run.ts';
export { finishRun, recordPhase, type RunEnding, type RunFinished } from './finish-run.ts';
export { type SweepDeps, sweepRuns, type SweepResult } from './sweep-runs.ts';
