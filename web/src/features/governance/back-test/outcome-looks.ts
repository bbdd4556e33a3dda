import type { BackTest, BackTestOutcome } from '@contracts/back-tests.ts';
import { CircleCheck, CircleHelp, type LucideIcon, ShieldPlus, ShieldX } from 'lucide-react';
import { countOf, formatInteger } from '@/lib/format.ts';

/** How each outcome is called and drawn, in the order they matter: what a draft would let through comes first. */
export const outcomeLooks: Record<BackTestOutcome, { word: string; meaning: string; icon: LucideIcon; tint: string }> = {
  looser: { word: 'Looser', meaning: 'The draft stops less than what is live.', icon: ShieldX, tint: 'bg-failed-tint text-failed-text' },
  stricter: { word: 'Stricter', meaning: 'The draft stops more than what is live.', icon: ShieldPlus, tint: 'bg-waiting-tint text-waiting-text' },
  unchanged: { word: 'Unchanged', meaning: 'The draft decides as what is live.', icon: CircleCheck, tint: 'bg-completed-tint text-completed-text' },
  not_replayable: { word: 'Cannot be replayed', meaning: 'The record lacks a fact the policies ask for.', icon: CircleHelp, tint: 'bg-muted text-foreground' },
};

/** What a back-test found, in a sentence. */
export const resultSentence = ({ status, total, done, counts, error }: Pick<BackTest, 'status' | 'total' | 'done' | 'counts' | 'error'>): string => {
  if (status === 'running') return total === 0 ? 'Decisions are being counted.' : `${formatInteger(done)} of ${countOf(total, 'decision')} judged anew.`;
  if (status === 'failed') return error ?? 'The back-test failed.';
  if (total === 0) return 'No decision was recorded in this range, so there was nothing to judge anew.';
  const judged = status === 'cancelled' ? `Stopped after ${formatInteger(done)} of ${countOf(total, 'decision')}. ` : '';
  const changed = counts.looser + counts.stricter;
  if (changed === 0) return `${judged}${counts.not_replayable === 0 ? 'Nothing' : 'Of what can be judged anew, nothing'} would have been decided differently.`;
  return `${judged}The draft would have decided ${formatInteger(changed)} of ${countOf(done, 'decision')} differently: ${formatInteger(counts.looser)} looser, ${formatInteger(counts.stricter)} stricter.`;
};
