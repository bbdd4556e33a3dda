import type { FinishReason } from '../language-model.ts';

/**
 * Why the answer ended. A reason that is not known yet is read by what was sent.
 * @see https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons (2026-11)
 */
export function toFinishReason(stopReason: string | null | undefined, { hasToolCalls }: { hasToolCalls: boolean }): FinishReason {
  switch (stopReason) {
    case 'refusal':
      return 'refusal';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'max_tokens';
    default:
      return hasToolCalls ? 'tool_calls' : 'stop';
  }
}
