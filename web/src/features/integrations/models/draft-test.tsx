import { type ConnectionTest, connectionStageNames } from '@contracts/connections.ts';
import { CircleCheck, Plug } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { TestFailure, TestStages } from '../components/test-stages.tsx';
import { testWords } from './connection-words.ts';

/** The test inside the form: its button, its stages, and what its outcome means for saving. */
export const DraftTest = ({ test, isCurrent, isTesting, model, modelError, onModel, onTest, onStop }: {
  test: ConnectionTest | undefined;
  /** Whether the outcome is of the values the form holds now. */
  isCurrent: boolean;
  isTesting: boolean;
  model: string;
  modelError: string | undefined;
  onModel: (model: string) => void;
  onTest: () => void;
  onStop: () => void;
}) => {
  const ref = useRef<HTMLElement>(null);
  // Follows the outcome: it is longer than the button that asked for it, and often below the fold.
  useEffect(() => {
    if (test !== undefined) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [test]);
  return (
    <section ref={ref} aria-label="Test" className="flex flex-col gap-3 rounded-card border p-3">
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Model for the test" hint="Empty: the first the server lists." error={modelError} className="min-w-40 flex-1">
          {(control) => <Input {...control} name="model" value={model} maxLength={200} autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(event) => onModel(event.target.value)} />}
        </Field>
        <div className="flex gap-2 self-start sm:pt-6.5">
          {isTesting && <Button variant="outline" onClick={onStop}>Stop</Button>}
          <Button variant="outline" isBusy={isTesting} onClick={onTest}>{!isTesting && <Plug aria-hidden />}Test connection</Button>
        </div>
      </div>
      {(isTesting || test !== undefined) && <TestStages stages={test?.stages} expected={connectionStageNames} isRunning={isTesting} />}
      <div role="status" className="text-row empty:hidden">
        {isTesting && <p className="text-muted-foreground">Testing: one small call is made, which may cost a fraction of a cent.</p>}
        {!isTesting && test !== undefined && !isCurrent && <p className="text-waiting-text">These stages are of values that have changed since. Test again.</p>}
        {!isTesting && test?.passed === true && isCurrent && <p className="flex items-center gap-1.5 text-completed-text"><CircleCheck aria-hidden className="size-4 shrink-0" />The test {testWords(test)}.</p>}
      </div>
      {!isTesting && isCurrent && test?.failure != null && <TestFailure failure={test.failure} />}
      {!isTesting && !(isCurrent && test?.passed === true) && <p className="text-caption text-muted-foreground">Saved without a passing test, the connection is marked Untested.</p>}
    </section>
  );
};
