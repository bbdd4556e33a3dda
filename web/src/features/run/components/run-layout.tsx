import type { Run, Step } from '@contracts/runs.ts';
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { announce } from '@/components/layout/live-region.tsx';
import { stepKindLooks } from '@/components/step-kind-icon.tsx';
import { stepsOf, traceQuery } from '@/components/trace/trace-query.ts';
import { stepStatusLooks } from '@/components/trace/step-status.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Tabs, TabsList, TabsTrigger } from '@/components/ui/tabs.tsx';
import { useMediaQuery } from '@/hooks/use-media-query.ts';
import { sentenceOf } from '@/lib/api-error.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { humanize } from '@/lib/format.ts';
import { useLiveEvents } from '@/lib/live/live-provider.tsx';
import { phoneTabs, type PhoneTab, type RunSearchChanges, type RunView, runViews, type SearchProps } from '../search.ts';
import { DecisionHistory } from './decision-history.tsx';
import { ResizableColumns } from './resizable-columns.tsx';
import { RunBanner } from './run-banner.tsx';
import { RunDetails } from './run-details.tsx';
import { RunHeader } from './run-header.tsx';
import { SidePane, StepSheet } from './side-pane.tsx';
import { ReasoningTraceViewer } from './trace-viewer.tsx';

// The trace is what most visits want.
const RunStory = lazy(() => import('./run-story.tsx').then((module) => ({ default: module.RunStory })));
const RunFiles = lazy(() => import('../files/run-files.tsx').then((module) => ({ default: module.RunFiles })));
const RunJson = lazy(() => import('./run-json.tsx').then((module) => ({ default: module.RunJson })));

const noSteps: Step[] = [];

/** One polite line per step that ends, so that a live run can be followed by ear. */
const useSpokenSteps = (runId: string): void =>
  useLiveEvents((events) => {
    const ended = events.flatMap((event) => (event.type === 'step-changed' && event.run_id === runId && event.data.status !== 'running' ? [event.data] : []));
    const last = ended.at(-1);
    if (last !== undefined) announce(`Iteration ${last.iteration}: ${last.tool_name ?? stepKindLooks[last.kind].word} ${stepStatusLooks[last.status].word.toLowerCase()}.`);
  });

const ViewTabs = ({ view, onSearch }: { view: RunView; onSearch: (changes: RunSearchChanges) => void }) => (
  <Tabs value={view} onValueChange={(next) => onSearch({ view: next === 'trace' ? undefined : (next as RunView) })} className="mb-3 gap-0">
    <TabsList aria-label="How the run is shown">
      {runViews.map((one) => <TabsTrigger key={one} value={one} aria-controls={undefined}>{one === 'json' ? 'JSON' : humanize(one)}</TabsTrigger>)}
    </TabsList>
  </Tabs>
);

const PhoneTabs = ({ tab, pending, onSearch }: { tab: PhoneTab; pending: number; onSearch: (changes: RunSearchChanges) => void }) => (
  <Tabs value={tab} onValueChange={(next) => onSearch({ tab: next === 'trace' ? undefined : (next as PhoneTab) })} className="sticky top-12 z-20 -mx-4 mb-3 gap-0 bg-background px-4">
    <TabsList aria-label="Parts of the run">
      {phoneTabs.map((one) => (
        <TabsTrigger key={one} value={one} aria-controls={undefined}>
          {humanize(one)}
          {one === 'approvals' && pending > 0 && <span className="rounded-full bg-waiting-tint px-1.5 text-caption text-waiting-text">{pending}<span className="sr-only"> pending</span></span>}
        </TabsTrigger>
      ))}
    </TabsList>
  </Tabs>
);

/** The parts of a run page and where they go: beside each other from 1024 px, below each other above 640 px, in tabs on phones. */
export const RunLayout = ({ run, receivedAt, error, search, onSearch }: SearchProps & { run: Run; receivedAt: number; error: unknown }) => {
  const isPhone = useMediaQuery('(max-width: 639.98px)');
  const isWide = useMediaQuery('(min-width: 1024px)');
  const trace = useQuery(traceQuery(run.run_id));
  const approvalsQuery = useQuery(apiQuery('listApprovals', { query: { run_id: run.run_id, limit: 200 } }));
  const steps = useMemo(() => (trace.data === undefined ? noSteps : stepsOf(trace.data)), [trace.data]);
  useSpokenSteps(run.run_id);

  const view = search.view ?? 'trace';
  const tab = search.tab ?? 'trace';
  const openStep = (step: string): void => onSearch({ step, view: undefined, tab: undefined, find: undefined, errors: undefined });
  const pane = { run, steps, approvalsQuery, search, onSearch };

  const main = (content: (isWhole: boolean) => ReactNode): ReactNode => (
    <DataBlock query={trace} what="Steps" skeleton={<Skeleton className="h-96" />}>{({ isWhole }) => <Suspense fallback={<Skeleton className="h-96" />}>{content(isWhole)}</Suspense>}</DataBlock>
  );
  const shown = (columns: 'all' | 'rows' | 'bars'): ReactNode =>
    main((isWhole) => {
      if (view === 'story') return <RunStory run={run} steps={steps} isWhole={isWhole} onOpenStep={(step) => onSearch({ step })} />;
      if (view === 'json') return <RunJson run={run} steps={steps} isWhole={isWhole} />;
      return <ReasoningTraceViewer run={run} receivedAt={receivedAt} steps={steps} isWhole={isWhole} columns={columns} search={search} onSearch={onSearch} />;
    });
  const banner = <RunBanner run={run} steps={steps} approvals={approvalsQuery.data?.items ?? []} onOpenStep={openStep} />;

  return (
    <>
      <RunHeader run={run} receivedAt={receivedAt} waitingStep={steps.findLast((step) => step.waiting !== null)} />
      {error !== null && (
        <p role="status" className="mb-3 flex items-center gap-2 rounded-control bg-waiting-tint px-3 py-1.5 text-row text-waiting-text">
          <TriangleAlert aria-hidden className="size-4 shrink-0" />Not up to date: {sentenceOf(error)}
        </p>
      )}
      {isPhone ? (
        <>
          <PhoneTabs tab={tab} pending={run.pending_approvals} onSearch={onSearch} />
          {tab === 'trace' && <>{banner}<ViewTabs view={view} onSearch={onSearch} />{shown('rows')}</>}
          {tab === 'timeline' && main((isWhole) => <ReasoningTraceViewer run={run} receivedAt={receivedAt} steps={steps} isWhole={isWhole} columns="bars" search={search} onSearch={onSearch} />)}
          {tab === 'details' && (
            <div className="flex flex-col gap-6">
              <RunDetails run={run} />
              <section aria-label="Files" className="flex flex-col gap-2"><h2 className="text-body font-semibold">Files</h2><Suspense fallback={<Skeleton className="h-16" />}><RunFiles runId={run.run_id} steps={steps} onOpenStep={(step) => onSearch({ step, panel: 'output' })} /></Suspense></section>
            </div>
          )}
          {tab === 'approvals' && <DecisionHistory query={approvalsQuery} />}
        </>
      ) : (
        <>
          {banner}
          <ViewTabs view={view} onSearch={onSearch} />
          {isWide ? (
            <ResizableColumns left={shown('all')} right={<SidePane {...pane} />} label="Width of the trace" />
          ) : (
            <div className="flex flex-col gap-4">{shown('all')}<SidePane {...pane} search={{ ...search, step: undefined }} /></div>
          )}
        </>
      )}
      {!isWide && <StepSheet {...pane} />}
    </>
  );
};
