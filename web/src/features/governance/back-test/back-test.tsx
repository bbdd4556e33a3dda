import { FlaskConical } from 'lucide-react';
import { useCan } from '@/lib/auth.tsx';
import type { GovernanceSearch, OnGovernanceSearch } from '../search.ts';
import { BackTestResult } from './back-test-result.tsx';
import { OlderBackTests } from './older-back-tests.tsx';
import { StartBackTest } from './start-back-test.tsx';

/** What a draft would have made of recorded decisions. */
export const BackTestTab = ({ search, onSearch }: { search: GovernanceSearch; onSearch: OnGovernanceSearch }) => {
  const canWrite = useCan('policies:write');
  return (
    <div className="flex flex-col gap-6">
      <p className="flex items-start gap-2 rounded-control bg-running-tint px-3 py-2 text-row text-running-text">
        <FlaskConical aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span>A back-test judges recorded decisions anew. No model and no tool is run, and live policies are untouched.</span>
      </p>
      {search.back_test !== undefined ? (
        <BackTestResult key={search.back_test} id={search.back_test} search={search} onSearch={onSearch} />
      ) : canWrite ? (
        <StartBackTest policyId={search.policy} onPolicy={(policy) => onSearch({ policy })} onStarted={(id) => onSearch({ back_test: id })} />
      ) : (
        <p className="text-row text-muted-foreground">Only an admin starts a back-test. You see all that were made.</p>
      )}
      <OlderBackTests />
    </div>
  );
};
