// One turn of an agent: what its models are asked, what follows from what they do, and what an answer means. The loop around it is the
// workflow's, waiting is Temporal's.
export { createDraftWriter } from './drafts.ts';
export { parseAnswer } from './output-schema.ts';
export type { CallToHandle, TurnResult } from './record-turn.ts';
export { readRequestBody } from './store-request.ts';
export { recordTurnFailure, takeTurn, TurnStopped } from './take-turn.ts';
export type { TurnDeps } from './turn-deps.ts';
