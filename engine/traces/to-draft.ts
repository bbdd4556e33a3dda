import type { Step } from '../../contracts/runs.ts';
import type { DraftPiece } from '../../db/repositories/drafts.repository.ts';

/**
 * What an open step has said so far: the pieces of its newest attempt, joined up to the first gap. A piece that was lost leaves one;
 * what comes behind it would read as if nothing were missing.
 */
export function toDraft(stepId: string, pieces: readonly DraftPiece[]): Step['draft'] {
  const own = pieces.filter((piece) => piece.step_id === stepId);
  if (own.length === 0) return null;
  const attempt = Math.max(...own.map((piece) => piece.attempt));
  const draft = { attempt, thought: '', text: '' };
  for (const { channel, offset, text, attempt: of } of own) {
    if (of === attempt && offset === draft[channel].length) draft[channel] += text;
  }
  return draft;
}
