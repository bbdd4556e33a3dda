import type { ApprovalRequest } from '@contracts/approvals.ts';
import { ShieldCheck } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { ReadableArguments } from '@/components/approval/arguments/arguments-view.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Checkbox } from '@/components/ui/checkbox.tsx';
import { DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { countOf } from '@/lib/format.ts';
import { planBulkApproval } from '../bulk-plan.ts';

const Head = ({ request }: { request: ApprovalRequest }) => (
  <span className="flex min-w-0 flex-1 flex-col gap-1">
    <span className="flex flex-wrap items-center gap-2 text-row"><RiskChip risk={request.risk_level} /><code>{request.tool_name}</code><span className="text-muted-foreground">by <UntrustedText text={request.agent_name} /></span></span>
    <span className="text-body font-medium wrap-anywhere"><UntrustedText text={request.effect_sentence} /></span>
  </span>
);

/** What would be approved together, each with all its arguments, and what cannot be, with the reason. */
export const BulkReview = ({ requests, isBusy, failed, onApprove, onCancel }: {
  requests: readonly ApprovalRequest[];
  isBusy: boolean;
  failed: ReactNode;
  onApprove: (chosen: readonly ApprovalRequest[]) => void;
  onCancel: () => void;
}) => {
  const { together, alone } = planBulkApproval(requests);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const chosen = together.filter(({ id }) => !left.has(id));
  const toggle = (id: string): void => {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  };
  return (
    <>
      <DialogHeader>
        <DialogTitle>{together.length === 0 ? 'None of these can be approved together' : `Approve ${countOf(chosen.length, 'request')}?`}</DialogTitle>
        <DialogDescription>{together.length === 0 ? 'Open each one and decide it.' : 'Read each one: exactly these arguments are executed, each once.'}</DialogDescription>
      </DialogHeader>
      {together.length > 0 && (
        <ul aria-label="To be approved together" className="flex flex-col gap-3">
          {together.map((request) => (
            <li key={request.id} className="flex min-w-0 flex-col gap-3 rounded-card border p-3">
              <div className="flex items-start gap-3">
                <Checkbox checked={!left.has(request.id)} onCheckedChange={() => toggle(request.id)} aria-label={`Approve: ${request.effect_sentence}`} className="mt-1 max-sm:size-6" />
                <Head request={request} />
              </div>
              <ReadableArguments request={request} />
            </li>
          ))}
        </ul>
      )}
      {alone.length > 0 && (
        <section aria-label="Not approved together" className="flex flex-col gap-2">
          <h3 className="text-body font-semibold">Not approved together</h3>
          <ul className="flex flex-col gap-2">
            {alone.map(({ request, why }) => (
              <li key={request.id} className="flex flex-col gap-1 rounded-card border border-dashed p-3"><Head request={request} /><p className="text-row text-muted-foreground">Not here: {why}.</p></li>
            ))}
          </ul>
        </section>
      )}
      {failed}
      <DialogFooter className="sticky -bottom-6 -mx-6 -mb-6 border-t bg-popover p-4 max-sm:-bottom-4 max-sm:-mx-4 max-sm:-mb-4">
        {together.length > 0 && <Button isBusy={isBusy} disabled={chosen.length === 0} onClick={() => onApprove(chosen)} className="max-sm:h-12 max-sm:flex-1"><ShieldCheck aria-hidden />Approve {countOf(chosen.length, 'request')}</Button>}
        <Button variant="outline" disabled={isBusy} onClick={onCancel} className="max-sm:h-12">Not yet</Button>
      </DialogFooter>
    </>
  );
};
