import type { Step } from '@contracts/runs.ts';
import { useQuery } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { formatInteger } from '@/lib/format.ts';
import { type Draft, lastLineOf } from '@/lib/live/draft.ts';
import { useDraft } from '../draft-query.ts';
import { StepWaiting } from './step-waiting.tsx';

/** How a view shows words of a model; finished ones and growing ones go through the same, so that nothing jumps when they are complete. */
export interface WordsProps {
  thought: string;
  text: string;
  isGrowing: boolean;
}

/** While it grows a text is drawn anew several times a second: only its end. */
const shownCharacters = 16_000;
const endOf = (text: string): string => (text.length > shownCharacters ? `… ${text.slice(-shownCharacters).toWellFormed()}` : text);

/** One line of a turn under way: what it waits for, else the end of what it is saying. */
export const DraftLine = ({ step }: { step: Step }) => {
  const draft = useDraft(step);
  if (step.waiting !== null) return <StepWaiting step={step} hasReason isOneLine className="flex-1 font-normal" />;
  const line = draft === null ? '' : lastLineOf(draft);
  if (line === '') return step.summary === null ? null : <span className="min-w-0 flex-1 truncate font-normal text-muted-foreground"><UntrustedText text={step.summary} /></span>;
  // Not read out piece by piece: a finished step is announced as a whole. Cut at its beginning, since what is new is at its end.
  return (
    <span aria-hidden className="flex min-w-0 flex-1 justify-end overflow-hidden font-normal text-muted-foreground">
      <span className="mr-auto shrink-0 whitespace-nowrap"><UntrustedText text={line} /></span>
    </span>
  );
};

/** Whether the attempt before this one had said anything: what it said is gone, but when its first word came is kept. */
const useHasDiscarded = (step: Step, draft: Draft | null): boolean => {
  const before = (draft?.attempt ?? 1) - 1;
  const { data } = useQuery({ ...apiQuery('listAttempts', { params: { run_id: step.run_id, step_id: step.id } }), enabled: before > 0 });
  return data?.items.some((one) => one.attempt === before && one.first_token_ms !== null) === true;
};

/** What of the words before is no more, or is about to be. */
const discardOf = (step: Step, draft: Draft | null, hasDiscarded: boolean): string | null => {
  if (draft === null) return null;
  if (step.waiting?.reason === 'retry' && draft.thought + draft.text !== '') return `Attempt ${draft.attempt} broke off here. What it said is discarded when the next begins.`;
  return draft.attempt > 1 ? `Attempt ${draft.attempt}.${hasDiscarded ? ` What attempt ${draft.attempt - 1} had said was discarded.` : ''}` : null;
};

const Progress = ({ step, draft }: { step: Step; draft: Draft | null }) => {
  const discarded = discardOf(step, draft, useHasDiscarded(step, draft));
  const length = (draft?.thought.length ?? 0) + (draft?.text.length ?? 0);
  return (
    <div className="flex min-w-0 flex-col gap-1 text-caption text-muted-foreground">
      <StepWaiting step={step} hasReason className="text-row" />
      {discarded !== null && <p>{discarded}</p>}
      {step.waiting === null && <p className="tabular">{length === 0 ? 'Waiting for the first words…' : `Still speaking, ${formatInteger(length)} characters so far…`}</p>}
    </div>
  );
};

/** What a turn under way has thought and said so far, visibly unfinished. */
export const DraftView = ({ step, words: Words }: { step: Step; words: ComponentType<WordsProps> }) => {
  const draft = useDraft(step);
  const isOpen = step.status === 'running' && step.kind === 'reasoning';
  if (draft === null && !isOpen) return null;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {draft !== null && <Words thought={endOf(draft.thought)} text={endOf(draft.text)} isGrowing />}
      {isOpen && <Progress step={step} draft={draft} />}
    </div>
  );
};
