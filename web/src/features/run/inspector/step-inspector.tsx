import type { ApprovalRequest } from '@contracts/approvals.ts';
import type { Run, Step } from '@contracts/runs.ts';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { JsonView } from '@/components/json-view.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { humanize } from '@/lib/format.ts';
import { inspectorPanels, type InspectorPanel, type SearchProps } from '../search.ts';
import { safetyStepOf } from './step-bodies.ts';
import { StepBody, type WholeStep } from './step-body.tsx';
import { StepSafety } from './step-safety.tsx';
import { StepSummary } from './step-summary.tsx';

const StepAttempts = lazy(() => import('./step-attempts.tsx').then((module) => ({ default: module.StepAttempts })));
/** Only a turn of the model has attempts. */
const panelsOf = ({ kind }: Step): InspectorPanel[] => inspectorPanels.filter((panel) => panel !== 'attempts' || kind === 'reasoning' || kind === 'finish');

/** The step as the list has it, replaced by the whole one where the list left its bodies out. */
const useWholeStep = (step: Step): WholeStep => {
  const query = useQuery({ ...apiQuery('getStep', { params: { run_id: step.run_id, step_id: step.id } }), enabled: step.is_shortened });
  return { step: step.is_shortened && query.data !== undefined ? query.data : step, isLoading: query.isLoading, error: query.error, load: () => void query.refetch() };
};

/** Everything about one step, in tabs that the address remembers. */
export const StepInspector = ({ run, step, steps, approvals, search, onSearch }: SearchProps & { run: Run; step: Step; steps: readonly Step[]; approvals: readonly ApprovalRequest[] }) => {
  const whole = useWholeStep(step);
  const panels = panelsOf(step);
  const panel = search.panel !== undefined && panels.includes(search.panel) ? search.panel : 'summary';
  const approval = approvals.find((one) => one.id === step.approval_id);
  return (
    <Tabs value={panel} onValueChange={(next) => onSearch({ panel: next === 'summary' ? undefined : (next as InspectorPanel) }, { replace: true })}>
      <TabsList aria-label="Details of the step" className="gap-0">
        {panels.map((one) => <TabsTrigger key={one} value={one} className="px-1.5 text-row">{humanize(one)}</TabsTrigger>)}
      </TabsList>
      <TabsContent value="summary"><StepSummary run={run} step={whole.step} approval={approval} /></TabsContent>
      <TabsContent value="input"><StepBody whole={whole} part="input" /></TabsContent>
      <TabsContent value="output"><StepBody whole={whole} part="output" /></TabsContent>
      <TabsContent value="attempts"><Suspense fallback={<Skeleton className="h-24" />}><StepAttempts step={step} /></Suspense></TabsContent>
      <TabsContent value="safety"><StepSafety safetyStep={step.kind === 'safety' ? whole.step : safetyStepOf(step, steps)} /></TabsContent>
      <TabsContent value="raw"><JsonView value={{ ...whole.step, run_id: run.run_id }} label="step" /></TabsContent>
    </Tabs>
  );
};
