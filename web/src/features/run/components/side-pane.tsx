import type { ApprovalRequest } from '@contracts/approvals.ts';
import type { Run, Step } from '@contracts/runs.ts';
import { X } from 'lucide-react';
import { Button } from '@/components/ui/button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Sheet, SheetContent, SheetTitle } from '@/components/ui/sheet.tsx';
import { StepInspector, StepTitle } from '../inspector/step-inspector.tsx';
import type { SearchProps } from '../search.ts';
import { DecisionHistory } from './decision-history.tsx';
import { RunDetails } from './run-details.tsx';

export interface PaneProps extends SearchProps {
  run: Run;
  steps: readonly Step[];
  /** Reading of the approval requests of this run. */
  approvalsQuery: Parameters<typeof DecisionHistory>[0]['query'];
}

const noApprovals: ApprovalRequest[] = [];
const closeStep = { step: undefined, panel: undefined };

/** Beside the trace: the open step, else the decisions about this run and what it was given. */
export const SidePane = ({ run, steps, approvalsQuery, search, onSearch }: PaneProps) => {
  const step = steps.find((one) => one.id === search.step);
  if (step !== undefined) {
    return (
      <Card aria-label="Step" className="animate-overlay">
        <CardHeader className="flex-nowrap items-start">
          <CardTitle className="min-w-0 text-body"><StepTitle step={step} /></CardTitle>
          <Button variant="ghost" size="icon-small" aria-label="Close step" title="Close step (Esc)" onClick={() => onSearch(closeStep)}><X aria-hidden /></Button>
        </CardHeader>
        <CardContent className="pt-1">
          <StepInspector key={step.id} run={run} step={step} steps={steps} approvals={approvalsQuery.data?.items ?? noApprovals} search={search} onSearch={onSearch} />
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
      <Card>
        <CardHeader><CardTitle>About this run</CardTitle></CardHeader>
        <CardContent className="pt-1"><RunDetails run={run} /></CardContent>
      </Card>
    </div>
  );
};

/** The open step over the page, where there is no room beside the trace. */
export const StepSheet = ({ run, steps, approvalsQuery, search, onSearch }: PaneProps) => {
  const step = steps.find((one) => one.id === search.step);
  return (
    <Sheet open={step !== undefined} onOpenChange={(isOpen) => !isOpen && onSearch(closeStep)}>
      {step !== undefined && (
        <SheetContent aria-describedby={undefined}>
          <SheetTitle className="text-body"><StepTitle step={step} /></SheetTitle>
          <StepInspector run={run} step={step} steps={steps} approvals={approvalsQuery.data?.items ?? noApprovals} search={search} onSearch={onSearch} />
        </SheetContent>
      )}
    </Sheet>
  );
};
