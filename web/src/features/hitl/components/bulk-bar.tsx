import type { ApprovalRequest } from '@contracts/approvals.ts';
import { ShieldCheck, ShieldX, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { useOnceTrue } from '@/hooks/use-once-true.ts';
import { formatInteger } from '@/lib/format.ts';

// Requests are mostly decided one by one.
const BulkDialog = lazy(() => import('./bulk-dialog.tsx').then((module) => ({ default: module.BulkDialog })));

/** What can be done with the selected requests together. */
export const BulkBar = ({ chosen, onClear }: { chosen: readonly ApprovalRequest[]; onClear: () => void }) => {
  const [asked, setAsked] = useState<'approve' | 'reject'>();
  const wasAsked = useOnceTrue(asked !== undefined);
  return (
    <>
      {chosen.length > 0 && (
        <div role="group" aria-label="Selected requests" className="sticky bottom-0 z-10 mt-2 flex flex-wrap items-center gap-2 rounded-card border border-primary bg-card p-2 max-sm:bottom-[calc(64px+env(safe-area-inset-bottom))]">
          <span role="status" className="px-1 text-row font-medium">{formatInteger(chosen.length)} selected</span>
          <span className="flex-1" />
          <Button variant="outline" size="small" className="border-destructive text-destructive" onClick={() => setAsked('reject')}><ShieldX aria-hidden />Reject…</Button>
          <Button size="small" className="ml-1" onClick={() => setAsked('approve')}><ShieldCheck aria-hidden />Approve…</Button>
          <Button variant="ghost" size="icon-small" aria-label="Clear selection" onClick={onClear}><X aria-hidden /></Button>
        </div>
      )}
      {wasAsked && (
        <Suspense fallback={null}>
          <BulkDialog
            asked={asked}
            chosen={chosen}
            onClose={(hasDecided) => {
              setAsked(undefined);
              if (hasDecided) onClear();
            }}
          />
        </Suspense>
      )}
    </>
  );
};
