import type { StagedTest } from '@contracts/staged-tests.ts';
import { CircleCheck, Plug } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { TestFailure, TestStages, TestWarnings } from '../components/test-stages.tsx';

/** The test inside a form: its button, its stages, what its outcome means for saving, and what it found (`children`). */
export const StagedDraftTest = ({ test, expected, isCurrent, isTesting, noun, passed, onTest, onStop, children }: {
  test: StagedTest | undefined;
  /** Names of the stages while it runs. */
  expected: readonly string[];
  /** Whether the outcome is of the values the form holds now. */
  isCurrent: boolean;
  isTesting: boolean;
  /** `data source`: for the sentence about saving. */
  noun: string;
  /** What a pass means, in a sentence. */
  passed: string;
  onTest: () => void;
  onStop: () => void;
  children?: ReactNode;
}) => {
  const ref = useRef<HTMLElement>(null);
  // Follows the outcome: it is longer than the button that asked for it, and often below the fold.
  useEffect(() => {
    if (test !== undefined) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [test]);
  const isShown = !isTesting && isCurrent && test !== undefined;
  return (
    <section ref={ref} aria-label="Test" className="flex flex-col gap-3 rounded-card border p-3">
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-40 flex-1 text-caption text-muted-foreground">Tries what is typed here and keeps nothing of it.</p>
        {isTesting && <Button variant="outline" onClick={onStop}>Stop</Button>}
        <Button variant="outline" isBusy={isTesting} onClick={onTest}>{!isTesting && <Plug aria-hidden />}Test</Button>
      </div>
      {(isTesting || test !== undefined) && <TestStages stages={test?.stages} expected={expected} isRunning={isTesting} />}
      <div role="status" className="text-row empty:hidden">
        {isTesting && <p className="text-muted-foreground">Testing…</p>}
        {!isTesting && test !== undefined && !isCurrent && <p className="text-waiting-text">These stages are of values that have changed since. Test again.</p>}
        {isShown && test.passed && <p className="flex items-center gap-1.5 text-completed-text"><CircleCheck aria-hidden className="size-4 shrink-0" />{passed}</p>}
      </div>
      {isShown && test.failure !== null && <TestFailure failure={test.failure} />}
      {isShown && <TestWarnings warnings={test.warnings} />}
      {isShown && children}
      {!isTesting && !(isShown && test.passed) && <p className="text-caption text-muted-foreground">Saved without a passing test, the {noun} is marked Untested.</p>}
    </section>
  );
};
