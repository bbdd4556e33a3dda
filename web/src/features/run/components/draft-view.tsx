import type { Step } from '@contracts/runs.ts';
import { useDraft } from '@/components/trace/draft-query.ts';
import { StepWaiting } from '@/components/trace/step-waiting.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { lastLineOf } from '@/lib/live/draft.ts';

/** One line of a turn under way: what it waits for, else the end of what it is saying. */
export const DraftLine = ({ step }: { step: Step }) => {
  const draft = useDraft(step);
  if (step.waiting !== null) return <StepWaiting step={step} hasReason className="flex-1 font-normal" />;
  const line = draft === null ? '' : lastLineOf(draft);
  const shown = line === '' ? step.summary : line;
  // Not read out piece by piece: a finished step is announced as a whole.
  return shown === null ? null : <span aria-hidden={line !== ''} className="min-w-0 flex-1 truncate font-normal text-muted-foreground"><UntrustedText text={shown} /></span>;
};

/** What a turn under way has thought and said so far, visibly unfinished. */
export const DraftView = ({ step }: { step: Step }) => {
  const draft = useDraft(step);
  if (step.status !== 'running' || step.kind !== 'reasoning') return null;
  const discarded = draft !== null && draft.attempt > 1 ? `Attempt ${draft.attempt}. What attempt ${draft.attempt - 1} had said was discarded.` : null;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <StepWaiting step={step} hasReason className="text-row" />
      {discarded !== null && <p className="text-caption text-muted-foreground">{discarded}</p>}
      {draft !== null && draft.thought !== '' && <UntrustedText isBlock text={draft.thought} className="text-row text-muted-foreground italic" />}
      {draft !== null && draft.text !== '' && <UntrustedText isBlock text={draft.text} />}
      {step.waiting === null && <span className="text-caption text-muted-foreground">{draft === null || (draft.text === '' && draft.thought === '') ? 'Waiting for the first words…' : 'Still speaking…'}</span>}
    </div>
  );
};
