// Answers kept for identical requests. Whether an agent allows it is its definition's to say.
export { type AnswerCache, createAnswerCache } from './answer-cache.ts';
