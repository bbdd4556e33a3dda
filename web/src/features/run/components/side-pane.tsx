import type { ApprovalRequest } from '@contracts/approvals.ts';
import type { Run, Step } from '@contracts/runs.ts';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { lazy, Suspense, useEffect } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { useOnceTrue } from '@/hooks/use-once-true.ts';
import { runFilesQuery } from '@/components/run-files/file-query.ts';
import { StepTitle } from '../inspector/step-title.tsx';
import type { SearchProps } from '../search.ts';
import { DecisionHistory } from './decision-history.tsx';
import { RunDetails } from './run-details.tsx';

export interface PaneProps extends SearchProps {
  run: Run;
  steps: readonly Step[];
  /** Reading of the approval requests of this run. */
  approvalsQuery: Parameters<typeof DecisionHistory>[0]['query'];
}

// A run is mostly looked at from afar; only wide screens have no need for the sheet.
const loadInspector = () => import('../inspector/step-inspector.tsx');
const StepInspector = lazy(() => loadInspector().then((module) => ({ default: module.StepInspector })));
const RunFiles = lazy(() => import('../files/run-files.tsx').then((module) => ({ default: module.RunFiles })));
const SheetOfStep = lazy(() => import('./step-sheet.tsx').then((module) => ({ default: module.SheetOfStep })));

const noApprovals: ApprovalRequest[] = [];
const closeStep = { step: undefined, panel: undefined };

/** Beside the trace: the open step, else the decisions about this run and what it was given. */
export const SidePane = ({ run, steps, approvalsQuery, search, onSearch }: PaneProps) => {
  // Not part of what has to be there first, but there when the first step is opened.
  useEffect(() => void loadInspector().catch(() => {}), []);
  const openStep = (id: string): void => onSearch({ step: id, panel: 'output' });
  const step = steps.find((one) => one.id === search.step);
  if (step !== undefined) {
    return (
      <Card aria-label="Step" className="animate-overlay">
        <CardHeader className="flex-nowrap items-start">
          <CardTitle className="min-w-0 text-body"><StepTitle step={step} /></CardTitle>
          <Button variant="ghost" size="icon-small" aria-label="Close step" title="Close step (Esc)" onClick={() => onSearch(closeStep)}><X aria-hidden /></Button>
        </CardHeader>
        <CardContent className="pt-1">
          <Suspense fallback={<Skeleton className="h-64" />}>
            <StepInspector key={step.id} run={run} step={step} steps={steps} approvals={approvalsQuery.data?.items ?? noApprovals} search={search} onSearch={onSearch} />
          </Suspense>
        </CardContent>
      </Card>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <Card>
        <CardHeader><CardTitle>Decisions</CardTitle></CardHeader>
        <CardContent className="pt-0 pb-2"><DecisionHistory query={approvalsQuery} /></CardContent>
      </Card>
      <FilesCard run={run} steps={steps} onOpenStep={openStep} />
      <Card>
        <CardHeader><CardTitle>About this run</CardTitle></CardHeader>
        <CardContent className="pt-1"><RunDetails run={run} /></CardContent>
      </Card>
    </div>
  );
};

/** Files of the run; nothing while there are none, since most runs make none. */
const FilesCard = ({ run, steps, onOpenStep }: { run: Run; steps: readonly Step[]; onOpenStep: (stepId: string) => void }) => {
  const query = useQuery(runFilesQuery(run.run_id));
  if (query.data?.items.length === 0 || (query.data === undefined && !query.isError)) return null;
  return (
    <Card>
      <CardHeader><CardTitle>Files</CardTitle></CardHeader>
      <CardContent className="pt-1"><Suspense fallback={<Skeleton className="h-16" />}><RunFiles runId={run.run_id} steps={steps} onOpenStep={onOpenStep} /></Suspense></CardContent>
    </Card>
  );
};

/** The open step over the page, where there is no room beside the trace. */
export const StepSheet = ({ run, steps, approvalsQuery, search, onSearch }: PaneProps) => {
  const found = steps.find((one) => one.id === search.step);
  return useOnceTrue(found !== undefined) ? (
    <Suspense fallback={null}>
      <SheetOfStep step={found} onClose={() => onSearch(closeStep)}>
        {found !== undefined && <StepInspector run={run} step={found} steps={steps} approvals={approvalsQuery.data?.items ?? noApprovals} search={search} onSearch={onSearch} />}
      </SheetOfStep>
    </Suspense>
  ) : null;
};
