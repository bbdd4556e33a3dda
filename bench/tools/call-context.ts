import type { ToolCallContext } from '../../engine/tools/tool.ts';

/** A call on its own: nothing is recorded, nothing is claimed. */
export const callContext = (): ToolCallContext => ({
  runId: crypto.randomUUID(), toolCallId: crypto.randomUUID(), idempotencyKey: crypto.randomUUID(), signal: new AbortController().signal,
  confirmClaim: () => Promise.resolve(),
  readResult: () => Promise.reject(new Error('the bench has no earlier result')),
  readFile: () => Promise.reject(new Error('the bench has no file')),
  revealSecrets: (text) => Promise.resolve(text),
  reportProgress: () => undefined,
});
