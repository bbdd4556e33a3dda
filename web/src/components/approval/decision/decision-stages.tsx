import { Check, CircleDashed, LoaderCircle } from 'lucide-react';

type Stage = 'sending' | 'recorded' | 'taken_up';
const stages: readonly { stage: Stage; word: string }[] = [
  { stage: 'sending', word: 'Sending' },
  { stage: 'recorded', word: 'Recorded' },
  { stage: 'taken_up', word: 'Taken up by the run' },
];

/** How far a decision has come on its way to the run. */
export const DecisionStages = ({ stage }: { stage: Stage }) => {
  const current = stages.findIndex((one) => one.stage === stage);
  return (
    <ol aria-label="Where the decision is" className="flex flex-wrap items-center gap-x-4 gap-y-1 text-caption">
      {stages.map(({ stage: one, word }, index) => {
        const isDone = index < current || (index === current && stage !== 'sending');
        const isUnderWay = !isDone && (index === current || index === current + 1) && stage !== 'taken_up';
        const Icon = isDone ? Check : isUnderWay ? LoaderCircle : CircleDashed;
        return (
          <li key={one} aria-current={index === current ? 'step' : undefined} className={isDone ? 'inline-flex items-center gap-1 font-medium' : 'inline-flex items-center gap-1 text-muted-foreground'}>
            <Icon aria-hidden className={isUnderWay ? 'size-3.5 animate-spin' : 'size-3.5'} />
            {word}
            <span className="sr-only">{isDone ? ' (done)' : ' (not yet)'}</span>
          </li>
        );
      })}
    </ol>
  );
};
