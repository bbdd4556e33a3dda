// One turn of an agent: what the model is asked, and what its answer means. The loop around it is the workflow's.
export { type CallToHandle, recordTurnFailure, takeTurn, type TurnDeps, type TurnResult } from './take-turn.ts';
