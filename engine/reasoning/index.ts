// One turn of an agent: what the model is asked, and what its answer means. The loop around it is the workflow's.
export type { CallToHandle, TurnResult } from './record-turn.ts';
export { recordTurnFailure, takeTurn, type TurnDeps } from './take-turn.ts';
export { readRequestBody } from './store-request.ts';
