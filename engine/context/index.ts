// Lives here: what enters a prompt. How much of it fits, what is left out and said to be left out, how foreign text is fenced off.
// Does not: what the prompt says (reasoning), how a provider wants it (llm).
export { estimateTokens } from './estimate-tokens.ts';
export { fitContext, type FittedContext } from './fit-context.ts';
export { frameUntrusted } from './frame-untrusted.ts';
export { shortenResult } from './shorten-result.ts';
