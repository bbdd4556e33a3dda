import type { StagedTest } from '@contracts/staged-tests.ts';
import { TestFailure, TestStages, TestWarnings } from './test-stages.tsx';

/** The last test of something stored: why it failed, what could be better, and its stages to open. */
export const StoredTest = ({ test, expected, isTesting, error, isOpen, onOpen }: { test: (Pick<StagedTest, 'failure' | 'stages'> & Partial<Pick<StagedTest, 'warnings'>>) | null; expected: readonly string[]; isTesting: boolean; error: string | undefined; isOpen: boolean; onOpen: (isOpen: boolean) => void }) => (
  <>
    {test !== null && !isTesting && test.failure !== null && <TestFailure failure={test.failure} />}
    {test?.warnings !== undefined && !isTesting && <TestWarnings warnings={test.warnings} />}
    {(isTesting || test !== null) && (
      <details open={isOpen} onToggle={(event) => onOpen(event.currentTarget.open)}>
        <summary className="min-h-6 cursor-pointer text-row text-muted-foreground max-sm:min-h-11 max-sm:leading-11">Stages of the test</summary>
        <TestStages stages={test?.stages} expected={expected} isRunning={isTesting} />
      </details>
    )}
    <div role="status" className="empty:-mb-3">
      {isTesting && <span className="sr-only">The test is under way</span>}
      {error !== undefined && <p className="text-row text-destructive">{error}</p>}
    </div>
  </>
);
