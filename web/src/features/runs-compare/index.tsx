import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { NotFound } from '@/components/not-found.tsx';
import { type Trace, stepsOf, traceQuery } from '@/components/trace/trace-query.ts';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { hasCode } from '@/lib/api-error.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { alignSteps } from './align-steps.ts';
import { OutputsDiff } from './components/outputs-diff.tsx';
import { PairList } from './components/pair-list.tsx';
import { RunFiguresTable } from './components/run-figures-table.tsx';
import { RunPicker } from './components/run-picker.tsx';
import type { CompareProps } from './search.ts';

/** One side of the comparison: its run and its whole trace. `enabled` is false while nobody has chosen it. */
const useSide = (runId: string | undefined) => {
  const isChosen = runId !== undefined;
  const run = useQuery({ ...apiQuery('getRun', { params: { run_id: runId ?? '' } }), enabled: isChosen });
  const trace = useQuery({ ...traceQuery(runId ?? ''), enabled: isChosen });
  return { run, trace };
};

const Steps = ({ a, b, ...props }: CompareProps & { a: Trace; b: Trace }) => {
  const pairs = useMemo(() => alignSteps(stepsOf(a), stepsOf(b)), [a, b]);
  if (!a.isWhole || !b.isWhole) return <p role="status" className="text-row text-muted-foreground">Reading the steps of both runs…</p>;
  return <PairList pairs={pairs} {...props} />;
};

/** Two runs side by side: figures, and the first step where they went different ways. */
export const ComparePage = ({ search, onSearch }: CompareProps) => {
  const a = useSide(search.a);
  const b = useSide(search.b);
  if (hasCode(a.run.error, 'RUN_NOT_FOUND') || hasCode(b.run.error, 'RUN_NOT_FOUND')) return <NotFound what="run" />;
  const pick = (side: 'a' | 'b') => (runId: string): void => onSearch({ [side]: runId, pair: undefined });
  const isComplete = search.a !== undefined && search.b !== undefined;
  return (
    <>
      <PageHeader title="Compare runs" crumbs={[{ label: 'Runs', to: '/maestro/runs' }]} />
      {!isComplete ? (
        <div className="grid gap-4 lg:grid-cols-2">
          {search.a === undefined && <RunPicker label="Run A" other={b.run.data} onPick={pick('a')} />}
          {search.b === undefined && <RunPicker label={search.a === undefined ? 'Run B' : 'Compare it with'} other={a.run.data} onPick={pick('b')} />}
        </div>
      ) : (
        <div className="flex flex-col gap-6">
          <DataBlock query={a.run} what="Run A" skeleton={<Skeleton className="h-72" />}>
            {(runA) => (
              <DataBlock query={b.run} what="Run B" skeleton={<Skeleton className="h-72" />}>
                {(runB) => (
                  <>
                    <RunFiguresTable a={runA} b={runB} onChange={(side) => onSearch({ [side]: undefined, pair: undefined })} />
                    <OutputsDiff a={runA} b={runB} />
                  </>
                )}
              </DataBlock>
            )}
          </DataBlock>
          <DataBlock query={a.trace} what="Steps of A" skeleton={<Skeleton className="h-72" />}>
            {(traceA) => (
              <DataBlock query={b.trace} what="Steps of B" skeleton={<Skeleton className="h-72" />}>
                {(traceB) => <Steps a={traceA} b={traceB} search={search} onSearch={onSearch} />}
              </DataBlock>
            )}
          </DataBlock>
        </div>
      )}
    </>
  );
};
